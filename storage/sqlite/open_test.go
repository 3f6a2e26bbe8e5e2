package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
)

func TestOpenCreatesTheFolder(t *testing.T) {
	for _, name := range []string{"new/deep/er", "with space #1 50%25 ?x=y 'ä'"} {
		if runtime.GOOS == "windows" {
			name = strings.ReplaceAll(name, "?", "")
		}
		dir := filepath.Join(t.TempDir(), name)
		db := open(t, dir)
		require.NoError(t, db.Site().Put(t.Context(), map[string][]byte{"k": {1}}))
		file, err := os.Stat(filepath.Join(dir, sqlite.FileName))
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			require.Equal(t, os.FileMode(0o600), file.Mode().Perm(), "it holds the key of the cookies")
		}
		require.NoError(t, db.Close())
		left, err := filepath.Glob(filepath.Join(dir, "*"))
		require.NoError(t, err)
		require.Equal(t, []string{filepath.Join(dir, "catalog"), filepath.Join(dir, "lock"), filepath.Join(dir, sqlite.FileName)}, left,
			"after Close everything is in one file")
	}
}

func TestOpenReportsAllWrongOptions(t *testing.T) {
	_, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Readers(0), sqlite.BusyTimeout(-1), sqlite.Log(nil))
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 3)
}

func TestOpenRefusesASecond(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	start := time.Now()
	_, err := sqlite.Open(t.Context(), dir)
	require.ErrorIs(t, err, sqlite.ErrLocked)
	require.ErrorContains(t, err, "stop it, or choose another folder")
	var locked *sqlite.LockedError
	require.ErrorAs(t, err, &locked)
	require.Equal(t, sqlite.LockedError{Dir: dir, PID: os.Getpid()}, *locked)
	require.Less(t, time.Since(start), time.Second, "at once")

	require.NoError(t, db.Site().Put(t.Context(), map[string][]byte{"k": {1}}), "the first goes on")
	require.NoError(t, db.Close())
	require.NoError(t, open(t, dir).Close())
}

func TestOpenRefusesAFolderThatIsNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := sqlite.Open(t.Context(), file)
	require.Error(t, err)
	_, err = sqlite.Open(t.Context(), filepath.Join(file, "below"))
	require.Error(t, err)
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	text := []byte(strings.Repeat("this is not a database. ", 100))
	require.NoError(t, os.WriteFile(filepath.Join(dir, sqlite.FileName), text, 0o600))
	_, err := sqlite.Open(t.Context(), dir)
	require.ErrorContains(t, err, "not a database")
	kept, err := os.ReadFile(filepath.Join(dir, sqlite.FileName))
	require.NoError(t, err)
	require.Equal(t, text, kept, "and leaves it as it is")
	require.NoError(t, os.Remove(filepath.Join(dir, sqlite.FileName)))
	require.NoError(t, open(t, dir).Close(), "the lock was given back")
}

func TestOpenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	_, err := sqlite.Open(ctx, dir)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, open(t, dir).Close())
}

// Another program that has opened the file, such as a backup, may hold it; Open waits for the busy timeout and says so.
func TestOpenWhileAnotherProgramWrites(t *testing.T) {
	dir := t.TempDir()
	other, err := sql.Open("sqlite", filepath.Join(dir, sqlite.FileName))
	require.NoError(t, err)
	defer other.Close()
	other.SetMaxOpenConns(1)
	_, err = other.Exec("PRAGMA locking_mode=EXCLUSIVE; CREATE TABLE a (b); BEGIN EXCLUSIVE")
	require.NoError(t, err)
	_, err = sqlite.Open(t.Context(), dir, sqlite.BusyTimeout(10*time.Millisecond))
	require.ErrorContains(t, err, "locked")
}

func TestPragmas(t *testing.T) {
	db := open(t, t.TempDir())
	want := sqlite.Pragmas{JournalMode: "wal", Synchronous: 2, ForeignKeys: true, BusyTimeout: 5000}
	for range 2 {
		pragmas, err := db.Pragmas(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, pragmas)
		require.NoError(t, db.WSUS().PutComputers(t.Context(), wsus.Computer{ID: "a"}))
	}
	require.NoError(t, db.Close())
	_, err := db.Pragmas(t.Context())
	require.ErrorIs(t, err, sqlite.ErrClosed)

	for name, pragmas := range map[string]sqlite.Pragmas{
		"journal_mode delete": {JournalMode: "delete", Synchronous: 2, ForeignKeys: true},
		"synchronous 1":       {JournalMode: "wal", Synchronous: 1, ForeignKeys: true},
		"foreign_keys false":  {JournalMode: "wal", Synchronous: 2},
	} {
		err := sqlite.Durable(pragmas)
		require.ErrorIs(t, err, sqlite.ErrNotDurable)
		require.ErrorContains(t, err, name)
	}
}

func TestClose(t *testing.T) {
	db := open(t, t.TempDir())
	require.NoError(t, db.Site().Put(t.Context(), map[string][]byte{"k": {1}}))
	_, err := db.Site().Get(t.Context(), "k")
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.NoError(t, db.Close())
	require.ErrorIs(t, db.Site().Put(t.Context(), nil), sqlite.ErrClosed)
	_, err = db.Site().Get(t.Context(), "k")
	require.ErrorIs(t, err, sqlite.ErrClosed)
	_, err = db.WSUS().Approvals(t.Context())
	require.ErrorIs(t, err, sqlite.ErrClosed)
	for _, err := range db.WSUS().Computers(t.Context()) {
		require.ErrorIs(t, err, sqlite.ErrClosed)
	}
}

// The check of the file by SQLite itself finds nothing after all kinds of writes.
func TestIntegrity(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	w := newWriters(db)
	for i := range 50 {
		require.NoError(t, w.write(t.Context(), 0, i))
	}
	require.NoError(t, db.Close())
	checkFile(t, dir)
}

func checkFile(t testing.TB, dir string) {
	t.Helper()
	pool, err := sql.Open("sqlite", filepath.Join(dir, sqlite.FileName))
	require.NoError(t, err)
	defer pool.Close()
	var result string
	require.NoError(t, pool.QueryRow("PRAGMA integrity_check").Scan(&result))
	require.Equal(t, "ok", result)
	var violation any
	require.ErrorIs(t, pool.QueryRow("PRAGMA foreign_key_check").Scan(&violation), sql.ErrNoRows)
}

// A process that was killed leaves no lock behind.
func TestLockGoesWithTheProcess(t *testing.T) {
	dir := t.TempDir()
	child, lines := startChild(t, dir)
	require.True(t, lines.Scan(), "the child has opened the folder")
	_, err := sqlite.Open(t.Context(), dir)
	var locked *sqlite.LockedError
	require.ErrorAs(t, err, &locked)
	require.Equal(t, child.Process.Pid, locked.PID)
	require.NoError(t, child.Process.Kill())
	var exit *exec.ExitError
	require.True(t, errors.As(child.Wait(), &exit))
	require.NoError(t, open(t, dir).Close())
}
