-- Files of answers that somebody asked for at the desk; the files lie in the data folder for an hour.
CREATE TABLE downloads (
    download_id text NOT NULL PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    form text NOT NULL,
    kind text NOT NULL,
    personal integer NOT NULL,
    asked_at text NOT NULL,
    mark text,
    file text,
    made_at text,
    fault text
) $without_rowid;

CREATE INDEX downloads_of_account ON downloads (account_id);
