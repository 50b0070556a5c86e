-- Ways to a password that begin without a session: registering, and a new password in place of a forgotten one.

CREATE TABLE openings (
    -- Of the secret in the cookie: a code fits in the browser that asked for it alone.
    secret_hash BLOB PRIMARY KEY CHECK (length(secret_hash) = 32),
    way TEXT NOT NULL CHECK (way IN ('registration', 'password_reset')),
    -- As typed: nobody may have it, so it refers to no person.
    iin TEXT NOT NULL,
    -- Which of the numbers the Fund may hold the code was asked for.
    number TEXT NOT NULL CHECK (number IN ('mobile', 'home', 'work')),
    -- Where the code went, E.164; empty where none did.
    recipient TEXT NOT NULL,
    -- When the code was sent, or seemed to be.
    sent_at INTEGER NOT NULL,
    -- When the right code was typed in: the password may be set then.
    proven_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX openings_by_age ON openings (expires_at);
