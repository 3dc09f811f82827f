-- Who may use the desk, by what they sign in, and what they did there.

-- A person who was invited. One who may no longer come in keeps the row, with when that ended, as long as the log names it.
CREATE TABLE accounts (
    account_id text NOT NULL PRIMARY KEY,
    address text NOT NULL UNIQUE,
    role text NOT NULL,
    language text NOT NULL,
    created_at text NOT NULL,
    ended_at text,
    -- The secret of the authenticator app, encrypted, the key it was encrypted with, and the last code that was used.
    authenticator text,
    secret_id text NOT NULL DEFAULT '',
    last_code bigint NOT NULL DEFAULT 0
) $without_rowid;

CREATE TABLE passkeys (
    credential_id text NOT NULL PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    credential text NOT NULL,
    sign_count bigint NOT NULL,
    created_at text NOT NULL
) $without_rowid;

CREATE INDEX passkeys_of_account ON passkeys (account_id);

-- The links that were mailed: an invitation, or one that signs in together with a code. Each is taken out as it is used.
CREATE TABLE desk_links (
    link_id text NOT NULL PRIMARY KEY,
    token_hash text NOT NULL UNIQUE,
    account_id text REFERENCES accounts (account_id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('invitation', 'sign-in')),
    made_at text NOT NULL,
    expires_at text NOT NULL
) $without_rowid;

CREATE INDEX desk_links_of_account ON desk_links (account_id);

-- The challenges that were answered, so that none is answered twice.
CREATE TABLE answered_challenges (
    challenge_hash text NOT NULL PRIMARY KEY,
    expires_at text NOT NULL
) $without_rowid;

CREATE TABLE sessions (
    token_hash text NOT NULL PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    started_at text NOT NULL,
    seen_at text NOT NULL
) $without_rowid;

CREATE INDEX sessions_of_account ON sessions (account_id);

-- Who saw or changed whose data on the desk, and when; never what. A response that is erased is named here no more.
CREATE TABLE desk_log (
    id text NOT NULL PRIMARY KEY,
    done_at text NOT NULL,
    account_id text NOT NULL,
    action text NOT NULL,
    form text,
    response_id text REFERENCES responses (response_id) ON DELETE SET NULL,
    about_account text
) $without_rowid;

CREATE INDEX desk_log_in_order ON desk_log (done_at, id);
CREATE INDEX desk_log_of_response ON desk_log (response_id) WHERE response_id IS NOT NULL;
