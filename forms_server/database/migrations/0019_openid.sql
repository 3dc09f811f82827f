-- Who comes in with a provider of OpenID Connect: a digest of the provider and of what it calls them.
CREATE TABLE openid_subjects (
    account_id text NOT NULL PRIMARY KEY REFERENCES accounts (account_id) ON DELETE CASCADE,
    subject_hash text NOT NULL UNIQUE,
    bound_at text NOT NULL
) $without_rowid;
