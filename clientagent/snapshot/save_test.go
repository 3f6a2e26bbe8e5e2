package snapshot_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

func TestSaveAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "machines", "pc1.json")
	_, err := snapshot.Load(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	m := decoded(t, small)
	require.NoError(t, m.Save(path))
	m.Rename("pc2.lab.example")
	require.NoError(t, m.Save(path))
	again, err := snapshot.Load(path)
	require.NoError(t, err)
	require.Equal(t, "pc2.lab.example", again.Name())
	require.Equal(t, encoded(t, m), encoded(t, again))
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left beside the file")
}

func TestLoadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pc1.json")
	require.NoError(t, os.WriteFile(path, []byte("{\n\"nam\": 1}"), 0o600))
	_, err := snapshot.Load(path)
	require.EqualError(t, err, `load machine `+path+`: line 2: field "nam" is not known`)
}

func TestDecodePassesReadErrors(t *testing.T) {
	broken := errors.New("disk is gone")
	_, err := snapshot.Decode(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

// Readers see the machine before or after a change, never between.
func TestConcurrentUse(t *testing.T) {
	m := decoded(t, small)
	core := coreOf(t, `<And><b.FileExists Path="C:\a"/><b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\B"/></And>`, "")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				_, err := m.Install(t.Context(), job(core, command))
				require.NoError(t, err)
				require.NoError(t, m.Remove(t.Context(), core))
			}
		})
		group.Go(func() {
			for range 50 {
				text := encoded(t, m)
				seen := decoded(t, text)
				_, file := seen.File(t.Context(), `C:\a`)
				_, key := seen.Registry(t.Context(), applicability.Native, `SOFTWARE\B`)
				require.False(t, file == nil && key != nil, "half of an installation shows")
			}
		})
	}
	group.Wait()
}
