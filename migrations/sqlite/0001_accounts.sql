-- People, their accounts and sessions; limits; the audit and its chain; the outbox; leases of workers.
-- Times are milliseconds UTC, ids 22 characters of base64url, secrets SHA-256.

-- Whom the Fund knows. What it holds of them stands in the tables of the Fund.
CREATE TABLE people (
    iin TEXT PRIMARY KEY CHECK (length(iin) = 12),
    surname TEXT NOT NULL,
    given_name TEXT NOT NULL,
    patronymic TEXT,
    birth_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who opened the way of IIN and password.
CREATE TABLE accounts (
    iin TEXT PRIMARY KEY REFERENCES people (iin),
    -- argon2id with pepper, PHC string.
    password TEXT NOT NULL,
    password_set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    secret_hash BLOB PRIMARY KEY CHECK (length(secret_hash) = 32),
    iin TEXT NOT NULL REFERENCES people (iin),
    way TEXT NOT NULL CHECK (way IN ('eds', 'password')),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    previous_sign_in INTEGER,
    -- Last moment of the certificate signed in with.
    certificate_ends INTEGER,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_person ON sessions (iin);
CREATE INDEX sessions_by_age ON sessions (seen_at);

-- What a person is shown of the ways in: when, how, from where.
CREATE TABLE sign_ins (
    id TEXT PRIMARY KEY,
    iin TEXT NOT NULL REFERENCES people (iin),
    way TEXT NOT NULL CHECK (way IN ('eds', 'password')),
    at INTEGER NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_ins_of_person ON sign_ins (iin, at);

-- Challenges waiting for a signature. The row goes in the statement that reads it.
CREATE TABLE challenges (
    content_hash BLOB PRIMARY KEY CHECK (length(content_hash) = 32),
    pre_login_hash BLOB NOT NULL CHECK (length(pre_login_hash) = 32),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX challenges_by_age ON challenges (expires_at);

-- What is counted against a limit: `key` is an HMAC of kind and subject (IIN, address, both).
CREATE TABLE limits (
    key BLOB PRIMARY KEY CHECK (length(key) = 32),
    count INTEGER NOT NULL,
    since INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    -- Counts for nothing after this moment.
    forget_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX limits_by_age ON limits (forget_at);

-- What happened. Rows are only ever added.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    iin TEXT,
    -- Id of the application, session or message it is about.
    subject TEXT,
    request_id TEXT,
    -- JSON.
    details TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_person ON audit (iin, at);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never removed');
END;

-- The chain over it: each link is the SHA-256 of the one before and of its row.
CREATE TABLE audit_chain (
    number INTEGER PRIMARY KEY,
    audit_id INTEGER NOT NULL UNIQUE REFERENCES audit (id),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
    recipient TEXT NOT NULL,
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
CREATE INDEX outbox_waiting ON outbox (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;

-- Which server does a job that only one may do.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
