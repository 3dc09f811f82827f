-- What a sign-up goes through, the links that open it, and what is left of what was erased.

ALTER TABLE responses ADD COLUMN keep_until date;
ALTER TABLE responses ADD COLUMN address_hash text;
ALTER TABLE responses ADD COLUMN pending_since date;
ALTER TABLE responses ADD COLUMN confirmed_at text;

-- An address is a member of a form once.
CREATE UNIQUE INDEX members_of_form ON responses (form, address_hash)
    WHERE state = 'kept' AND address_hash IS NOT NULL;
CREATE INDEX responses_of_address ON responses (form, address_hash) WHERE address_hash IS NOT NULL;

-- The links that mails carry, each good for one purpose.
CREATE TABLE links (
    token_hash text NOT NULL PRIMARY KEY,
    response_id text NOT NULL REFERENCES responses (response_id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('confirm', 'receipt'))
) $without_rowid;

CREATE INDEX links_of_response ON links (response_id);

-- What the answers were before they were corrected: their hash and never their text.
CREATE TABLE corrections (
    response_id text NOT NULL REFERENCES responses (response_id) ON DELETE CASCADE,
    number integer NOT NULL,
    version text NOT NULL,
    content_hash text NOT NULL,
    corrected_on date NOT NULL,
    PRIMARY KEY (response_id, number)
) $without_rowid;

ALTER TABLE consents ADD COLUMN withdrawn_at text;

-- An erased response: the hash of its random id, and what it counts as.
CREATE TABLE tombstones (
    tombstone text NOT NULL PRIMARY KEY,
    form text NOT NULL,
    state text NOT NULL CHECK (state IN ('withdrawn', 'expired'))
) $without_rowid;

CREATE INDEX tombstones_of_form ON tombstones (form, state);

-- How many responses were ever received, counted apart from the responses themselves. The first digit of their
-- ids spreads the count over sixteen rows, so that those who come together do not wait for one.
CREATE TABLE received (
    form text NOT NULL,
    shard text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (form, shard)
) $without_rowid;

INSERT INTO received (form, shard, count)
    SELECT form, substr(response_id, 1, 1), count(*) FROM responses GROUP BY form, substr(response_id, 1, 1);

-- Why a mail was not delivered: a code, never what a server said.
ALTER TABLE outbox ADD COLUMN fault text;

CREATE INDEX outbox_to_send ON outbox (state, next_attempt_at);
