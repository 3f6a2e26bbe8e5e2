package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// sampleServer is a WSUS with the sample catalogue, over TLS, and the file of its certificate authority.
func sampleServer(t *testing.T) (url, ca string) {
	server, err := wsus.NewServer(context.Background(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	require.NoError(t, err)
	_, err = server.Import(context.Background(), catalog.Files())
	require.NoError(t, err)
	listener := httptest.NewTLSServer(server)
	t.Cleanup(listener.Close)
	ca = filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pemOf(listener.Certificate()), 0o600))
	return listener.URL, ca
}

type output struct {
	Updates []struct {
		ID, Title, State string
		Revision         int
	}
}

func agent(t *testing.T, args ...string) output {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(t.Context(), append(args, "-once", "-json"), thisComputer(&stdout, &stderr)), stderr.String())
	var out output
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &out))
	return out
}

// TestAgainstTheTable scans each shipped machine over the wire, installs what is required, and compares with the table made by hand.
func TestAgainstTheTable(t *testing.T) {
	url, ca := sampleServer(t)
	rows, err := catalog.Table()
	require.NoError(t, err)
	words := map[string]string{"installed": catalog.Installed, "required": catalog.Required, "notRequired": catalog.NotRequired}
	for _, model := range []string{"windows10-22h2", "windows11-24h2", "server2022"} {
		t.Run(model, func(t *testing.T) {
			args := []string{"-server", url, "-ca", ca, "-facts", model + ".json", "-data", t.TempDir()}
			for _, step := range []struct {
				args []string
				want func(catalog.Row) string
			}{
				{args, func(r catalog.Row) string { return r.Before[model] }},
				{args, func(r catalog.Row) string { return r.Before[model] }}, // with the cookie and the cache that it kept
				{append(args, "-install"), func(r catalog.Row) string { return r.After[model] }},
				{args, func(r catalog.Row) string { return r.After[model] }},
			} {
				got := map[string]string{}
				for _, u := range agent(t, step.args...).Updates {
					require.NotEmpty(t, u.Title)
					got[u.ID] = words[u.State]
				}
				for _, row := range rows {
					state, listed := got[row.ID.String()]
					if !listed {
						state = catalog.NotRequired // never sent to this machine
					}
					require.Equal(t, step.want(row), state, "%s: %s", row.Title, row.Why)
				}
			}
		})
	}
}

func TestText(t *testing.T) {
	url, ca := sampleServer(t)
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"-server", url, "-ca", ca, "-facts", "server2022.json", "-once"}, thisComputer(&stdout, &stderr)), stderr.String())
	require.Contains(t, stdout.String(), "STATE")
	require.Regexp(t, `\d+ updates: \d+ installed, \d+ required, \d+ not required, 0 unknown`, stdout.String())
}

func TestRefusesWithOneClearLine(t *testing.T) {
	url, ca := sampleServer(t)
	damaged := filepath.Join(t.TempDir(), "damaged.json")
	require.NoError(t, os.WriteFile(damaged, []byte("{\n\"name\": \"pc1\","), 0o600))
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "-server or -site must say"},
		{[]string{"-server", "ftp://x", "-facts", "server2022.json"}, "no URL like"},
		{[]string{"-server", url, "-site", url, "-facts", "x"}, "exclude each other"},
		{[]string{"-server", url}, "real Windows is not built yet"},
		{[]string{"-server", url, "-facts", "nowhere.json"}, "neither such a file nor such a shipped machine"},
		{[]string{"-server", url, "-facts", "server2022.json", "-once"}, "give the file with the server's certificate authority with -ca"},
		{[]string{"-server", url, "-facts", "server2022.json", "-ca", "main.go"}, "no certificate in PEM form"},
		{[]string{"-server", "http://127.0.0.1:1", "-facts", "server2022.json", "-once"}, "refused; check that the server runs"},
		{[]string{"-site", url, "-ca", ca, "-facts", "server2022.json", "-once"}, "-server takes a WSUS server, -site a site"},
		{[]string{"-server", strings.Replace(url, "https", "http", 1), "-facts", "server2022.json", "-once"}, "check http or https"},
		{[]string{"-server", url, "-facts", damaged}, "line 2: the file ends too early"},
	} {
		var stdout, stderr bytes.Buffer
		require.NotZero(t, run(t.Context(), c.args, thisComputer(&stdout, &stderr)), c.args)
		require.Empty(t, stdout.String())
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		require.Contains(t, lines[len(lines)-1], "agent: ")
		require.Contains(t, lines[len(lines)-1], c.want)
	}
}
