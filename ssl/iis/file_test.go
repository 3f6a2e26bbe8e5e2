package iis_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

const configName = "applicationHost.config"

// noon is when backups are made.
func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// onDisk puts a configuration into a new folder and returns its path.
func onDisk(t *testing.T, data []byte, redirection string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, configName)
	require.NoError(t, os.WriteFile(path, data, 0o640))
	require.NoError(t, os.Chmod(path, 0o640))
	if redirection != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "redirection.config"), []byte(redirection), 0o600))
	}
	return path
}

func opened(t *testing.T, path string, o iis.Options) *iis.File {
	t.Helper()
	f, err := iis.Open(path, o)
	require.NoError(t, err)
	return f
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// listed are the names in the folder of a file.
func listed(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// secured makes the edit of most tests here.
func secured(t *testing.T, c *iis.Config) *iis.Config {
	t.Helper()
	next, _, err := c.Apply(set("WSUS Administration/ClientWebService", iis.Ssl))
	require.NoError(t, err)
	return next
}

const stockRedirection = "<configuration>\n    <configSections>\n        <section name=\"configurationRedirection\" />\n    </configSections>\n" +
	"    <configurationRedirection />\n</configuration>\n"

func TestWriteAndRestore(t *testing.T) {
	for style, data := range rewritings(wsus(t)) {
		t.Run(style, func(t *testing.T) {
			path := onDisk(t, data, stockRedirection)
			f := opened(t, path, iis.Options{Now: noon})
			require.Equal(t, path, f.Path())
			next := secured(t, f.Config())
			backup, err := f.Write(t.Context(), next)
			require.NoError(t, err)
			require.Equal(t, path+".20261125T120000Z.bak", backup)
			require.Equal(t, string(data), content(t, backup))
			require.Equal(t, string(next.Bytes()), content(t, path))
			require.Same(t, next, f.Config())

			none, err := f.Write(t.Context(), next)
			require.NoError(t, err)
			require.Empty(t, none, "nothing to write, no backup")

			replaced, err := f.Restore(t.Context(), filepath.Base(backup))
			require.NoError(t, err)
			require.Equal(t, path+".20261125T120000Z-2.bak", replaced, "a backup is never overwritten")
			require.Equal(t, string(data), content(t, path))
			require.Equal(t, string(next.Bytes()), content(t, replaced))
			replaced, err = f.Restore(t.Context(), replaced)
			require.NoError(t, err)
			require.Equal(t, string(next.Bytes()), content(t, path))
			require.Len(t, listed(t, path), 5, "the file, redirection.config and three backups: %s", replaced)
		})
	}
}

func TestModeStays(t *testing.T) {
	path := onDisk(t, []byte(wsus(t)), "")
	f := opened(t, path, iis.Options{})
	backup, err := f.Write(t.Context(), secured(t, f.Config()))
	require.NoError(t, err)
	for _, name := range []string{path, backup} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			require.Equal(t, fs.FileMode(0o640), info.Mode(), "secrets are no more readable than before")
		}
	}
}

// Whoever else wrote the file is not overwritten, and nothing is left of the attempt.
func TestAChangedFileIsNotOverwritten(t *testing.T) {
	data := []byte(wsus(t))
	path := onDisk(t, data, "")
	mine, theirs := opened(t, path, iis.Options{}), opened(t, path, iis.Options{})
	_, err := theirs.Write(t.Context(), secured(t, theirs.Config()))
	require.NoError(t, err)
	before := listed(t, path)
	backup, err := mine.Write(t.Context(), secured(t, parsed(t, append(data, '\n'))))
	require.ErrorIs(t, err, iis.ErrChanged)
	require.Empty(t, backup)
	require.Equal(t, before, listed(t, path))
	require.Equal(t, string(theirs.Config().Bytes()), content(t, path))

	require.NoError(t, os.Remove(path))
	_, err = theirs.Write(t.Context(), parsed(t, data))
	require.ErrorIs(t, err, iis.ErrChanged)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoFileExists(t, path)
}

func TestWriteEndsWithItsContext(t *testing.T) {
	path := onDisk(t, []byte(wsus(t)), "")
	f := opened(t, path, iis.Options{})
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the administrator left"))
	backup, err := f.Write(ctx, secured(t, f.Config()))
	require.ErrorContains(t, err, "the administrator left")
	require.Empty(t, backup)
	require.Equal(t, []string{configName}, listed(t, path))
	require.Equal(t, wsus(t), content(t, path))
}

