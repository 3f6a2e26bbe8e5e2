package catalog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// benchRevisions is the size of the catalogue of a real site.
const benchRevisions = 6000

// largeCatalogue makes a folder with a catalogue of that size; every revision has ten categories, as real ones have.
func largeCatalogue(b *testing.B) *catalog.DirVolume {
	b.Helper()
	vol, err := catalog.Dir(b.TempDir())
	require.NoError(b, err)
	b.Cleanup(func() { vol.Close() })
	c, err := catalog.Open(b.Context(), vol)
	require.NoError(b, err)
	text := strings.Repeat("What the update does and why. ", 60)
	for from := 0; from < benchRevisions; from += 1000 {
		var batch []document
		for i := from; i < from+1000; i++ {
			d := document{id: i + 1, title: fmt.Sprintf("Security Update for Product %d", i), more: text}
			for n := range 10 {
				d.needs = append(d.needs, []int{(i*7+n*13)%200 + 1})
			}
			batch = append(batch, d)
		}
		importAll(b, c, batch...)
	}
	require.NoError(b, c.Close())
	return vol
}

// The limit of opening is reading the bytes of the index.
func BenchmarkOpen(b *testing.B) {
	vol := largeCatalogue(b)
	const index = "generation-0000000006.idx"
	var bare time.Duration
	size := int64(0)
	for b.Loop() {
		c, err := catalog.Open(b.Context(), vol)
		require.NoError(b, err)
		require.Equal(b, benchRevisions, c.Generation().Len())
		require.NoError(b, c.Close())

		b.StopTimer()
		started := time.Now()
		r, err := vol.Open(index)
		require.NoError(b, err)
		buf := make([]byte, r.Size())
		_, err = r.ReadAt(buf, 0)
		require.NoError(b, err)
		require.NoError(b, r.Close())
		bare += time.Since(started)
		size = int64(len(buf))
		b.StartTimer()
	}
	b.ReportMetric(float64(bare.Nanoseconds())/float64(b.N), "bare-read-ns/op")
	b.ReportMetric(float64(size), "index-bytes")
}

// The limit of reading a fragment is a bare ReadAt of the same bytes.
func BenchmarkCore(b *testing.B) {
	vol := largeCatalogue(b)
	c, err := catalog.Open(b.Context(), vol)
	require.NoError(b, err)
	defer c.Close()
	g := c.Generation()
	b.Run("AppendCore", func(b *testing.B) {
		var buf []byte
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			r, _ := g.Revision(int32(i%benchRevisions) + 1)
			if buf, err = g.AppendCore(buf[:0], r); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(buf)))
		}
	})
	b.Run("Core", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			r, _ := g.Revision(int32(i%benchRevisions) + 1)
			core, err := g.Core(r)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(core)))
		}
	})
	b.Run("bare ReadAt", func(b *testing.B) {
		open := map[string]catalog.Reader{}
		buf := make([]byte, 1<<20)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			r, _ := g.Revision(int32(i%benchRevisions) + 1)
			name, offset, length := catalog.CoreAt(r)
			f := open[name]
			if f == nil {
				if f, err = vol.Open(name); err != nil {
					b.Fatal(err)
				}
				defer f.Close()
				open[name] = f
			}
			if _, err := f.ReadAt(buf[:length], offset); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(length))
		}
	})
}

// One more revision beside 6,000 others; the limit is the synced writes that no import can do without.
func BenchmarkImportOne(b *testing.B) {
	vol := largeCatalogue(b)
	c, err := catalog.Open(b.Context(), vol)
	require.NoError(b, err)
	defer c.Close()
	id := benchRevisions
	for b.Loop() {
		b.StopTimer()
		id++
		updates := parse(b, document{id: id})
		b.StartTimer()
		_, err := c.Import(b.Context(), updates)
		require.NoError(b, err)
	}
	started := time.Now()
	const syncs = 20
	for range syncs {
		w, err := vol.Append("bare")
		require.NoError(b, err)
		_, err = w.Write([]byte("x"))
		require.NoError(b, err)
		require.NoError(b, w.Sync())
		require.NoError(b, w.Close())
	}
	b.ReportMetric(float64(time.Since(started).Nanoseconds())/syncs, "bare-sync-ns")
}
