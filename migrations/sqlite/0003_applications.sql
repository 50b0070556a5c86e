-- Applications from draft to receipt: consents, drafts, frozen documents, signatures.

CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    iin TEXT NOT NULL REFERENCES people (iin),
    text_version TEXT NOT NULL,
    lang TEXT NOT NULL CHECK (lang IN ('kk', 'ru', 'en')),
    given_at INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_of_person ON consents (iin, given_at);

CREATE TABLE applications (
    id TEXT PRIMARY KEY CHECK (length(id) = 22),
    iin TEXT NOT NULL REFERENCES people (iin),
    -- `2026-000184`, given when first frozen and kept since.
    number TEXT UNIQUE,
    state TEXT NOT NULL CHECK (
        state IN ('draft', 'frozen', 'signed', 'checking', 'applied', 'cancelled', 'expired', 'refused')
    ),
    -- Of the draft: grows by one with each save.
    version INTEGER NOT NULL,
    -- domain::form::FormInput as JSON.
    input TEXT NOT NULL,
    -- Absent for a draft never changed.
    saved_at INTEGER,
    consent TEXT NOT NULL REFERENCES consents (id),
    created_at INTEGER NOT NULL,
    -- When the state was entered.
    state_at INTEGER NOT NULL,
    signed_at INTEGER,
    applied_at INTEGER,
    signed_by_way TEXT CHECK (signed_by_way IN ('eds', 'egov_mobile')),
    CHECK (state IN ('draft', 'cancelled', 'expired') OR number IS NOT NULL),
    CHECK (state NOT IN ('signed', 'checking', 'applied') OR (signed_at IS NOT NULL AND signed_by_way IS NOT NULL)),
    CHECK ((state = 'applied') = (applied_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
-- One application at a time is being made.
CREATE UNIQUE INDEX one_open_application ON applications (iin) WHERE state IN ('draft', 'frozen');
CREATE INDEX applications_of_person ON applications (iin, created_at);
CREATE INDEX applications_checking ON applications (state_at) WHERE state = 'checking';

-- The last number given in a year of Kazakhstan.
CREATE TABLE application_numbers (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- Frozen documents. A document is never changed; going back to the form ends it, freezing again makes another.
CREATE TABLE documents (
    application TEXT NOT NULL REFERENCES applications (id),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    pdf BLOB NOT NULL,
    -- server::document::Content as JSON: what the PDF was made from.
    content TEXT NOT NULL,
    -- domain::requisites::Requisites as JSON: what the Fund will hold.
    proposed TEXT NOT NULL,
    -- requisites.version the document was compared with; 0 when the Fund held none.
    requisites_version INTEGER NOT NULL,
    frozen_at INTEGER NOT NULL,
    -- When GBD FL last said that the person may use the service.
    eligible_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (application, sha256)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_live_document ON documents (application) WHERE ended_at IS NULL;

CREATE TABLE signatures (
    application TEXT PRIMARY KEY REFERENCES applications (id),
    document_sha256 BLOB NOT NULL,
    -- As received, and its SHA-256.
    cms BLOB NOT NULL,
    cms_sha256 BLOB NOT NULL CHECK (length(cms_sha256) = 32),
    verified_at INTEGER NOT NULL,
    policy_version INTEGER NOT NULL,
    -- What the verifier reported, JSON.
    report TEXT NOT NULL,
    revocation TEXT NOT NULL CHECK (revocation IN ('good', 'unknown', 'revoked')),
    -- Of an undecided one: when to ask next, and how often was asked.
    ask_again_at INTEGER,
    asked INTEGER NOT NULL DEFAULT 1,
    FOREIGN KEY (application, document_sha256) REFERENCES documents (application, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX signatures_to_ask ON signatures (ask_again_at) WHERE ask_again_at IS NOT NULL;

-- What verdicts rested on (OCSP responses, lists), each content once: a list serves many signatures.
CREATE TABLE evidence_contents (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (
    application TEXT NOT NULL REFERENCES applications (id),
    kind TEXT NOT NULL CHECK (kind IN ('ocsp', 'ocsp_nonce', 'crl')),
    sha256 BLOB NOT NULL REFERENCES evidence_contents (sha256),
    at INTEGER NOT NULL,
    PRIMARY KEY (application, kind, sha256)
) STRICT, WITHOUT ROWID;
