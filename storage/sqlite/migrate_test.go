package sqlite_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
)

// released are this program's migrations, to be changed by a test.
func released(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(sqlite.Migrations(), "migrations", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(sqlite.Migrations(), path)
		files[entry.Name()] = &fstest.MapFile{Data: text}
		return err
	})
	require.NoError(t, err)
	return files
}

// later is the name of a migration after the released ones: 1 is the next one.
func later(files fstest.MapFS, step int, name string) string {
	return fmt.Sprintf("%04d_%s.sql", len(files)+step, name)
}

func TestMigrateOnce(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, open(t, dir).Close())
	files := released(t)
	require.NoError(t, sqlite.Migrate(t.Context(), dir, files))
	for name, file := range files {
		files[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(file.Data), "\n", "\r\n"))}
	}
	require.NoError(t, sqlite.Migrate(t.Context(), dir, files), "line ends of another system are no change")
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	dir := t.TempDir()
	files := released(t)
	known := len(files)
	files[later(files, 1, "later")] = &fstest.MapFile{Data: []byte("CREATE TABLE later (a); INSERT INTO later VALUES (1)")}
	require.NoError(t, sqlite.Migrate(t.Context(), dir, files))
	_, err := sqlite.Open(t.Context(), dir)
	require.ErrorIs(t, err, sqlite.ErrNewerSchema)
	require.ErrorContains(t, err, fmt.Sprintf("schema %d, here %d", known+1, known))
	require.NoError(t, sqlite.Migrate(t.Context(), dir, files), "nothing was changed")
}

func TestOpenRefusesAnotherHistory(t *testing.T) {
	dir := t.TempDir()
	files := released(t)
	text := append(files["0003_records.sql"].Data, "\n-- another\n"...)
	files["0003_records.sql"] = &fstest.MapFile{Data: text}
	require.NoError(t, sqlite.Migrate(t.Context(), dir, files))
	_, err := sqlite.Open(t.Context(), dir)
	require.ErrorIs(t, err, sqlite.ErrSchemaChanged)
	require.ErrorContains(t, err, "0003_records.sql")
}

// A migration that fails in its middle leaves nothing behind, and the next start tries it again.
func TestMigrateAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	files := released(t)
	name := later(files, 1, "later")
	files[name] = &fstest.MapFile{Data: []byte("CREATE TABLE later (a); INSERT INTO nowhere VALUES (1)")}
	require.ErrorContains(t, sqlite.Migrate(t.Context(), dir, files), "migration "+name)
	require.NoError(t, open(t, dir).Close(), "the ones before it are there")
	files[name] = &fstest.MapFile{Data: []byte("CREATE TABLE later (a)")}
	require.NoError(t, sqlite.Migrate(t.Context(), dir, files))
}

func TestMigrateRefusesWrongNames(t *testing.T) {
	expected := fmt.Sprintf("number %d was expected", len(released(t))+1)
	for name, reason := range map[string]string{
		later(released(t), 2, "gap"): expected,
		later(released(t), 0, "two"): expected,
		"readme.txt":                 "is not named like",
	} {
		files := released(t)
		files[name] = &fstest.MapFile{}
		require.ErrorContains(t, sqlite.Migrate(t.Context(), t.TempDir(), files), reason)
	}
}

// Names fold to the same exactly when the standard library takes them for equal.
func TestFold(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("aAkKK\u212asSſßΣσςiIİıäÄ1")), 0, 3, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		require.Equal(t, strings.EqualFold(a, b), sqlite.Fold(a) == sqlite.Fold(b))
	})
}

// A database of the first release keeps its decisions: its groups are below All Computers, its approvals follow revisions.
func TestMigrateFirstRelease(t *testing.T) {
	dir := t.TempDir()
	files := released(t)
	first := fstest.MapFS{}
	for _, name := range []string{"0001_wsus.sql", "0002_compliance.sql", "0003_records.sql"} {
		first[name] = files[name]
	}
	require.NoError(t, sqlite.Migrate(t.Context(), dir, first))
	pool, err := sql.Open("sqlite", filepath.Join(dir, sqlite.FileName))
	require.NoError(t, err)
	group, update := uuid.New(), uuid.New()
	changed := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	_, err = pool.Exec("INSERT INTO wsus_groups VALUES (?, 'Lab', 'LAB')", group[:])
	require.NoError(t, err)
	_, err = pool.Exec("INSERT INTO wsus_approvals VALUES (?, ?, 1, ?, ?, 1, 1)", update[:], group[:], time.Time{}.UnixMicro(), changed.UnixMicro())
	require.NoError(t, err)
	_, err = pool.Exec("UPDATE wsus_counters SET value = 1")
	require.NoError(t, err)
	require.NoError(t, pool.Close())

	db := open(t, dir)
	defer db.Close()
	groups, regrouped, err := db.WSUS().Groups(t.Context())
	require.NoError(t, err)
	require.Equal(t, []wsus.TargetGroup{{ID: group, Name: "Lab", ParentID: wsus.AllComputers}}, groups)
	require.Zero(t, regrouped)
	approvals, err := db.WSUS().Approvals(t.Context())
	require.NoError(t, err)
	require.Equal(t, []wsus.Approval{{UpdateID: update, Group: group, Action: wsus.Install, CreationDate: changed, Changed: changed,
		Sequence: 1, DeploymentID: 1}}, approvals)
}
