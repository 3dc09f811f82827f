-- Until when a place is held, and the order of those who wait for one.

-- Until when an unconfirmed sign-up holds its place, and until when an offered one is kept; without: as long as it waits.
ALTER TABLE responses ADD COLUMN held_until text;

-- The order of those who wait, erased as they leave: of a form, the lower number comes first.
CREATE TABLE waiting_list (
    response_id text NOT NULL PRIMARY KEY REFERENCES responses (response_id) ON DELETE CASCADE,
    form text NOT NULL,
    number bigint NOT NULL,
    UNIQUE (form, number)
) $without_rowid;

-- An address is a member of a form once, whoever waits for a place included.
DROP INDEX members_of_form;
CREATE UNIQUE INDEX members_of_form ON responses (form, address_hash)
    WHERE state IN ('kept', 'waiting', 'offered') AND address_hash IS NOT NULL;
