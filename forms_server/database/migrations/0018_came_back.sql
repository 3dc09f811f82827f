-- When a notification came that a letter could not be delivered: its state is then `bounced`, its fault says why.
ALTER TABLE outbox ADD COLUMN bounced_at text;
CREATE INDEX outbox_in_order ON outbox (state, created_at, id);
