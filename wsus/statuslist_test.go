package wsus_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

var plainGUID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// FuzzStatusLists compares the reader with the sentence that describes it, written down as regular expressions.
func FuzzStatusLists(f *testing.F) {
	f.Add("U=0D9AD1F2-7C58-4A0E-9A5E-2B8F6F3F7A01;0d9ad1f2-7c58-4a0e-9a5e-2b8f6f3f7a02", "V=")
	f.Add("h={0D9AD1F2-7C58-4A0E-9A5E-2B8F6F3F7A01}", "W==;=")
	f.Add("g=urn:uuid:0D9AD1F2-7C58-4A0E-9A5E-2B8F6F3F7A01", "UU=0D9AD1F2-7C58-4A0E-9A5E-2B8F6F3F7A01")
	f.Fuzz(func(t *testing.T, one, two string) {
		got, ok := wsus.StatusLists([]string{one, two})
		require.True(t, ok)
		want := map[string]wsus.UpdateInstallationState{}
		for _, pair := range []struct {
			key   string
			state wsus.UpdateInstallationState
		}{{"U=", wsus.NotInstalled}, {"h=", wsus.Downloaded}, {"g=", wsus.Failed}, {"V=", wsus.Installed}, {"W=", wsus.InstalledPendingReboot}} {
			for _, text := range []string{one, two} {
				value, found := strings.CutPrefix(text, pair.key)
				for _, item := range strings.Split(value, ";") {
					if found && plainGUID.MatchString(item) {
						want[strings.ToLower(item)] = pair.state
					}
				}
			}
		}
		require.Len(t, got, len(want))
		for id, state := range got {
			require.Equal(t, want[id.String()], state)
		}
	})
}
