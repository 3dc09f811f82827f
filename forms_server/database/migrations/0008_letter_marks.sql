-- By what letters that were read are known again, when they are quoted or passed on: hashes under the service's key, never
-- what they said, and no way from them to a response. They outlive it, so that what was erased does not come back.

CREATE TABLE letter_marks (
    form text NOT NULL,
    mark text NOT NULL,
    PRIMARY KEY (form, mark)
) $without_rowid;
