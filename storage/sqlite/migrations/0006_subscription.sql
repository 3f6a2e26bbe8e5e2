-- Of which products and classifications updates are taken over, and what was left out because of that.
CREATE TABLE wsus_subscription (
	one             INTEGER PRIMARY KEY CHECK (one = 1),
	categories      BLOB    NOT NULL, -- ids, one after the other
	classifications BLOB    NOT NULL
) STRICT;

CREATE TABLE wsus_left_out (
	update_id       BLOB    PRIMARY KEY,
	revision        INTEGER NOT NULL,
	title           TEXT    NOT NULL,
	products        BLOB    NOT NULL,
	classifications BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
