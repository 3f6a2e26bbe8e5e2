package catalog_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// Readers see whole generations while imports go on, also across segments.
func TestReadersDuringImports(t *testing.T) {
	vol, err := catalog.Dir(t.TempDir())
	require.NoError(t, err)
	defer vol.Close()
	c, err := catalog.OpenWithSegmentLimit(t.Context(), vol, 3000)
	require.NoError(t, err)
	defer c.Close()
	const imports, each = 8, 3
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			last := int64(0)
			for !done.Load() {
				g := c.Generation()
				if g.Number() < last || int64(g.Len()) != g.Number()*each {
					t.Errorf("generation %d after %d with %d revisions", g.Number(), last, g.Len())
					return
				}
				last = g.Number()
				for r := range g.All() {
					if core, err := g.Core(r); err != nil || core == "" {
						t.Errorf("core of %d: %v", r.ID, err)
						return
					}
				}
			}
		})
	}
	for i := range imports {
		importAll(t, c, document{id: 3*i + 1}, document{id: 3*i + 2, needs: [][]int{{3*i + 1}}}, document{id: 3*i + 3})
	}
	done.Store(true)
	readers.Wait()
	require.NoError(t, c.Check(t.Context()))
}

func TestImportsTakeTurns(t *testing.T) {
	c := open(t, catalog.Memory())
	var wg sync.WaitGroup
	for i := range 8 {
		updates := parse(t, document{id: 2*i + 1}, document{id: 2*i + 2})
		wg.Go(func() {
			if _, err := c.Import(t.Context(), updates); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 8, c.Generation().Number())
	require.Equal(t, 16, c.Generation().Len())
}
