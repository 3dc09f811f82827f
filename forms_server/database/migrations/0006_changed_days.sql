-- The days of which a response was changed after it came, each with a random mark that is another one at each change:
-- so an export knows what it need not read again. Nothing is noted of what merely came or went, which its ids tell.

CREATE TABLE changed_days (
    form text NOT NULL,
    received_on date NOT NULL,
    mark text NOT NULL,
    PRIMARY KEY (form, received_on)
) $without_rowid;

$note_changes;
