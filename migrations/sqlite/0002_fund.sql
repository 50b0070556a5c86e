-- What the Fund holds of a person: requisites with their history, pension accounts, bank account (masked).

CREATE TABLE requisites (
    iin TEXT PRIMARY KEY REFERENCES people (iin),
    -- Grows by one with each change: a document frozen against another version is out of date.
    version INTEGER NOT NULL CHECK (version >= 1),
    -- domain::requisites::Requisites as JSON.
    content TEXT NOT NULL,
    -- Absent when never changed since they were first brought in.
    changed_at INTEGER,
    -- The last characters of the bank account only: the whole one isn't needed here.
    bank_account_masked TEXT
) STRICT, WITHOUT ROWID;

-- Who changed what, when, by which application. Rows are only ever added.
CREATE TABLE requisites_history (
    iin TEXT NOT NULL REFERENCES people (iin),
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- 'application' or 'import'.
    source TEXT NOT NULL CHECK (source IN ('application', 'import')),
    -- Id of the application.
    application TEXT,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (iin, version),
    CHECK ((source = 'application') = (application IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE TRIGGER requisites_history_is_not_changed BEFORE UPDATE ON requisites_history
BEGIN
    SELECT RAISE(ABORT, 'history is never changed');
END;
CREATE TRIGGER requisites_history_is_not_removed BEFORE DELETE ON requisites_history
BEGIN
    SELECT RAISE(ABORT, 'history is never removed');
END;

CREATE TABLE pension_accounts (
    iin TEXT NOT NULL REFERENCES people (iin),
    position INTEGER NOT NULL,
    -- api::records::Account as JSON.
    content TEXT NOT NULL,
    PRIMARY KEY (iin, position)
) STRICT, WITHOUT ROWID;
