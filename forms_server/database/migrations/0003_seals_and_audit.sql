-- What of a response is sealed to the editors' keys, and a digest of which keys those are.

ALTER TABLE responses ADD COLUMN sealed text;
ALTER TABLE responses ADD COLUMN sealed_to text;

-- What was done when people asked for their data: whose they were is a keyed hash, of use to nobody without the key.
CREATE TABLE audit (
    id text NOT NULL PRIMARY KEY,
    done_at text NOT NULL,
    action text NOT NULL CHECK (action IN ('evidence', 'export', 'erase')),
    subject text NOT NULL,
    counts text NOT NULL
) $without_rowid;

CREATE INDEX audit_of_subject ON audit (subject);
