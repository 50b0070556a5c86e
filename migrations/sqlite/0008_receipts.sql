-- What follows a signed application: the codes its receipt is checked by, and the link by which the holder of an old
-- contact suspends the new ones for codes.

CREATE TABLE receipts (
    -- SHA-256 of the code. The code isn't here: it comes from the application's id and a key in the server's files.
    code_hash BLOB PRIMARY KEY CHECK (length(code_hash) = 32),
    application TEXT NOT NULL REFERENCES applications (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE suspensions (
    -- SHA-256 of the secret in the link.
    secret_hash BLOB PRIMARY KEY CHECK (length(secret_hash) = 32),
    -- Whose new contacts it suspends: one link, good once.
    application TEXT NOT NULL UNIQUE REFERENCES applications (id),
    iin TEXT NOT NULL REFERENCES people (iin),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;

-- A bundle is looked for by the signature in it.
CREATE INDEX signatures_by_cms ON signatures (cms_sha256);
