package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// works are the flags for a machine and a catalogue that were composed to show every part of an explanation: a bundle, alternatives, a
// loop over registry keys, a chain of supersedence, a fact that is missing, a rule that nobody knows and an expired update.
func works(more ...string) []string {
	return append([]string{"-facts", filepath.Join("testdata", "works", "facts.json"), "-catalog", filepath.Join("testdata", "works", "catalog")}, more...)
}

// The output as it was read line by line against the documents and the facts, and found good.
func TestWorksOutput(t *testing.T) {
	for golden, args := range map[string][]string{
		"list.txt":                    nil,
		"list.json":                   {"-json"},
		"list-two-valued.txt":         {"-logic", "two-valued"},
		"why-9907010.txt":             {"-why", "KB9907010"},
		"why-9907010.json":            {"-why", "5f1d0a00-7c3e-4b52-9d10-000000000010", "-json"},
		"why-9907011.txt":             {"-why", "steinbruch crusher 3.0.1"},
		"why-9907011.json":            {"-why", "9907011", "-json"},
		"why-9907013.txt":             {"-why", "dust"},
		"why-9907013.json":            {"-why", "kb 9907013", "-json"},
		"why-9907014.txt":             {"-why", "{5F1D0A00-7C3E-4B52-9D10-000000000014}"},
		"why-9907014.json":            {"-why", "radar", "-json", "-logic", "three-valued"},
		"why-9907014-two-valued.txt":  {"-why", "9907014", "-logic", "two-valued"},
		"why-9907014-two-valued.json": {"-why", "9907014", "-logic", "two-valued", "-json"},
		"why-9907020.txt":             {"-why", "9907020"}, // the bundle, not one of its members
		"why-9907020.json":            {"-why", "9907020", "-json"},
		"why-9907030.txt":             {"-why", "belt monitor"},
		"why-9907030.json":            {"-why", "9907030", "-json"},
	} {
		t.Run(golden, func(t *testing.T) {
			code, stdout, stderr := invoke(t, works(args...)...)
			require.Equal(t, 0, code, stderr)
			require.Empty(t, stderr)
			want, err := os.ReadFile(filepath.Join("testdata", "works", golden))
			require.NoError(t, err)
			require.Equal(t, string(want), stdout)
			if strings.HasSuffix(golden, ".json") {
				require.True(t, json.Valid([]byte(stdout)))
			}
		})
	}
}

// Whatever the list says of an update, the explanation says too.
func TestWhyAgreesWithTheList(t *testing.T) {
	words := map[string][]string{
		"required": {"required"}, "unknown": {"unknown"}, "installed": {"installed"}, "notRequired": {"not applicable", "superseded"},
	}
	for _, machine := range machines() {
		l := list(t, "-facts", machine+".json", "-all")
		for i := 0; i < len(l.Updates); i += 9 {
			update := l.Updates[i]
			code, stdout, stderr := invoke(t, "-facts", machine+".json", "-why", update.ID, "-json")
			require.Equal(t, 0, code, stderr)
			var x struct {
				Machine, Logic string
				Update         struct{ ID, Title, State string }
			}
			require.NoError(t, json.Unmarshal([]byte(stdout), &x))
			require.Equal(t, []string{update.ID, update.Title}, []string{x.Update.ID, x.Update.Title})
			require.Contains(t, words[update.State], x.Update.State, update.Title)
		}
	}
}

func TestWhyWithoutOneUpdate(t *testing.T) {
	for _, test := range []struct {
		name, why, want string
	}{
		{"unknown id", "5f1d0a00-7c3e-4b52-9d10-000000000099", "no update of the catalogue has the id 5f1d0a00-7c3e-4b52-9d10-000000000099"},
		{"unknown number", "KB1", `"KB1" is no id, and no update of the catalogue has it as its KB number or in its title`},
		{"part of several titles", "Crusher 3", `3 updates fit; name one of them by its id:
  5f1d0a00-7c3e-4b52-9d10-000000000012  Steinbruch Crusher 3.0
  5f1d0a00-7c3e-4b52-9d10-000000000011  Steinbruch Crusher 3.0.1
  5f1d0a00-7c3e-4b52-9d10-000000000010  Steinbruch Crusher 3.1` + "\n"},
		{"several, none deployable", "processor", `2 updates fit; name one of them by its id:
  5f1d0a00-7c3e-4b52-9d10-000000000003  ARM64 processor
  5f1d0a00-7c3e-4b52-9d10-000000000002  x64 processor` + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := invoke(t, works("-why", test.why)...)
			require.Equal(t, 1, code)
			require.Empty(t, stdout)
			require.Contains(t, stderr, "scan: -why "+test.why+": "+test.want)
		})
	}
	code, _, stderr := invoke(t, "-facts", "server2022.json", "-why", "e")
	require.Equal(t, 1, code)
	require.Equal(t, 1+mostCandidates+1, strings.Count(stderr, "\n"), "a long list is cut")
	require.Regexp(t, `\n  and \d+ more\n$`, stderr)
}

// The whole title is the update, also where it is a part of other titles.
func TestWhyTakesWholeTitles(t *testing.T) {
	code, stdout, stderr := invoke(t, works("-why", "Steinbruch Crusher 3.0")...)
	require.Equal(t, 0, code, stderr)
	require.Contains(t, stdout, "installed: Steinbruch Crusher 3.0 (")
}

// A real bundle, beside the sample: what keeps it from being considered is named.
func TestWhyOfRealDocuments(t *testing.T) {
	dir := filepath.Join(moduleParent(t), "shared", "testdata", "update-xml")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("shared/testdata is not here")
	}
	code, stdout, stderr := invoke(t, "-facts", "windows11-24h2.json", "-catalog", dir, "-why", "KB2267602")
	require.Equal(t, 0, code, stderr)
	require.Contains(t, stdout, "not applicable: Security Intelligence Update for Microsoft Defender Antivirus")
	require.Contains(t, stdout, "prerequisite 1 of 4: does not hold\n    not known: ")
	require.Contains(t, stdout, "prerequisite 2 of 4: skipped, one before it decided\n")
}
