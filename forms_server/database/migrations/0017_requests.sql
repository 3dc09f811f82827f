-- What people asked for about their data, until when it is due, and what became of it.

-- The address is there, sealed, only while it has to be answered; afterwards the keyed hash is all that is left of it.
CREATE TABLE requests (
    request_id text NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    secret_id text NOT NULL DEFAULT '',
    address text,
    received_on date NOT NULL,
    due_on date NOT NULL,
    extended_on date,
    opened_by text NOT NULL,
    closed_by text,
    closed_at text,
    outcome text
) $without_rowid;

CREATE INDEX requests_of_subject ON requests (subject);
CREATE INDEX requests_by_deadline ON requests (due_on) WHERE closed_at IS NULL;
