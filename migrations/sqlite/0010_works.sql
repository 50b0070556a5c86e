-- Works on the system that the operator has announced: at most one window. The page tells of it before and while.

CREATE TABLE works (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    begins_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    CHECK (begins_at < ends_at)
) STRICT;
