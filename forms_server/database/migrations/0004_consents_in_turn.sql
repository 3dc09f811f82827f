-- Each giving of a consent is a record of its own, and keeps the proof of the one before it was taken back.
--
-- A moment is kept to the second of those who are known by their address, to the day of everybody else.

CREATE TABLE consents_in_turn (
    response_id text NOT NULL REFERENCES responses (response_id) ON DELETE CASCADE,
    field text NOT NULL,
    number integer NOT NULL,
    notice_hash text NOT NULL REFERENCES notices (notice_hash),
    language text NOT NULL,
    given_at text,
    withdrawn_at text,
    given_on date,
    withdrawn_on date,
    PRIMARY KEY (response_id, field, number),
    CHECK ((given_at IS NULL) <> (given_on IS NULL))
) $without_rowid;

INSERT INTO consents_in_turn
        (response_id, field, number, notice_hash, language, given_at, withdrawn_at, given_on)
    SELECT consents.response_id, field, 1, notice_hash, consents.language, given_at, withdrawn_at,
        CASE WHEN given_at IS NULL THEN received_on END
    FROM consents JOIN responses ON responses.response_id = consents.response_id;

DROP TABLE consents;
ALTER TABLE consents_in_turn RENAME TO consents;
