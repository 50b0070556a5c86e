-- Codes sent to contacts, and what is known of contacts that no longer reach a person.

-- One live code per person, purpose and contact.
CREATE TABLE codes (
    -- HMAC of the three: the row tells nobody's IIN, number or address.
    slot BLOB PRIMARY KEY CHECK (length(slot) = 32),
    -- HMAC of slot and code.
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- Counted before the code is compared.
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX codes_by_age ON codes (expires_at);

-- Letters that came back to the Fund.
CREATE TABLE returned_letters (
    iin TEXT NOT NULL REFERENCES people (iin),
    at INTEGER NOT NULL,
    PRIMARY KEY (iin, at)
) STRICT, WITHOUT ROWID;

-- «Бұл әлі де сіздің мекенжайыңыз ба?»: when the person last said yes. What failed before that moment is settled.
CREATE TABLE reach_answers (
    iin TEXT NOT NULL REFERENCES people (iin),
    kind TEXT NOT NULL CHECK (kind IN ('post', 'mobile', 'email')),
    said_at INTEGER NOT NULL,
    PRIMARY KEY (iin, kind)
) STRICT, WITHOUT ROWID;

-- Messages that failed for good, by whom they were for.
CREATE INDEX outbox_given_up ON outbox (recipient, given_up_at) WHERE given_up_at IS NOT NULL;
