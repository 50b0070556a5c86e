-- The second step of signing in by password: a code in a browser that isn't remembered.

-- The password was right, the code is missing.
CREATE TABLE second_steps (
    -- Of the secret in the cookie.
    secret_hash BLOB PRIMARY KEY CHECK (length(secret_hash) = 32),
    iin TEXT NOT NULL REFERENCES people (iin),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX second_steps_by_age ON second_steps (expires_at);

-- Browsers that a person wanted remembered: no code is asked for there until they haven't been used for 90 days.
CREATE TABLE remembered (
    iin TEXT NOT NULL REFERENCES people (iin),
    -- Of the secret in the cookie, which several people of one browser may share.
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    -- The last sign-in.
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (iin, secret_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX remembered_by_secret ON remembered (secret_hash);
CREATE INDEX remembered_by_age ON remembered (seen_at);
