-- An erasure is written down when it begins, and is called one once it has ended.
ALTER TABLE audit RENAME TO audit_before;
DROP INDEX audit_of_subject;

CREATE TABLE audit (
    id text NOT NULL PRIMARY KEY,
    done_at text NOT NULL,
    action text NOT NULL CHECK (action IN ('evidence', 'export', 'erase', 'erase-begun')),
    subject text NOT NULL,
    counts text NOT NULL,
    secret_id text NOT NULL DEFAULT ''
) $without_rowid;

INSERT INTO audit (id, done_at, action, subject, counts, secret_id)
SELECT id, done_at, action, subject, counts, secret_id FROM audit_before;
DROP TABLE audit_before;

CREATE INDEX audit_of_subject ON audit (subject);
