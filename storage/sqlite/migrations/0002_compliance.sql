-- What package compliance keeps. There is no index by state: it would make writing many times slower.

CREATE TABLE compliance_computers (
	no         INTEGER PRIMARY KEY,
	id         TEXT    NOT NULL UNIQUE,
	name       TEXT    NOT NULL,
	serial     INTEGER NOT NULL,
	scanned    INTEGER NOT NULL,
	last_scan  INTEGER NOT NULL,
	reported   INTEGER NOT NULL,
	scan_state INTEGER NOT NULL,
	scan_error INTEGER NOT NULL
) STRICT;

CREATE TABLE compliance_rows (
	computer  INTEGER NOT NULL REFERENCES compliance_computers (no),
	update_id BLOB    NOT NULL,
	state     INTEGER NOT NULL,
	changed   INTEGER NOT NULL,
	PRIMARY KEY (computer, update_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE compliance_enforcements (
	computer   INTEGER NOT NULL REFERENCES compliance_computers (no),
	topic_id   TEXT    NOT NULL,
	topic_type INTEGER NOT NULL,
	state_id   INTEGER NOT NULL,
	error_code INTEGER NOT NULL,
	changed    INTEGER NOT NULL,
	PRIMARY KEY (computer, topic_id, topic_type)
) STRICT, WITHOUT ROWID;
