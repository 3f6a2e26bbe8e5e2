-- What decides about deployments. Lists of ids are their 16 bytes each, one after the other.

ALTER TABLE wsus_approvals ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wsus_approvals ADD COLUMN administrator TEXT NOT NULL DEFAULT '';
ALTER TABLE wsus_approvals ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wsus_approvals ADD COLUMN dead INTEGER NOT NULL DEFAULT 0;
UPDATE wsus_approvals SET created = changed;

-- Groups were all at the top: below All Computers.
ALTER TABLE wsus_groups ADD COLUMN parent BLOB NOT NULL DEFAULT x'a0a087464dbe4a379adf9e7652c0b421';
ALTER TABLE wsus_groups ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;

INSERT INTO wsus_counters (name, value) VALUES ('regrouped', 0);

CREATE TABLE wsus_memberships (
	computer      TEXT    PRIMARY KEY,
	target_groups BLOB    NOT NULL,
	sequence      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE wsus_licenses (
	eula_id       BLOB    NOT NULL,
	update_id     BLOB    NOT NULL,
	revision      INTEGER NOT NULL,
	administrator TEXT    NOT NULL,
	accepted      INTEGER NOT NULL,
	PRIMARY KEY (eula_id, update_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE wsus_rules (
	id               BLOB    PRIMARY KEY,
	name             TEXT    NOT NULL,
	enabled          INTEGER NOT NULL,
	action           INTEGER NOT NULL,
	deadline_days    INTEGER, -- null, like the minutes, in a rule without deadline
	deadline_minutes INTEGER,
	categories       BLOB    NOT NULL,
	classifications  BLOB    NOT NULL,
	target_groups    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE wsus_configuration (
	one                          INTEGER PRIMARY KEY CHECK (one = 1),
	targeting_mode               INTEGER NOT NULL,
	auto_refresh                 INTEGER NOT NULL,
	auto_refresh_decline_expired INTEGER NOT NULL
) STRICT;
