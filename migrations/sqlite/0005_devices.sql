-- Browsers a person has signed in from: a sign-in from any other one is told to the person's contacts.

CREATE TABLE devices (
    iin TEXT NOT NULL REFERENCES people (iin),
    -- SHA-256 of the cookie's secret. Several people may share a browser.
    device_hash BLOB NOT NULL CHECK (length(device_hash) = 32),
    -- The last sign-in.
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (iin, device_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_age ON devices (seen_at);
