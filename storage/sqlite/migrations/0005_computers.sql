-- What computers say of themselves beyond their name, when they were heard, and how updates are doing on them.

ALTER TABLE wsus_computers ADD COLUMN service_pack     TEXT    NOT NULL DEFAULT '';
ALTER TABLE wsus_computers ADD COLUMN os_locale        TEXT    NOT NULL DEFAULT '';
ALTER TABLE wsus_computers ADD COLUMN new_product_type INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wsus_computers ADD COLUMN suite_mask       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wsus_computers ADD COLUMN bios_name        TEXT    NOT NULL DEFAULT '';
ALTER TABLE wsus_computers ADD COLUMN bios_version     TEXT    NOT NULL DEFAULT '';
-- The default of times is the year 1, as micros writes a time that is not known.
ALTER TABLE wsus_computers ADD COLUMN bios_released    INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE wsus_computers ADD COLUMN ip_address       TEXT    NOT NULL DEFAULT '';
ALTER TABLE wsus_computers ADD COLUMN first_contact    INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE wsus_computers ADD COLUMN last_sync        INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE wsus_computers ADD COLUMN synced_version   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wsus_computers ADD COLUMN installed        BLOB    NOT NULL DEFAULT x''; -- revision ids as varints
ALTER TABLE wsus_computers ADD COLUMN last_status      INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE wsus_computers ADD COLUMN status_version   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wsus_computers ADD COLUMN former_hardware  TEXT    NOT NULL DEFAULT '';
ALTER TABLE wsus_computers ADD COLUMN hardware_changed INTEGER NOT NULL DEFAULT -62135596800000000;

-- Computers that were there before introduced themselves at the latest when they were last heard.
UPDATE wsus_computers SET first_contact = last_contact;

CREATE TABLE wsus_statuses (
	computer  TEXT    NOT NULL,
	update_id BLOB    NOT NULL,
	state     INTEGER NOT NULL,
	changed   INTEGER NOT NULL,
	PRIMARY KEY (computer, update_id)
) STRICT, WITHOUT ROWID;

-- No cookie vouched for the sender. Of the events that are here already this is not known: they count as sealed, and none is looked at again.
ALTER TABLE wsus_events ADD COLUMN unsealed INTEGER NOT NULL DEFAULT 0;
