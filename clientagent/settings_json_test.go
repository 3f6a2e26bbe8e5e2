package clientagent_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// member reads one member of the JSON of settings by its path; nil when it is not there.
func member(t testing.TB, s clientagent.Settings, path string) any {
	t.Helper()
	text, err := json.Marshal(s)
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal(text, &value))
	for name := range strings.SplitSeq(path, ".") {
		object, is := value.(map[string]any)
		if !is {
			return nil
		}
		value = object[name]
	}
	return value
}

func TestSettingsReadBackFromTheirJSON(t *testing.T) {
	for _, s := range []clientagent.Settings{{}, clientagent.DefaultSettings(), clientagent.DefaultSettings().Effective()} {
		text, err := json.Marshal(s)
		require.NoError(t, err)
		var back clientagent.Settings
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, s, back)
	}
}
