package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// synchronousFull is what PRAGMA synchronous answers for FULL (SQLite, "PRAGMA synchronous").
const synchronousFull = 2

// Pragmas are settings of the writing connection, as SQLite tells them.
type Pragmas struct {
	JournalMode string // wal
	Synchronous int    // 2: FULL
	ForeignKeys bool
	BusyTimeout int // milliseconds
}

// Pragmas reads the settings back from the writing connection, so that a check at run time sees what holds, not what was asked for.
func (db *DB) Pragmas(ctx context.Context) (Pragmas, error) {
	var p Pragmas
	err := db.writer.alone(ctx, func(conn *sql.Conn) (err error) {
		p, err = readPragmas(ctx, conn)
		return err
	})
	return p, err
}

func readPragmas(ctx context.Context, conn *sql.Conn) (Pragmas, error) {
	var p Pragmas
	for name, target := range map[string]any{
		"journal_mode": &p.JournalMode,
		"synchronous":  &p.Synchronous,
		"foreign_keys": &p.ForeignKeys,
		"busy_timeout": &p.BusyTimeout,
	} {
		if err := conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(target); err != nil {
			return Pragmas{}, fmt.Errorf("read pragma %s: %w", name, err)
		}
	}
	return p, nil
}

// durable fails for settings under which an acknowledged write could be lost.
func (p Pragmas) durable() error {
	if p.JournalMode != "wal" || p.Synchronous != synchronousFull || !p.ForeignKeys {
		return fmt.Errorf("%w (journal_mode %s, synchronous %d, foreign_keys %t)", ErrNotDurable, p.JournalMode, p.Synchronous, p.ForeignKeys)
	}
	return nil
}
