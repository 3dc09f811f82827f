-- What the owner of an address confirmed, the mails that an address was sent in a day, and with which key hashes were made.

-- The key that a response's hashes were made with, by its short name; empty before keys had names: the oldest one.
ALTER TABLE responses ADD COLUMN secret_id text NOT NULL DEFAULT '';
-- 1 once it was confirmed: from then on a mailed link opens it, and the receipt of whoever sent it does not.
ALTER TABLE responses ADD COLUMN mailed_only integer NOT NULL DEFAULT 0;
-- A pseudonym of the network that a sign-up came from, kept until it is confirmed, where places are few.
ALTER TABLE responses ADD COLUMN network text;

UPDATE responses SET mailed_only = 1 WHERE confirmed_at IS NOT NULL;

CREATE INDEX responses_of_network ON responses (form, network) WHERE network IS NOT NULL;

ALTER TABLE links ADD COLUMN secret_id text NOT NULL DEFAULT '';
-- The hash of the answers that the mail with this link asked to confirm.
ALTER TABLE links ADD COLUMN content_hash text;

-- When the owner of the address confirmed this very giving.
ALTER TABLE consents ADD COLUMN confirmed_at text;

UPDATE consents SET confirmed_at =
        (SELECT confirmed_at FROM responses WHERE responses.response_id = consents.response_id)
    WHERE given_at <= (SELECT confirmed_at FROM responses WHERE responses.response_id = consents.response_id);

ALTER TABLE audit ADD COLUMN secret_id text NOT NULL DEFAULT '';

-- The mails that an address was sent in a day because somebody typed it in, over all forms. The pseudonym is made with a
-- key of that day, and the row goes when the day is over.
CREATE TABLE mail_counts (
    day date NOT NULL,
    pseudonym text NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (day, pseudonym)
) $without_rowid;
