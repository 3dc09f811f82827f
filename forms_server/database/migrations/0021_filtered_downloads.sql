-- Which answers are in a file that was asked for at the desk: as an address of the table says it, empty for all.
ALTER TABLE downloads ADD COLUMN filter text NOT NULL DEFAULT '';
