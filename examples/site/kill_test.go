package main

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// TestKilledSiteGoesOn kills the program again and again on one data folder, wherever it is at that moment, and lets it then run to
// its end: the end must be the one of the table.
func TestKilledSiteGoesOn(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "site")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	data := t.TempDir()
	args := append([]string{"-data", data, "-agents", "3"}, free...)

	unfinished := 0
	for _, after := range []time.Duration{400, 900, 1500, 2500, 4000, 5500} {
		var log bytes.Buffer
		site := exec.Command(binary, args...)
		site.Stderr = &log
		require.NoError(t, site.Start())
		timer := time.AfterFunc(after*time.Millisecond, func() { _ = site.Process.Kill() })
		require.Error(t, site.Wait(), "it was killed")
		timer.Stop()
		require.NotContains(t, log.String(), "site: ", "it did not end by itself")
		if !strings.Contains(log.String(), "all deployments have reached their end state") {
			unfinished++
		}
	}
	require.Positive(t, unfinished, "no kill fell before the end: the test proves nothing")

	o, err := parseOptions(append(args, "-once"), io.Discard)
	require.NoError(t, err)
	var log bytes.Buffer
	var table updatepoint.ComplianceTable
	err = live(context.Background(), o, data, newProgress(&log), io.Discard, func(ctx context.Context, h *house, _ []*machine) (err error) {
		table, err = h.site.Compliance(ctx)
		return err
	})
	require.NoError(t, err, log.String())
	rows, err := catalog.Table()
	require.NoError(t, err)
	requireTable(t, table, o.agents, rows) // also: no machine was registered twice
}

// TestSecondProcessIsRefused holds that two programs never share a data folder.
func TestSecondProcessIsRefused(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "site")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	data := t.TempDir()
	first := exec.Command(binary, append([]string{"-data", data, "-agents", "0"}, free...)...)
	log, err := first.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, first.Start())
	defer func() { _ = first.Process.Kill(); _ = first.Wait() }()
	seen := make([]byte, 0, 4096)
	for !bytes.Contains(seen, []byte("data folder")) {
		chunk := make([]byte, 512)
		n, err := log.Read(chunk)
		require.NoError(t, err, string(seen))
		seen = append(seen, chunk[:n]...)
	}
	var stderr bytes.Buffer
	second := exec.Command(binary, append([]string{"-data", data, "-once"}, free...)...)
	second.Stderr = &stderr
	require.Error(t, second.Run())
	require.Contains(t, stderr.String(), "in use by process")
}
