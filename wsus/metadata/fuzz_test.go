package metadata_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// What can be parsed can be cut into fragments, and the Core fragment says the same.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/viewer/update.xml", "testdata/namespaces/update.xml"} {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
		f.Add(utf16le(string(data)))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		u, err := metadata.Parse(doc)
		if err != nil {
			require.IsType(t, &metadata.SyntaxError{}, err)
			return
		}
		fragments, err := u.Fragments()
		require.NoError(t, err)
		core, err := metadata.ParseCore(fragments.Core)
		require.NoError(t, err, fragments.Core)
		require.Equal(t, u.Identity, core.Identity)
		require.Equal(t, u.Relationships, core.Relationships)
		_, err = metadata.ParseExtended(fragments.Extended)
		require.NoError(t, err, fragments.Extended)
	})
}

func FuzzParseFragment(f *testing.F) {
	for _, file := range []string{"viewer/core.xml", "viewer/extended.xml", "viewer/localized-en.xml", "namespaces/core.xml"} {
		data, err := os.ReadFile("testdata/" + file)
		require.NoError(f, err)
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		_, core := metadata.ParseCore(fragment)
		_, extended := metadata.ParseExtended(fragment)
		_, localized := metadata.ParseLocalized(fragment)
		for _, err := range []error{core, extended, localized} {
			if err != nil {
				require.IsType(t, &metadata.SyntaxError{}, err)
			}
		}
	})
}
