package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// free are flags that let several sites run at once.
var free = []string{"-http", "127.0.0.1:0", "-https", "127.0.0.1:0", "-console", "127.0.0.1:0"}

// TestSiteEndsWithTheTable runs the whole site, over TLS and plain, and compares every machine and update with the table that was
// worked out by hand.
func TestSiteEndsWithTheTable(t *testing.T) {
	rows, err := catalog.Table()
	require.NoError(t, err)
	for _, mode := range []string{"native", "plain"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"-once", "-agents", "6"}, free...)
			if mode == "plain" {
				args = append(args, "-plain")
			}
			o, err := parseOptions(args, io.Discard)
			require.NoError(t, err)
			var log bytes.Buffer
			var table updatepoint.ComplianceTable
			err = live(context.Background(), o, t.TempDir(), newProgress(&log), io.Discard, func(ctx context.Context, h *house, _ []*machine) (err error) {
				table, err = h.site.Compliance(ctx)
				return err
			})
			require.NoError(t, err, log.String())
			requireTable(t, table, o.agents, rows)
			require.NotContains(t, log.String(), "level=ERROR")
			require.Contains(t, log.String(), "has it again")
			require.Contains(t, log.String(), "wait for their maintenance window")
			require.Contains(t, log.String(), "is in its grace period")
		})
	}
}

func requireTable(t *testing.T, table updatepoint.ComplianceTable, machines int, rows []catalog.Row) {
	require.Len(t, table.Updates, len(rows))
	require.Len(t, table.Computers, machines)
	want := make(map[string]catalog.Row)
	for _, row := range rows {
		want[row.ID.String()] = row
	}
	for _, computer := range table.Computers {
		model, _, _ := strings.Cut(computer.Name, "-0")
		for i, update := range table.Updates {
			row, ok := want[update.ID.String()]
			require.True(t, ok, "%s is not in the table", update.Title)
			require.Equal(t, row.After[model], computer.States[i].String(), "%s on %s: %s", row.Title, computer.Name, row.Why)
		}
	}
	require.Equal(t, machines, table.Clients.Compliant)
}

func TestJSONIsTheContract(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), append([]string{"-once", "-json", "-agents", "1", "-data", filepath.Join(t.TempDir(), "new")}, free...), &stdout, &stderr)
	require.Zero(t, code, stderr.String())
	var got map[string]any
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
	require.ElementsMatch(t, []string{"updates", "clients", "states", "compliantClients", "seconds"}, keys(got))
	require.ElementsMatch(t, []string{"unknown", "notRequired", "required", "installed"}, keys(got["states"].(map[string]any)))
	require.EqualValues(t, 1, got["clients"])
	require.EqualValues(t, 1, got["compliantClients"])
}

func keys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestRefusesWithOneClearLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-agents", "-1"}, "-agents -1 is not within 0 and 1000"},
		{[]string{"-http", "nonsense"}, `"nonsense" is no address like 127.0.0.1:8530`},
		{[]string{"-http", "127.0.0.1:9000", "-https", "127.0.0.1:9002"}, "9001"},
		{[]string{"-http", "127.0.0.1:9000", "-https", "127.0.0.2:9001"}, "two ports of one web site"},
		{[]string{"-once", "-agents", "0"}, "-agents must not be 0"},
		{[]string{"stray"}, `unexpected argument "stray"`},
		{append([]string{"-catalog", "nowhere"}, free...), "nowhere"},
		{append([]string{"-catalog", "main.go"}, free...), "cabinets and export files are not read yet"},
	} {
		var stdout, stderr bytes.Buffer
		require.NotZero(t, run(context.Background(), c.args, &stdout, &stderr), c.args)
		require.Empty(t, stdout.String())
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		require.Contains(t, lines[len(lines)-1], "site: ")
		require.Contains(t, lines[len(lines)-1], c.want)
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(context.Background(), []string{"-h"}, &stdout, &stderr))
	require.Contains(t, stderr.String(), "usage: site")
}
