package catalog_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// sharedData finds shared/testdata beside the module.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		require.NotEqual(t, dir, filepath.Dir(dir), "there is a go.mod above")
		dir = filepath.Dir(dir)
	}
	shared := filepath.Join(dir, "..", "shared", "testdata")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("shared/testdata is not here")
	}
	return shared
}

// Real documents go in and come out as they were. TestImport shows the same with composed ones.
func TestRealDocuments(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(sharedData(t), "update-xml", "*.xml"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	var updates []*metadata.Update
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		u, err := metadata.Parse(data)
		require.NoError(t, err, name)
		updates = append(updates, u)
	}
	vol, err := catalog.Dir(t.TempDir())
	require.NoError(t, err)
	defer vol.Close()
	c := open(t, vol)
	result, err := c.Import(t.Context(), updates)
	require.NoError(t, err)
	require.Empty(t, result.Refused)
	require.Len(t, result.Added, len(updates))
	require.NoError(t, c.Close())
	c = open(t, vol)
	checkTexts(t, c.Generation(), updates)
	require.NoError(t, c.Check(t.Context()))
	for r := range c.Generation().All() {
		require.NotEmpty(t, r.Title, "%v", r.Identity)
	}
}
