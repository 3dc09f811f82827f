-- The days on which forms take answers, where somebody has set others than their files say.
CREATE TABLE schedules (
    form text NOT NULL PRIMARY KEY,
    opens date,
    closes date,
    shut_at text
) $without_rowid;
