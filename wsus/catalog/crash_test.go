package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// seen is what a catalogue shows of every revision: its id must stay the same for ever.
func seen(t *testing.T, g *catalog.Generation) map[metadata.Identity]int32 {
	t.Helper()
	out := map[metadata.Identity]int32{}
	for r := range g.All() {
		out[r.Identity] = r.ID
		core, err := g.Core(r)
		require.NoError(t, err)
		require.NotEmpty(t, core)
	}
	return out
}

// The machine crashes at every fail point of an import, on a disk that drops what was not synced, or tears it. Afterwards the
// catalogue is the old or the new one, and what was acknowledged is there.
func TestImportSurvivesACrashAtEveryPoint(t *testing.T) {
	for _, torn := range []int{0, 1, 2, 3} {
		t.Run(fmt.Sprintf("torn %d", torn), func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, uint64(torn)))
			before, after := 0, 0
			for point := 1; ; point++ {
				disk := durabletest.New()
				c, err := catalog.OpenWithSegmentLimit(t.Context(), catalog.VolumeOn(disk), 4000)
				require.NoError(t, err)
				first := importAll(t, c, document{id: 1}, document{id: 2})
				acknowledged := seen(t, first)

				disk.FailAt(point)
				result, importErr := c.Import(t.Context(), parse(t, document{id: 3, needs: [][]int{{1}}}, document{id: 4}, document{id: 5}))
				if torn > 0 {
					disk = disk.CrashTorn(random)
				} else {
					disk = disk.Crash()
				}
				c = open(t, catalog.VolumeOn(disk))
				require.NoError(t, c.Check(t.Context()))
				g := c.Generation()
				now := seen(t, g)
				for id, revision := range acknowledged {
					require.Equal(t, revision, now[id])
				}
				if importErr == nil {
					require.EqualValues(t, result.Generation.Number(), g.Number())
					require.Len(t, now, 5)
					require.Greater(t, before, 10, "crashes must have fallen before the swap")
					require.Positive(t, after, "and between the swap and its acknowledgement")
					return
				}
				require.ErrorIs(t, importErr, durabletest.ErrCrash)
				if g.Number() == 1 {
					before++
					require.Len(t, now, 2)
				} else {
					after++
					require.Len(t, now, 5)
				}
				// Life goes on, and no id is given twice.
				importAll(t, c, document{id: 6})
				again := seen(t, c.Generation())
				require.Len(t, again, len(now)+1)
				for id, revision := range now {
					require.Equal(t, revision, again[id])
				}
				require.EqualValues(t, len(now)+1, again[identity(6, 1)])
				require.NoError(t, c.Check(t.Context()))
			}
		})
	}
}

func TestOpenSurvivesACrashAtEveryPoint(t *testing.T) {
	for point := 1; ; point++ {
		disk := durabletest.New()
		disk.FailAt(point)
		_, err := catalog.Open(t.Context(), catalog.VolumeOn(disk))
		c := open(t, catalog.VolumeOn(disk.Crash()))
		importAll(t, c, document{id: 1})
		if err == nil {
			require.Greater(t, point, 10)
			return
		}
		require.ErrorIs(t, err, durabletest.ErrCrash)
	}
}

// The process ends in the middle of an import and the page cache survives. What the next process shows must survive a crash of
// the machine after that.
func TestWhatOpenShowsIsDurable(t *testing.T) {
	for point := 1; ; point++ {
		disk := durabletest.New()
		c := open(t, catalog.VolumeOn(disk))
		disk.FailAt(point)
		_, err := c.Import(t.Context(), parse(t, document{id: 1}))
		disk = disk.CrashTorn(rand.New(everything{}))
		shown := seen(t, open(t, catalog.VolumeOn(disk)).Generation())
		require.Equal(t, shown, seen(t, open(t, catalog.VolumeOn(disk.Crash())).Generation()), "point %d", point)
		if err == nil {
			return
		}
	}
}

// everything is a source of the highest numbers: with it, a torn crash loses nothing.
type everything struct{}

func (everything) Uint64() uint64 { return ^uint64(0) }

// A failure that is no crash: the disk is full for a while. Nothing of the import is in force, and the next one succeeds.
func TestImportCanBeRepeatedAfterAFailure(t *testing.T) {
	for point := 1; ; point++ {
		vol := &failingVolume{Volume: catalog.Memory()}
		c := open(t, vol)
		before := importAll(t, c, document{id: 1})
		vol.failAt = point
		_, err := c.Import(t.Context(), parse(t, document{id: 2}, document{id: 3}))
		if err == nil {
			require.Greater(t, point, 5)
			return
		}
		require.ErrorIs(t, err, errFull)
		require.Same(t, before, c.Generation())
		seen(t, before)
		vol.failAt = 0
		_, err = c.Import(t.Context(), parse(t, document{id: 4}))
		if err != nil {
			require.ErrorIs(t, err, catalog.ErrReopen, "only a swap leaves it open which generation is in force")
			c = open(t, vol)
			importAll(t, c, document{id: 4})
		}
		require.Contains(t, seen(t, c.Generation()), identity(4, 1))
		require.NoError(t, c.Check(t.Context()))
	}
}
