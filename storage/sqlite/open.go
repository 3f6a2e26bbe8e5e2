package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/catalog"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// FileName is the name of the database in the data folder.
const FileName = "softwareupdates.db"

// catalogName is the folder of the catalogue in the data folder.
const catalogName = "catalog"

// DB is an open data folder. Its methods, and those of its stores, are safe for concurrent use.
type DB struct {
	lock     *os.File
	readPool *sql.DB
	readers  *reader
	writer   *writer
	volume   *catalog.DirVolume
	settings settings
}

// Open opens a data folder and creates it when it is not there. It brings the schema up to date, one transaction a migration.
//
// Errors that callers may branch on: ErrLocked, ErrNewerSchema, ErrSchemaChanged, ErrNotDurable. Wrong options are reported all at
// once, as a *multierror.Error.
func Open(ctx context.Context, dir string, options ...Option) (*DB, error) {
	db, err := open(ctx, dir, options)
	if err != nil {
		return nil, fmt.Errorf("open data folder: %w", err)
	}
	return db, nil
}

func open(ctx context.Context, dir string, options []Option) (_ *DB, err error) {
	settings, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	db := &DB{settings: settings}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.release())
		}
	}()
	if db.lock, err = lockDir(dir); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, FileName)
	if err := makeFile(name); err != nil {
		return nil, err
	}
	if db.writer, err = openWriter(ctx, name, settings); err != nil {
		return nil, err
	}
	if db.readPool, err = sql.Open("sqlite", readDSN(name, settings)); err != nil {
		return nil, err
	}
	db.readPool.SetMaxOpenConns(settings.readers)
	db.readPool.SetMaxIdleConns(settings.readers)
	db.readers = newReader(db.readPool)
	if db.volume, err = catalog.Dir(filepath.Join(dir, catalogName)); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return db, nil
}

// Close waits for the writers that have begun, moves the log into the database file and gives the folder back. Later calls of any
// method answer ErrClosed, of Close nil.
func (db *DB) Close() error {
	if !db.writer.close() {
		return nil
	}
	if err := db.writer.checkpoint(); err != nil {
		db.settings.log.Warn("the log stays beside the database; the next start reads it", "error", err)
	}
	return db.release()
}

// release closes what is open, in the reverse order.
func (db *DB) release() error {
	var errs []error
	if db.volume != nil {
		errs = append(errs, db.volume.Close())
	}
	if db.readers != nil {
		errs = append(errs, db.readers.close())
	}
	if db.readPool != nil {
		errs = append(errs, db.readPool.Close())
	}
	if db.writer != nil {
		errs = append(errs, db.writer.release())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}

func writeDSN(name string, s settings) string {
	return dsn(name, s, "_pragma", "journal_mode(WAL)", "_pragma", "synchronous(FULL)", "_pragma", "foreign_keys(1)")
}

func readDSN(name string, s settings) string {
	return dsn(name, s, "mode", "ro", "_pragma", "query_only(1)")
}

// dsn writes the file's URI, so that no character of its path is taken for something else. The busy timeout comes first: the
// other pragmas may have to wait.
func dsn(name string, s settings, parameters ...string) string {
	query := url.Values{"_pragma": {fmt.Sprintf("busy_timeout(%d)", s.busyTimeout.Milliseconds())}}
	for i := 0; i < len(parameters); i += 2 {
		query.Add(parameters[i], parameters[i+1])
	}
	path := filepath.ToSlash(name)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // file:///C:/…
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}
