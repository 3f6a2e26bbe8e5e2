package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
)

// counted is the JSON output, read by its contract.
type counted struct {
	Machines int `json:"machines"`
	Updates  []struct {
		ID            string `json:"id"`
		Revision      int    `json:"revision"`
		Title         string `json:"title"`
		Required      int    `json:"required"`
		Installed     int    `json:"installed"`
		NotApplicable int    `json:"notApplicable"`
		Superseded    int    `json:"superseded"`
		Unknown       int    `json:"unknown"`
	} `json:"updates"`
	Missing []struct {
		Fact     string   `json:"fact"`
		Settles  int      `json:"settles"`
		Involved int      `json:"involved"`
		Machines int      `json:"machines"`
		Examples []string `json:"examples"`
	} `json:"missing"`
	Damaged []struct {
		Machine string `json:"machine"`
		Error   string `json:"error"`
	} `json:"damaged"`
}

func count(t *testing.T, args ...string) counted {
	t.Helper()
	code, stdout, stderr := invoke(t, append(args, "-json")...)
	require.Equal(t, 0, code, stderr)
	require.Empty(t, stderr)
	var c counted
	decoder := json.NewDecoder(strings.NewReader(stdout))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&c))
	return c
}

// snapshots are the shipped machines in a folder, a damaged one beside them, and one below that tells nothing.
func snapshots(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, snapshot.Shipped()))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "damaged.json"), []byte(`{"name": "pc"`), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "below"), 0o755))
	silent := `{"name": "silent", "system": {"version": [10, 0, 20348, 1], "productType": 3, "sku": 7, "architecture": 9, "language": "en-US"}, "asked": {}}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "below", "silent.json"), []byte(silent), 0o644))
	return dir
}

// The table beside the catalogue is written by hand.
func TestWhatIfCountsTheHandMadeTable(t *testing.T) {
	rows, err := catalog.Table()
	require.NoError(t, err)
	var args []string
	for _, machine := range machines() {
		args = append(args, "-facts", machine+".json")
	}
	c := count(t, append(args, "-whatif", "all")...)
	require.Equal(t, 3, c.Machines)
	require.Empty(t, c.Missing)
	want, got := map[string][3]int{}, map[string][3]int{}
	for _, row := range rows {
		n := want[row.ID.String()]
		for _, machine := range machines() {
			n[map[string]int{catalog.Required: 0, catalog.Installed: 1, catalog.NotRequired: 2}[row.Before[machine]]]++
		}
		want[row.ID.String()] = n
	}
	for _, u := range c.Updates {
		require.Zero(t, u.Unknown)
		got[u.ID] = [3]int{u.Required, u.Installed, u.NotApplicable + u.Superseded}
	}
	require.Equal(t, want, got)
}

func TestWhatIfOverAFolder(t *testing.T) {
	dir := snapshots(t)
	// The server that tells nothing may need level 2 of the baseline; level 3 is not for servers.
	c := count(t, "-facts", dir, "-whatif", "KB9900112", "-whatif", "Windows hardening baseline, level 3")
	require.Equal(t, 4, c.Machines)
	require.Len(t, c.Updates, 2)
	for i, title := range []string{"Windows hardening baseline, level 3 (KB9900113)", "Windows hardening baseline, level 2 (KB9900112)"} {
		u := c.Updates[i]
		require.Equal(t, title, u.Title)
		require.Equal(t, 4, u.Required+u.Installed+u.NotApplicable+u.Superseded+u.Unknown)
		require.Equal(t, i, u.Unknown, u.Title)
	}
	require.Len(t, c.Damaged, 1)
	require.Equal(t, filepath.Join(dir, "damaged.json"), c.Damaged[0].Machine)
	require.Contains(t, c.Damaged[0].Error, "line 1: the file ends too early")
	require.Len(t, c.Missing, 1)
	require.Equal(t, `registry HKLM\SYSTEM\CurrentControlSet\Control\SampleHardening`, c.Missing[0].Fact)
	require.Equal(t, []int{1, 1, 1}, []int{c.Missing[0].Settles, c.Missing[0].Involved, c.Missing[0].Machines})
	require.Equal(t, []string{filepath.Join(dir, "below", "silent.json")}, c.Missing[0].Examples)

	code, stdout, stderr := invoke(t, "-facts", dir, "-whatif", "KB9900112")
	require.Equal(t, 0, code, stderr)
	for _, part := range []string{"REQUIRED", "Missing facts", "damaged.json: ", "4 machines, 1 update: "} {
		require.Contains(t, stdout, part)
	}
}

func TestWhatIfRefusesBadInput(t *testing.T) {
	empty := t.TempDir()
	for _, test := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"several machines", []string{"-facts", "server2022.json", "-facts", "windows11-24h2.json"}, 2, "only -whatif looks at several machines"},
		{"with why", []string{"-facts", "server2022.json", "-whatif", "all", "-why", "KB9900112"}, 2, "do not go with it"},
		{"two-valued", []string{"-facts", "server2022.json", "-whatif", "all", "-logic", "two-valued"}, 2, "three-valued logic"},
		{"no update", []string{"-facts", "server2022.json", "-whatif", ""}, 2, "names no update"},
		{"unknown update", []string{"-facts", "server2022.json", "-whatif", "KB1"}, 1, "-whatif KB1: "},
		{"unknown machine", []string{"-facts", "server2022.json", "-facts", "windows95.json", "-whatif", "all"}, 1, "-facts windows95.json: there is neither"},
		{"folder without -whatif", []string{"-facts", empty}, 1, "no regular file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := invoke(t, test.args...)
			require.Equal(t, test.code, code, stderr)
			require.Empty(t, stdout)
			require.Contains(t, stderr, test.want)
			require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		})
	}
	code, _, stderr := invoke(t, "-facts", empty, "-whatif", "all")
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "no snapshot could be read")
}
