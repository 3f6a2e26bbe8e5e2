package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHelp(t *testing.T) {
	code, stdout, stderr := invoke(t, "-h")
	require.Equal(t, 0, code)
	require.Empty(t, stdout, "only results go to stdout")
	for _, name := range []string{"-catalog", "-facts", "-json", "-all", "-why", "-logic", "windows11-24h2.json"} {
		require.Contains(t, stderr, name)
	}
}

// Bad input ends with one clear line and without a result.
func TestBadInput(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte(`{"name": "pc", "system": `), 0o644))
	empty := t.TempDir()
	for _, test := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no facts", nil, 2, "-facts names no snapshot"},
		{"unknown flag", []string{"-fact", "x"}, 2, "-fact"},
		{"stray argument", []string{"-facts", "server2022.json", "updates"}, 2, `unexpected argument "updates"`},
		{"empty catalog", []string{"-facts", "server2022.json", "-catalog", ""}, 2, "names no folder"},
		{"empty why", []string{"-facts", "server2022.json", "-why", ""}, 2, "-why names no update"},
		{"why and all", []string{"-facts", "server2022.json", "-why", "9900110", "-all"}, 2, "-all lists updates and -why explains one"},
		{"unknown logic", []string{"-facts", "server2022.json", "-logic", "fuzzy"}, 2, "want two-valued or three-valued"},
		{"unknown machine", []string{"-facts", "windows95.json"}, 1, "neither such a file nor such a shipped machine"},
		{"path that climbs", []string{"-facts", "../windows95.json"}, 1, "neither such a file nor such a shipped machine"},
		{"broken machine", []string{"-facts", broken}, 1, "broken.json"},
		{"no such catalog", []string{"-facts", "server2022.json", "-catalog", "nowhere"}, 1, "-catalog nowhere: there is no such file or folder"},
		{"empty folder", []string{"-facts", "server2022.json", "-catalog", empty}, 1, "no update document could be read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := invoke(t, test.args...)
			require.Equal(t, test.code, code, stderr)
			require.Empty(t, stdout)
			require.Contains(t, stderr, test.want)
			require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		})
	}
}
