-- What package wsus keeps. Times are microseconds since 1970 in UTC; ids are the 16 bytes of a GUID.

CREATE TABLE wsus_identity (
	one              INTEGER PRIMARY KEY CHECK (one = 1),
	server_id        BLOB    NOT NULL,
	cookie_key       BLOB    NOT NULL,
	config_changed   INTEGER NOT NULL,
	using_ssl        INTEGER NOT NULL,
	certificate_name TEXT    NOT NULL,
	port_number      INTEGER NOT NULL
) STRICT;

CREATE TABLE wsus_computers (
	id              TEXT    PRIMARY KEY,
	dns_name        TEXT    NOT NULL,
	requested_group TEXT    NOT NULL,
	registered      INTEGER NOT NULL,
	os_version      TEXT    NOT NULL,
	os_description  TEXT    NOT NULL,
	architecture    TEXT    NOT NULL,
	product_type    INTEGER NOT NULL,
	manufacturer    TEXT    NOT NULL,
	model           TEXT    NOT NULL,
	client_version  TEXT    NOT NULL,
	last_contact    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE wsus_approvals (
	update_id     BLOB    NOT NULL,
	target_group  BLOB    NOT NULL,
	action        INTEGER NOT NULL,
	deadline      INTEGER NOT NULL,
	changed       INTEGER NOT NULL,
	sequence      INTEGER NOT NULL UNIQUE,
	deployment_id INTEGER NOT NULL UNIQUE,
	PRIMARY KEY (update_id, target_group)
) STRICT, WITHOUT ROWID;

-- The last numbers given out; they never repeat, whatever becomes of the rows that have them.
CREATE TABLE wsus_counters (
	name  TEXT    PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO wsus_counters (name, value) VALUES ('sequence', 0), ('deployment', 0);

CREATE TABLE wsus_groups (
	id     BLOB PRIMARY KEY,
	name   TEXT NOT NULL,
	folded TEXT NOT NULL UNIQUE -- the name with one form for all letters that differ in case only
) STRICT, WITHOUT ROWID;

CREATE TABLE wsus_events (
	arrival     INTEGER PRIMARY KEY,
	id          BLOB    NOT NULL UNIQUE,
	computer    TEXT    NOT NULL,
	event_id    INTEGER NOT NULL,
	source_id   INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	received    INTEGER NOT NULL,
	update_id   BLOB    NOT NULL,
	revision    INTEGER NOT NULL,
	hresult     INTEGER NOT NULL,
	app_name    TEXT    NOT NULL,
	replacement BLOB    NOT NULL, -- strings, each with its length as a varint before it
	misc_data   BLOB    NOT NULL
) STRICT;

CREATE INDEX wsus_events_of_computer ON wsus_events (computer, arrival);
