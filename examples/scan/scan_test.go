package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
)

// invoke runs the program.
func invoke(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, log bytes.Buffer
	code = run(t.Context(), args, &out, &log)
	return code, out.String(), log.String()
}

// listing is the JSON output, read by its contract and not by the types that wrote it.
type listing struct {
	Updates []struct {
		ID       string `json:"id"`
		Revision int    `json:"revision"`
		Title    string `json:"title"`
		State    string `json:"state"`
	} `json:"updates"`
}

func list(t *testing.T, args ...string) listing {
	t.Helper()
	code, stdout, stderr := invoke(t, append(args, "-json")...)
	require.Equal(t, 0, code, stderr)
	var l listing
	decoder := json.NewDecoder(strings.NewReader(stdout))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&l))
	return l
}

func machines() []string { return []string{"windows10-22h2", "windows11-24h2", "server2022"} }

// The table beside the catalogue is written by hand.
func TestStatesAreThoseOfTheHandMadeTable(t *testing.T) {
	rows, err := catalog.Table()
	require.NoError(t, err)
	words := map[string]string{catalog.Required: "required", catalog.NotRequired: "notRequired", catalog.Installed: "installed"}
	for _, machine := range machines() {
		t.Run(machine, func(t *testing.T) {
			want, got := map[string]string{}, map[string]string{}
			for _, row := range rows {
				want[row.ID.String()+" "+row.Title] = words[row.Before[machine]]
			}
			for _, update := range list(t, "-facts", machine+".json").Updates {
				got[update.ID+" "+update.Title] = update.State
			}
			require.Equal(t, want, got)
		})
	}
}

// The text of the three machines, as it was read and found good.
func TestTextOutput(t *testing.T) {
	for _, machine := range machines() {
		t.Run(machine, func(t *testing.T) {
			code, stdout, stderr := invoke(t, "-facts", machine+".json")
			require.Equal(t, 0, code)
			require.Empty(t, stderr)
			golden, err := os.ReadFile(filepath.Join("testdata", machine+".txt"))
			require.NoError(t, err)
			require.Equal(t, string(golden), stdout)
		})
	}
}

func TestAllListsMembersToo(t *testing.T) {
	alone, all := list(t, "-facts", "server2022.json"), list(t, "-facts", "server2022.json", "-all")
	require.Len(t, alone.Updates, 61)
	require.Len(t, all.Updates, 61+30)
	for _, update := range all.Updates {
		require.NotContains(t, update.Title, "withdrawn", "an expired update must not be offered")
	}
}
