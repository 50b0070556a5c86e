-- What is known of a person's mobile number or e-mail beyond that it stands in the requisites: proven by a code, since when
-- a code may be sent there, suspended by whoever holds the contact before it.

CREATE TABLE contacts (
    iin TEXT NOT NULL REFERENCES people (iin),
    kind TEXT NOT NULL CHECK (kind IN ('mobile', 'email')),
    -- As the requisites write it: E.164, or an e-mail address.
    value TEXT NOT NULL,
    -- When a code sent there was typed in. Absent: «расталмаған», which serves mailings and no codes.
    proven_at INTEGER,
    -- No code and no password reset through it before this moment; absent for a contact the Fund held from the start.
    codes_from INTEGER,
    -- The application that brought it in.
    application TEXT REFERENCES applications (id),
    -- Suspended for codes by the link in the message to the contact before it; the owner lifts it by EDS.
    suspended_at INTEGER,
    PRIMARY KEY (iin, kind, value)
) STRICT, WITHOUT ROWID;
