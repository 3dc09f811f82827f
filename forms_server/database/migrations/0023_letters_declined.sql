-- Who wants no more letters to all who signed up, and stays in the list; and which letters those are.
CREATE TABLE letters_declined (
    response_id text NOT NULL PRIMARY KEY REFERENCES responses (response_id) ON DELETE CASCADE,
    declined_at text NOT NULL
) $without_rowid;

ALTER TABLE campaigns ADD COLUMN to_all integer NOT NULL DEFAULT 1;
UPDATE campaigns SET to_all = 0 WHERE consent <> '';
