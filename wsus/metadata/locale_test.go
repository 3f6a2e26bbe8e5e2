package metadata_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func TestPickLocale(t *testing.T) {
	for _, c := range []struct {
		available, wanted []string
		fallback, want    string
	}{
		{[]string{"de", "en"}, []string{"en-US", "en"}, "de", "en"},
		{[]string{"de", "pt-BR", "pt"}, []string{"pt-br", "pt"}, "de", "pt-BR"},
		{[]string{"de", "fr"}, []string{"de-AT", "fr"}, "de", "fr"},
		{[]string{"de", "fr"}, []string{"de-AT"}, "fr", "de"},
		{[]string{"fr", "en"}, []string{"ja"}, "fr", "fr"},
		{[]string{"fr", "en"}, []string{"ja"}, "", "en"},
		{[]string{"fr", "de"}, nil, "", "fr"},
		{nil, []string{"en"}, "en", ""},
	} {
		require.Equal(t, c.want, metadata.PickLocale(c.available, c.wanted, c.fallback), "%+v", c)
	}
}

func TestClassificationsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range metadata.Classifications() {
		require.False(t, seen[c.ID.String()] || seen[c.Name], c.Name)
		seen[c.ID.String()], seen[c.Name] = true, true
	}
	require.True(t, seen["0fa1201d-4330-4fa8-8ae9-b877473b6441"])
}
