-- Whom a letter to many is for that was written after others were stopped: those who got none of these, named in turn.
ALTER TABLE campaigns ADD COLUMN rest_of text NOT NULL DEFAULT '';
