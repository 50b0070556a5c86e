-- What the Fund sent and came back, by whatever channel: the person is asked about it at sign-in.

CREATE TABLE returned_mail (
    iin TEXT NOT NULL REFERENCES people (iin),
    kind TEXT NOT NULL CHECK (kind IN ('post', 'mobile', 'email')),
    -- The number or the e-mail address written to; empty of a letter.
    contact TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- server::store::fund::ReturnReason
    reason TEXT NOT NULL,
    PRIMARY KEY (iin, kind, contact, at),
    CHECK ((kind = 'post') = (contact = ''))
) STRICT, WITHOUT ROWID;

INSERT INTO returned_mail (iin, kind, contact, at, reason)
SELECT iin, 'post', '', at, 'other' FROM returned_letters;

DROP TABLE returned_letters;
