-- A letter to many: whom it is for, how far it is put into the outbox, and what became of it, in numbers. Its text is taken
-- out once nothing of it waits.
CREATE TABLE campaigns (
    campaign_id text NOT NULL PRIMARY KEY,
    form text NOT NULL,
    address_field text NOT NULL,
    session_field text NOT NULL DEFAULT '',
    session_code text NOT NULL DEFAULT '',
    consent text NOT NULL DEFAULT '',
    subject text NOT NULL,
    body text NOT NULL,
    origin text NOT NULL,
    started_at text NOT NULL,
    ended_at text,
    stopped integer NOT NULL DEFAULT 0,
    last text NOT NULL DEFAULT '',
    chosen bigint NOT NULL DEFAULT 0,
    put bigint NOT NULL DEFAULT 0,
    sent bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0
) $without_rowid;

ALTER TABLE outbox ADD COLUMN campaign_id text REFERENCES campaigns (campaign_id);

CREATE INDEX outbox_of_campaign ON outbox (campaign_id, state) WHERE campaign_id IS NOT NULL;
