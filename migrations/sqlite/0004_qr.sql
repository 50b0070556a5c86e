-- Signing sessions with eGov Mobile. Their secrets aren't here: they come from `seed` and a key in the server's files.
-- Times are milliseconds UTC, ids 22 characters of base64url, looked-up secrets SHA-256.

CREATE TABLE qr_sessions (
    id TEXT PRIMARY KEY,
    seed BLOB NOT NULL CHECK (length(seed) = 16),
    application TEXT NOT NULL,
    -- The owner: nobody else may sign, and nobody else's browser asks.
    iin TEXT NOT NULL REFERENCES people (iin),
    document_sha256 BLOB NOT NULL CHECK (length(document_sha256) = 32),
    -- SHA-256 of the secret in the path of API №2.
    document_lookup BLOB NOT NULL UNIQUE CHECK (length(document_lookup) = 32),
    state TEXT NOT NULL CHECK (state IN ('new', 'opened', 'reading', 'signed', 'refused', 'wrong_signer', 'failed',
        'expired', 'cancelled')),
    started_at INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    opened_way TEXT CHECK (opened_way IN ('screen', 'same_phone')),
    opened_turn INTEGER,
    -- SHA-256 of what the phone ended it with.
    answer BLOB CHECK (length(answer) = 32),
    bad_puts INTEGER NOT NULL DEFAULT 0,
    -- How often the phone asked in all.
    fetches INTEGER NOT NULL DEFAULT 0,
    -- The phone that opened it, as the network shows it.
    phone_address TEXT,
    phone_agent TEXT,
    -- Number of its last change: `qr_changes` counts them over all sessions.
    change INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX qr_sessions_one_live ON qr_sessions (application) WHERE state IN ('new', 'opened', 'reading');
CREATE INDEX qr_sessions_by_deadline ON qr_sessions (deadline) WHERE state IN ('new', 'opened', 'reading');
CREATE INDEX qr_sessions_by_change ON qr_sessions (change);
CREATE INDEX qr_sessions_of_person ON qr_sessions (iin, started_at);
CREATE INDEX qr_sessions_by_end ON qr_sessions (ended_at) WHERE ended_at IS NOT NULL;

-- Every code a session will show, by SHA-256 of the secret in the path of API №1.
CREATE TABLE qr_links (
    lookup BLOB PRIMARY KEY CHECK (length(lookup) = 32),
    session TEXT NOT NULL REFERENCES qr_sessions (id) ON DELETE CASCADE,
    way TEXT NOT NULL CHECK (way IN ('screen', 'same_phone')),
    turn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX qr_links_of_session ON qr_links (session);

CREATE TABLE qr_changes (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO qr_changes (one, number) VALUES (1, 0);
