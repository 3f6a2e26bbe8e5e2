package sqlite

// Stats counts since Open.
type Stats struct {
	// Writes are calls that wrote or failed; Groups are the transactions, each with one sync, that they were in.
	Writes, Groups int64
}

// Stats tells how well writers share their syncs.
func (db *DB) Stats() Stats {
	return Stats{Writes: db.writer.writes.Load(), Groups: db.writer.groups.Load()}
}
