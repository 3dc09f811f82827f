-- Responses and all that is kept with them.
--
-- One file for SQLite and PostgreSQL; statements end with a semicolon at the end of a line.
-- Tables named by random ids are WITHOUT ROWID on SQLite ($without_rowid, nothing on PostgreSQL): a row
-- then lies where its id puts it, and the file does not tell who came first.

CREATE TABLE form_versions (
    form text NOT NULL,
    version text NOT NULL,
    position integer NOT NULL,
    resource integer NOT NULL,
    definition text NOT NULL,
    first_seen date NOT NULL,
    PRIMARY KEY (form, version),
    UNIQUE (form, position)
);

CREATE TABLE responses (
    response_id text NOT NULL PRIMARY KEY,
    form text NOT NULL,
    version text NOT NULL,
    language text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('web', 'mail')),
    received_on date NOT NULL,
    state text NOT NULL DEFAULT 'kept',
    key_hash text NOT NULL UNIQUE,
    token_hash text NOT NULL UNIQUE,
    content_hash text NOT NULL,
    answers text NOT NULL,
    FOREIGN KEY (form, version) REFERENCES form_versions (form, version)
) $without_rowid;

-- The order of a package, so that an export reads straight through and sorts nothing on disk.
CREATE INDEX responses_in_order ON responses (form, state, received_on, response_id);

CREATE TABLE notices (
    notice_hash text NOT NULL PRIMARY KEY,
    language text NOT NULL,
    text text NOT NULL
);

CREATE TABLE consents (
    response_id text NOT NULL REFERENCES responses (response_id) ON DELETE CASCADE,
    field text NOT NULL,
    notice_hash text NOT NULL REFERENCES notices (notice_hash),
    language text NOT NULL,
    given_at text,
    PRIMARY KEY (response_id, field)
) $without_rowid;

CREATE TABLE outbox (
    id text NOT NULL PRIMARY KEY,
    response_id text REFERENCES responses (response_id) ON DELETE CASCADE,
    kind text NOT NULL,
    recipient text NOT NULL,
    language text NOT NULL,
    payload text NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at text NOT NULL,
    created_at text NOT NULL
) $without_rowid;

CREATE INDEX outbox_of_response ON outbox (response_id);

CREATE TABLE rate_counters (
    bucket text NOT NULL,
    "window" bigint NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (bucket, "window")
) $without_rowid;
