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
