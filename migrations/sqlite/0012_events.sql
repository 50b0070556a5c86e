-- Events for the Fund's own systems leave through the outbox too. SQLite changes no CHECK: the table is made anew.

CREATE TABLE outbox_with_events (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email', 'webhook')),
    -- Empty of an event: the settings name its receiver.
    recipient TEXT NOT NULL,
    -- Of an event its name.
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Not sent after this moment: an old code helps nobody.
    expires_at INTEGER,
    next_try_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER,
    sent_at INTEGER,
    given_up_at INTEGER,
    last_error TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO outbox_with_events (id, channel, recipient, subject, body, created_at, expires_at, next_try_at, tries,
    leased_until, sent_at, given_up_at, last_error)
SELECT id, channel, recipient, subject, body, created_at, expires_at, next_try_at, tries,
    leased_until, sent_at, given_up_at, last_error
FROM outbox;

DROP TABLE outbox;
ALTER TABLE outbox_with_events RENAME TO outbox;

CREATE INDEX outbox_waiting ON outbox (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
CREATE INDEX outbox_given_up ON outbox (recipient, given_up_at) WHERE given_up_at IS NOT NULL;
