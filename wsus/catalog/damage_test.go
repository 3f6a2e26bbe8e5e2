package catalog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// sample fills a volume with two generations and closes it.
func sample(t *testing.T, vol catalog.Volume) {
	t.Helper()
	c, err := catalog.Open(t.Context(), vol)
	require.NoError(t, err)
	importAll(t, c, document{id: 1}, document{id: 2, needs: [][]int{{1}}})
	importAll(t, c, document{id: 3, languages: []string{"de"}})
	require.NoError(t, c.Close())
}

// Every single bit of every file is flipped. Either Open refuses, or Check finds it, and both name the file.
func TestEveryFlippedBitIsDetected(t *testing.T) {
	disk := durabletest.New()
	vol := catalog.VolumeOn(disk)
	sample(t, vol)
	entries, err := disk.ReadDir(".")
	require.NoError(t, err)
	flips := 0
	for _, entry := range entries {
		info, err := entry.Info()
		require.NoError(t, err)
		for offset := range info.Size() {
			bit := uint(offset % 8)
			require.NoError(t, disk.Flip(entry.Name(), offset, bit))
			c, err := catalog.Open(t.Context(), vol)
			if err == nil {
				err = c.Check(t.Context())
				require.NoError(t, c.Close())
			}
			var damage *catalog.DamageError
			require.ErrorAs(t, err, &damage, "%s at %d", entry.Name(), offset)
			require.Contains(t, []string{entry.Name(), "CURRENT"}, damage.File)
			if strings.HasPrefix(entry.Name(), "segment") {
				require.LessOrEqual(t, damage.Offset, offset)
			}
			require.NoError(t, disk.Flip(entry.Name(), offset, bit))
			flips++
		}
	}
	require.Greater(t, flips, 4000)
	require.NoError(t, open(t, vol).Check(t.Context()))
}

func TestDamageIsNamed(t *testing.T) {
	for _, c := range []struct {
		title  string
		damage func(t *testing.T, dir string)
		file   string
		says   string
	}{
		{"CURRENT gone", func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "CURRENT"))) },
			"CURRENT", "missing, though there is segment-000001.seg"},
		{"CURRENT empty", func(t *testing.T, dir string) { truncate(t, dir, "CURRENT", 0) }, "CURRENT", `it says ""`},
		{"index gone", func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "generation-0000000002.idx")))
		},
			"CURRENT", "generation-0000000002.idx, which it names, is missing"},
		{"index cut off", func(t *testing.T, dir string) { truncate(t, dir, "generation-0000000002.idx", 100) },
			"generation-0000000002.idx", "checksum"},
		{"index empty", func(t *testing.T, dir string) { truncate(t, dir, "generation-0000000002.idx", 0) },
			"generation-0000000002.idx", "does not begin"},
		{"segment gone", func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "segment-000001.seg")))
		},
			"segment-000001.seg", "it is missing"},
		{"segment cut off", func(t *testing.T, dir string) { truncate(t, dir, "segment-000001.seg", 1000) },
			"segment-000001.seg", "it ends here"},
	} {
		t.Run(c.title, func(t *testing.T) {
			dir := t.TempDir()
			vol, err := catalog.Dir(dir)
			require.NoError(t, err)
			defer vol.Close()
			sample(t, vol)
			c.damage(t, dir)
			_, err = catalog.Open(t.Context(), vol)
			var damage *catalog.DamageError
			require.True(t, errors.As(err, &damage), "%v", err)
			require.Equal(t, c.file, damage.File)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func truncate(t *testing.T, dir, name string, size int64) {
	t.Helper()
	require.NoError(t, os.Truncate(filepath.Join(dir, name), size))
}

// What a crash left behind the known end of a segment is ignored when reading and cut off by the next import.
func TestTornTail(t *testing.T) {
	dir := t.TempDir()
	vol, err := catalog.Dir(dir)
	require.NoError(t, err)
	defer vol.Close()
	sample(t, vol)
	path := filepath.Join(dir, "segment-000001.seg")
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(good, "half of an update"...), 0o600))
	for name, data := range map[string]string{
		"CURRENT.tmp": "generation 9 crc", "generation-0000000003.idx": "SUCATIX1 torn", "segment-000002.seg": "torn"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600))
	}

	c := open(t, vol)
	require.EqualValues(t, 2, c.Generation().Number())
	require.NoError(t, c.Check(t.Context()))
	importAll(t, c, document{id: 4})
	require.NoError(t, c.Check(t.Context()))
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, good, now[:len(good)])
	require.NotContains(t, string(now), "half of an update")
	require.NoError(t, c.Close())
	require.Len(t, seen(t, open(t, vol).Generation()), 4)
}

func TestDamagedTextIsNotSent(t *testing.T) {
	disk := durabletest.New()
	vol := catalog.VolumeOn(disk)
	sample(t, vol)
	c := open(t, vol)
	g := c.Generation()
	r, _ := g.Revision(2)
	segment, offset, _ := catalog.CoreAt(r)
	require.NoError(t, disk.Flip(segment, offset+5, 3))
	_, err := g.Core(r)
	var damage *catalog.DamageError
	require.ErrorAs(t, err, &damage)
	require.Equal(t, catalog.DamageError{File: segment, Offset: offset, Reason: damage.Reason}, *damage)
	other, _ := g.Revision(3)
	_, err = g.Core(other)
	require.NoError(t, err)

	var all *multierror.Error
	require.ErrorAs(t, c.Check(t.Context()), &all)
	require.Len(t, all.Errors, 1)
	require.ErrorContains(t, all, "revision 2")
}

// No index, however made, does more than be refused.
func FuzzDecodeIndex(f *testing.F) {
	c, err := catalog.Open(f.Context(), catalog.Memory())
	require.NoError(f, err)
	f.Add(catalog.IndexBody(c.Generation()))
	f.Add(catalog.IndexBody(importAll(f, c, document{id: 1}, document{id: 2, needs: [][]int{{1}}, languages: []string{"de"}})))
	f.Add(catalog.IndexBody(importAll(f, c, document{id: 3, kind: metadata.Driver, drivers: contosoDrivers})))
	f.Add([]byte{})
	require.NoError(f, c.Close())
	f.Fuzz(func(t *testing.T, body []byte) {
		g, err := catalog.DecodeIndex(body)
		if err != nil {
			var damage *catalog.DamageError
			require.ErrorAs(t, err, &damage)
			return
		}
		for r := range g.All() {
			found, ok := g.Revision(r.ID)
			require.True(t, ok && found == r)
		}
	})
}
