package iis_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// meddling calls hooks before what a write does; an error of a hook is that of the operation.
type meddling struct {
	durable.FS
	create, rename func(name string) error
	sync           func() error
}

func (m meddling) OpenFile(name string, flag int, perm fs.FileMode) (durable.File, error) {
	if flag&os.O_CREATE != 0 && m.create != nil {
		if err := m.create(name); err != nil {
			return nil, err
		}
	}
	return m.FS.OpenFile(name, flag, perm)
}

func (m meddling) Rename(from, to string) error {
	if m.rename != nil {
		if err := m.rename(to); err != nil {
			return err
		}
	}
	return m.FS.Rename(from, to)
}

func (m meddling) SyncDir(name string) error {
	if m.sync != nil {
		if err := m.sync(); err != nil {
			return err
		}
	}
	return m.FS.SyncDir(name)
}

func diskNames(t *testing.T, disk *durabletest.Disk) []string {
	t.Helper()
	entries, err := disk.ReadDir(".")
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// Faults in the midst of a write: what is left, what the caller is told, and what the next write does.
func TestFaultsWithinAWrite(t *testing.T) {
	const backupName = configName + ".20261125T120000Z.bak"
	broken := errors.New("broken")
	old := wsus(t)
	write := func(disk *durabletest.Disk, m meddling) (*iis.File, string, error) {
		require.NoError(t, durable.WriteFile(disk, configName, []byte(old), 0o600))
		m.FS = disk
		f, err := iis.OpenOn(m, configName, iis.Options{Now: noon})
		require.NoError(t, err)
		backup, err := f.Write(t.Context(), secured(t, f.Config()))
		return f, backup, err
	}
	at := func(disk *durabletest.Disk, name string) string { return onCrashed(t, disk, name) }

	t.Run("somebody writes while the new file is written", func(t *testing.T) {
		disk := durabletest.New()
		_, backup, err := write(disk, meddling{create: func(name string) error {
			if !strings.HasSuffix(name, ".tmp") {
				return nil
			}
			return durable.WriteFile(disk, configName, []byte("<configuration/>"), 0o600)
		}})
		require.ErrorIs(t, err, iis.ErrChanged)
		require.Empty(t, backup)
		require.Equal(t, "<configuration/>", at(disk, configName))
		require.Equal(t, []string{configName}, diskNames(t, disk))
	})
	t.Run("the new file cannot be made", func(t *testing.T) {
		disk := durabletest.New()
		_, backup, err := write(disk, meddling{create: func(name string) error {
			if strings.HasSuffix(name, ".tmp") {
				return broken
			}
			return nil
		}})
		require.ErrorIs(t, err, broken)
		require.Empty(t, backup)
		require.Equal(t, old, at(disk, configName))
		require.Equal(t, []string{configName}, diskNames(t, disk))
	})
	t.Run("the backup is not durable", func(t *testing.T) {
		disk := durabletest.New()
		_, backup, err := write(disk, meddling{sync: func() error { return broken }})
		require.ErrorIs(t, err, broken)
		require.Empty(t, backup)
		require.Equal(t, old, at(disk, configName))
		require.Equal(t, []string{configName}, diskNames(t, disk))
	})
	t.Run("the rename fails", func(t *testing.T) {
		disk := durabletest.New()
		f, backup, err := write(disk, meddling{rename: func(string) error { return broken }})
		require.ErrorIs(t, err, broken)
		require.True(t, strings.HasSuffix(backup, backupName), "the backup stays: %s", backup)
		require.Equal(t, old, string(f.Config().Bytes()))
		require.Equal(t, []string{configName, backupName}, diskNames(t, disk))
		require.Equal(t, old, at(disk, backupName))
	})
	t.Run("the rename is not durable", func(t *testing.T) {
		disk := durabletest.New()
		syncs := 0
		f, backup, err := write(disk, meddling{sync: func() error {
			if syncs++; syncs == 2 {
				return broken
			}
			return nil
		}})
		require.ErrorIs(t, err, broken)
		require.ErrorContains(t, err, "may be the old one after a crash")
		require.True(t, strings.HasSuffix(backup, backupName))
		require.Equal(t, string(f.Config().Bytes()), at(disk, configName))
		require.NotEqual(t, old, at(disk, configName))
		_, err = f.Restore(t.Context(), backup)
		require.NoError(t, err)
		require.Equal(t, old, at(disk, configName))
	})
}
