package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"strconv"
	"time"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one file, such as 0001_wsus.sql. A file that was released is never changed: a new one follows it.
type migration struct {
	version  int
	name     string
	text     string
	checksum []byte
}

var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// migrations reads the files, which are numbered from 1 without gaps.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*")
	if err != nil {
		return nil, err
	}
	var list []migration
	for i, name := range names {
		match := migrationName.FindStringSubmatch(name)
		if match == nil {
			return nil, fmt.Errorf("migration %s: is not named like 0001_name.sql", name)
		}
		if version, _ := strconv.Atoi(match[1]); version != i+1 {
			return nil, fmt.Errorf("migration %s: number %d was expected", name, i+1)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) // a checkout on Windows may have them
		sum := sha256.Sum256(text)
		list = append(list, migration{i + 1, name, string(text), sum[:]})
	}
	return list, nil
}

// migrate brings the database to the last version of this program.
func migrate(ctx context.Context, conn *sql.Conn, log *slog.Logger) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	return migrateWith(ctx, conn, files, log)
}

func migrateWith(ctx context.Context, conn *sql.Conn, files fs.FS, log *slog.Logger) error {
	known, err := migrations(files)
	if err != nil {
		return err
	}
	const table = `CREATE TABLE IF NOT EXISTS schema_migrations (
		version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL, applied INTEGER NOT NULL) STRICT`
	if _, err := conn.ExecContext(ctx, table); err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	applied, err := appliedMigrations(ctx, conn)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	if len(applied) > len(known) {
		return fmt.Errorf("%w (schema %d, here %d)", ErrNewerSchema, len(applied), len(known))
	}
	for i, a := range applied {
		if a.version != known[i].version || !bytes.Equal(a.checksum, known[i].checksum) {
			return fmt.Errorf("%w (migration %s)", ErrSchemaChanged, a.name)
		}
	}
	for _, m := range known[len(applied):] {
		if err := m.apply(ctx, conn); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		log.InfoContext(ctx, "database migrated", "migration", m.name)
	}
	return nil
}

func appliedMigrations(ctx context.Context, conn *sql.Conn) ([]migration, error) {
	rows, err := conn.QueryContext(ctx, "SELECT version, name, checksum FROM schema_migrations ORDER BY version")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []migration
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.version, &m.name, &m.checksum); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// apply runs a migration and notes it in one transaction.
func (m migration) apply(ctx context.Context, conn *sql.Conn) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	if _, err := tx.ExecContext(ctx, m.text); err != nil {
		return err
	}
	const note = "INSERT INTO schema_migrations (version, name, checksum, applied) VALUES (?, ?, ?, ?)"
	if _, err := tx.ExecContext(ctx, note, m.version, m.name, m.checksum, micros(time.Now())); err != nil {
		return err
	}
	return tx.Commit()
}
