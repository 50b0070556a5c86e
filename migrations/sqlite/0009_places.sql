-- The KATO classifier: regions, districts, rural districts, settlements. Read into memory whole; a new import replaces all
-- of it in one transaction and raises the version, by which every server notices.

CREATE TABLE places (
    -- Nine digits: AB region, CD district or city, EF rural district, HIJ settlement.
    code TEXT PRIMARY KEY CHECK (length(code) = 9),
    -- As the classifier writes it, faults of encoding mended; the Kazakh one is absent in tables that have Russian alone.
    name_kk TEXT,
    name_ru TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE places_version (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;
