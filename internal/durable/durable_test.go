package durable_test

import (
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
)

const limit = 1 << 20

func TestWriteFileSurvivesACrashAtEveryPoint(t *testing.T) {
	for _, torn := range []bool{false, true} {
		random := rand.New(rand.NewPCG(1, 2))
		crashed := 0
		for point := 1; ; point++ {
			disk := durabletest.New()
			require.NoError(t, durable.WriteFile(disk, "name", []byte("the old content"), 0o600))
			disk.FailAt(point)
			err := durable.WriteFile(disk, "name", []byte("the new content, longer"), 0o600)
			if torn {
				disk = disk.CrashTorn(random)
			} else {
				disk = disk.Crash()
			}
			got, readErr := durable.ReadFile(disk, "name", limit)
			require.NoError(t, readErr)
			if err == nil {
				require.Equal(t, "the new content, longer", string(got))
				break
			}
			require.ErrorIs(t, err, durabletest.ErrCrash)
			require.Contains(t, []string{"the old content", "the new content, longer"}, string(got))
			crashed++

			require.NoError(t, durable.WriteFile(disk, "name", []byte("again"), 0o600), "a leftover is in nobody's way")
		}
		require.Greater(t, crashed, 10, "the fail points must have been reached")
	}
}

// The disk must be able to show the faults, or the tests above prove nothing.
func TestDiskForgetsWhatWasNotSynced(t *testing.T) {
	write := func(sync, syncDir bool) *durabletest.Disk {
		disk := durabletest.New()
		f, err := disk.OpenFile("a", os.O_CREATE|os.O_WRONLY, 0o600)
		require.NoError(t, err)
		_, err = f.Write([]byte("data"))
		require.NoError(t, err)
		if sync {
			require.NoError(t, f.Sync())
		}
		if syncDir {
			require.NoError(t, disk.SyncDir("."))
		}
		after := disk.Crash()
		require.ErrorIs(t, f.Sync(), durabletest.ErrCrash, "the old machine is gone")
		return after
	}
	_, err := durable.ReadFile(write(true, false), "a", limit)
	require.ErrorIs(t, err, fs.ErrNotExist)
	got, err := durable.ReadFile(write(false, true), "a", limit)
	require.NoError(t, err)
	require.Empty(t, got)
	got, err = durable.ReadFile(write(true, true), "a", limit)
	require.NoError(t, err)
	require.Equal(t, "data", string(got))
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	folder, err := durable.OpenFolder(dir)
	require.NoError(t, err)
	defer folder.Close()

	require.NoError(t, folder.Mkdir("sub", 0o750))
	require.NoError(t, durable.WriteFile(folder, "sub/b", []byte("one"), 0o600))
	require.NoError(t, durable.WriteFile(folder, "sub/b", []byte("two"), 0o600))
	require.NoError(t, durable.WriteFile(folder, "sub/a", nil, 0o600))
	got, err := durable.ReadFile(folder, "sub/b", 3)
	require.NoError(t, err)
	require.Equal(t, "two", string(got))
	_, err = durable.ReadFile(folder, "sub/b", 2)
	require.ErrorIs(t, err, durable.ErrTooLarge)

	entries, err := folder.ReadDir("sub")
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, "a", entries[0].Name())
	if runtime.GOOS != "windows" {
		info, err := entries[1].Info()
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode())
	}
}

func TestFolderKeepsWithinItself(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "outside"), []byte("secret"), 0o600))
	folder, err := durable.OpenFolder(filepath.Join(dir, "inside"))
	require.NoError(t, err)
	defer folder.Close()
	require.NoError(t, os.Symlink(filepath.Join("..", "outside"), filepath.Join(dir, "inside", "link")))
	for _, name := range []string{"../outside", "link", "sub/../../outside"} {
		_, err := folder.OpenFile(name, os.O_RDONLY, 0)
		require.Error(t, err, name)
	}
	_, err = durable.OpenFolder(filepath.Join(dir, "outside"))
	require.ErrorIs(t, err, fs.ErrExist)
}

// Both implementations answer the same to the same steps.
func TestDiskIsLikeFolder(t *testing.T) {
	folder, err := durable.OpenFolder(t.TempDir())
	require.NoError(t, err)
	defer folder.Close()
	for name, fsys := range map[string]durable.FS{"folder": folder, "disk": durabletest.New()} {
		t.Run(name, func(t *testing.T) {
			_, err := fsys.OpenFile("none", os.O_RDWR, 0)
			require.ErrorIs(t, err, fs.ErrNotExist)
			_, err = fsys.OpenFile("no/dir", os.O_RDWR|os.O_CREATE, 0o600)
			require.ErrorIs(t, err, fs.ErrNotExist)
			require.ErrorIs(t, fsys.Remove("none"), fs.ErrNotExist)
			require.ErrorIs(t, fsys.Rename("none", "other"), fs.ErrNotExist)
			require.NoError(t, fsys.Mkdir("d", 0o750))
			require.ErrorIs(t, fsys.Mkdir("d", 0o750), fs.ErrExist)

			f, err := fsys.OpenFile("d/f", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
			require.NoError(t, err)
			_, err = fsys.OpenFile("d/f", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
			require.ErrorIs(t, err, fs.ErrExist)
			_, err = f.WriteAt([]byte("world"), 6)
			require.NoError(t, err)
			_, err = f.Write([]byte("hello,"))
			require.NoError(t, err)
			_, err = f.Seek(0, io.SeekStart)
			require.NoError(t, err)
			all, err := io.ReadAll(f)
			require.NoError(t, err)
			require.Equal(t, "hello,world", string(all))
			require.NoError(t, f.Truncate(5))
			n, err := f.ReadAt(make([]byte, 8), 2)
			require.Equal(t, 3, n)
			require.ErrorIs(t, err, io.EOF)
			require.NoError(t, f.Sync())
			require.NoError(t, f.Close())

			a, err := fsys.OpenFile("d/f", os.O_WRONLY|os.O_APPEND, 0)
			require.NoError(t, err)
			_, err = a.Write([]byte("!"))
			require.NoError(t, err)
			require.NoError(t, a.Close())
			require.NoError(t, fsys.Rename("d/f", "g"))
			require.NoError(t, fsys.SyncDir("."))
			got, err := durable.ReadFile(fsys, "g", limit)
			require.NoError(t, err)
			require.Equal(t, "hello!", string(got))
			entries, err := fsys.ReadDir("d")
			require.NoError(t, err)
			require.Empty(t, entries)
		})
	}
}
