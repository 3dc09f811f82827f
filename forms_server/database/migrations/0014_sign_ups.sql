-- How a sign-up was confirmed that its owner did not confirm by a link: in the words of whoever saw the paper.
CREATE TABLE attestations (
    response_id text NOT NULL REFERENCES responses (response_id) ON DELETE CASCADE,
    done_at text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (response_id, done_at)
) $without_rowid;