// A process that a crash ended has left a half-written file; the next one does not mind.
func TestALeftoverIsNoHindrance(t *testing.T) {
	path := onDisk(t, []byte(wsus(t)), "")
	require.NoError(t, os.WriteFile(path+".tmp", []byte("<configurat"), 0o600))
	f := opened(t, path, iis.Options{})
	_, err := f.Write(t.Context(), secured(t, f.Config()))
	require.NoError(t, err)
	require.Len(t, listed(t, path), 2)
}

func TestRestoreRefuses(t *testing.T) {
	path := onDisk(t, []byte(wsus(t)), "")
	f := opened(t, path, iis.Options{})
	require.NoError(t, os.WriteFile(path+".cut.bak", []byte("<configuration>"), 0o600))
	for backup, want := range map[string]string{
		path + ".cut.bak":                     "never closed",
		path + ".gone.bak":                    "",
		filepath.Join(t.TempDir(), "old.bak"): "copy it there",
		"../" + configName:                    "copy it there",
	} {
		_, err := f.Restore(t.Context(), backup)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "restore configuration")
	}
	require.Equal(t, wsus(t), content(t, path))
}

func TestOpenTellsWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.Mkdir(in("folder"), 0o750))
	require.NoError(t, os.WriteFile(in("empty"), nil, 0o600))
	require.NoError(t, os.WriteFile(in("fragment"), []byte("<site/>"), 0o600))
	require.NoError(t, os.WriteFile(in("cut"), []byte("<configuration>\n<sites>"), 0o600))
	require.NoError(t, os.WriteFile(in("real"), []byte(wsus(t)), 0o600))
	require.NoError(t, os.Symlink(in("real"), in("link")))
	require.NoError(t, os.WriteFile(in("huge"), nil, 0o600))
	require.NoError(t, os.Truncate(in("huge"), iis.MaxBytes+1))
	for name, want := range map[string]string{
		"absent":           "is IIS installed?",
		"absent/" + "file": "is IIS installed?",
		"folder":           "name the file in it",
		"empty":            "is empty",
		"fragment":         "not <configuration>",
		"cut":              "never closed",
		"link":             "symbolic link",
		"huge":             "too large",
	} {
		_, err := iis.Open(in(name), iis.Options{})
		require.ErrorContains(t, err, want, name)
		require.ErrorContains(t, err, "open configuration: ")
		require.Equal(t, strings.HasPrefix(name, "absent"), errors.Is(err, fs.ErrNotExist), name)
	}
	require.NoDirExists(t, in("absent"), "reading makes no folder")
}

func TestAReadOnlyFileStays(t *testing.T) {
	path := onDisk(t, []byte(wsus(t)), "")
	require.NoError(t, os.Chmod(path, 0o440))
	f := opened(t, path, iis.Options{})
	_, err := f.Write(t.Context(), secured(t, f.Config()))
	require.ErrorIs(t, err, iis.ErrReadOnly)
	require.Equal(t, []string{configName}, listed(t, path))
}

// refusing is a file system on which creating, or opening, fails.
type refusing struct {
	durable.FS
	create, open error
}

func (r refusing) OpenFile(name string, flag int, perm fs.FileMode) (durable.File, error) {
	switch {
	case flag&os.O_CREATE != 0 && r.create != nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: r.create}
	case r.open != nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: r.open}
	}
	return r.FS.OpenFile(name, flag, perm)
}

func TestRightsAndMediaAreToldApart(t *testing.T) {
	disk := durabletest.New()
	require.NoError(t, durable.WriteFile(disk, configName, []byte(wsus(t)), 0o600))
	for cause, want := range map[error]string{
		syscall.EROFS:  "medium that is read-only",
		syscall.EACCES: "run it elevated",
		syscall.ENOSPC: "no space",
	} {
		f, err := iis.OpenOn(refusing{FS: disk, create: cause}, configName, iis.Options{})
		require.NoError(t, err)
		_, err = f.Write(t.Context(), secured(t, f.Config()))
		require.ErrorIs(t, err, cause)
		require.ErrorContains(t, err, want)
		require.Equal(t, cause == syscall.EROFS, errors.Is(err, iis.ErrReadOnly))
	}
	_, err := iis.OpenOn(refusing{FS: disk, open: syscall.EACCES}, configName, iis.Options{})
	require.ErrorIs(t, err, fs.ErrPermission)
	require.ErrorContains(t, err, "only administrators may")
	require.NotErrorIs(t, err, fs.ErrNotExist)
}
