package iis_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// The machine crashes at every fail point of a write, on a disk that drops what was not synced or tears it. Afterwards the file is
// the old or the new one, whole; where it is the new one, the backup is there, whole; and the next write works.
func TestWriteSurvivesACrashAtEveryPoint(t *testing.T) {
	old := wsus(t)
	next := string(secured(t, parsed(t, []byte(old))).Bytes())
	for torn := range 4 {
		random := rand.New(rand.NewPCG(5, uint64(torn)))
		before, after := 0, 0
		for point := 1; ; point++ {
			disk := durabletest.New()
			require.NoError(t, durable.WriteFile(disk, configName, []byte(old), 0o600))
			f, err := iis.OpenOn(disk, configName, iis.Options{Now: noon})
			require.NoError(t, err)
			disk.FailAt(point)
			backup, writeErr := f.Write(t.Context(), secured(t, f.Config()))
			if torn == 0 {
				disk = disk.Crash()
			} else {
				disk = disk.CrashTorn(random)
			}

			now := onCrashed(t, disk, configName)
			if writeErr == nil {
				require.Equal(t, next, now, "what was acknowledged is there")
			}
			switch now {
			case old:
				before++
			case next:
				after++
				require.Equal(t, old, onCrashed(t, disk, configName+".20261125T120000Z.bak"))
			default:
				require.Fail(t, "neither the old nor the new file", "point %d: %d bytes", point, len(now))
			}
			if backup == "" {
				require.Equal(t, old, now, "an error without a backup changed nothing")
			}
			again, err := iis.OpenOn(disk, configName, iis.Options{Now: noon})
			require.NoError(t, err)
			_, err = again.Write(t.Context(), secured(t, again.Config()))
			require.NoError(t, err)
			require.Equal(t, next, onCrashed(t, disk, configName))
			requireNoTemp(t, disk, now == old)
			if writeErr == nil {
				break
			}
		}
		require.Greater(t, before, 10, "crashes must have fallen before the rename")
		require.Positive(t, after, "and behind it")
	}
}

func onCrashed(t *testing.T, disk *durabletest.Disk, name string) string {
	t.Helper()
	data, err := durable.ReadFile(disk, name, iis.MaxBytes)
	require.NoError(t, err)
	return string(data)
}

// requireNoTemp says that a write that had something to write has cleaned up behind the one that crashed.
func requireNoTemp(t *testing.T, disk *durabletest.Disk, wrote bool) {
	t.Helper()
	entries, err := disk.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		require.False(t, wrote && strings.HasSuffix(e.Name(), ".tmp"), e.Name())
	}
}
