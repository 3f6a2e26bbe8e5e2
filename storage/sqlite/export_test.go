package sqlite

import (
	"context"
	"database/sql"
	"io/fs"
	"log/slog"
	"path/filepath"
)

// Durable lets tests judge settings that no test can bring about.
func Durable(p Pragmas) error { return p.durable() }

// Migrate lets tests migrate a folder with migrations of their own.
func Migrate(ctx context.Context, dir string, files fs.FS) error {
	pool, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		return err
	}
	defer pool.Close()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return migrateWith(ctx, conn, files, slog.New(slog.DiscardHandler))
}

// Migrations are those of this program.
func Migrations() fs.FS { return migrationFiles }

// Fold is what makes names of target groups equal.
func Fold(text string) string { return fold(text) }

// Tx and Do let tests write what no store writes.
type Tx struct{ t *tx }

// Exec runs a statement.
func (t *Tx) Exec(query string, args ...any) error {
	_, err := t.t.exec(query, args...)
	return err
}

// Do runs fn as one writer.
func Do(ctx context.Context, db *DB, fn func(*Tx) error) error {
	return db.writer.do(ctx, func(t *tx) error { return fn(&Tx{t}) })
}

// RecordKeys lists the keys of a space.
func RecordKeys(ctx context.Context, db *DB, space string) ([]string, error) {
	var keys []string
	err := db.readers.rows(ctx, "SELECT key FROM records WHERE space = ? ORDER BY key", []any{space}, func(rows *sql.Rows) error {
		var key []byte
		err := rows.Scan(&key)
		keys = append(keys, string(key))
		return err
	})
	return keys, err
}
