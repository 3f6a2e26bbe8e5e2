package catalog_test

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/internal/samplecatalog/sample"
)

// What is committed is what the generator writes, byte for byte.
func TestFilesAreAsGenerated(t *testing.T) {
	want, err := sample.Files()
	require.NoError(t, err)
	require.NoError(t, fs.WalkDir(catalog.Files(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path == "states.csv" {
			return err
		}
		got, err := fs.ReadFile(catalog.Files(), path)
		require.NoError(t, err)
		require.Contains(t, want, path, "the generator does not write it; run go run ./internal/samplecatalog -out examples/site/catalog")
		require.True(t, string(want[path]) == string(got), "%s differs from what the generator writes", path)
		delete(want, path)
		return nil
	}))
	require.Empty(t, want, "files that the generator writes and that are not here")
}

func TestContentStaysSmall(t *testing.T) {
	files, err := sample.Files()
	require.NoError(t, err)
	total := 0
	for _, content := range files {
		total += len(content)
	}
	require.Less(t, total, 4<<20, "the catalogue is part of every clone and of the example's program")
}
