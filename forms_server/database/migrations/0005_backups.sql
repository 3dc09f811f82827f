-- When copies of the store were made, so that somebody is warned when none has been for long.

CREATE TABLE backups (
    made_at text NOT NULL PRIMARY KEY
) $without_rowid;
