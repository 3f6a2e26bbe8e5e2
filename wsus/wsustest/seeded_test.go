package wsustest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// TestSeededDefects spoils a server that passes every check in one way at a time. The check that the table names must fail, in the words that it
// names; run with -v to see them.
func TestSeededDefects(t *testing.T) {
	all := slices.Concat(scanDefects(), cookieDefects(), extendedDefects(), contentDefects(), wireDefects())
	require.GreaterOrEqual(t, len(all), 25)
	right := serverOf(t, fewUpdates(t), func(c *wsus.Config) { c.PageSize = 8 })
	approveAll(t, right)
	names := map[string]bool{}
	for _, c := range all {
		require.False(t, names[c.name], "two defects are called %q", c.name)
		names[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			last, kept = "", ""
			var report wsustest.Report
			if c.check == "cookie-expired" {
				synctest.Test(t, func(t *testing.T) {
					report = checkSpoiled(t, c.defect(serverOf(t, fewUpdates(t), nil)), 2*time.Hour, true)
				})
			} else {
				report = checkSpoiled(t, c.defect(right), 0, c.name != "no Content-Length" && c.name != "damaged compression")
			}
			result, found := report.Result(c.check)
			require.True(t, found, c.check)
			require.Equal(t, wsustest.Fail, result.Outcome, "%s must fail:\n%s", c.check, text(t, report))
			require.Regexp(t, c.says, strings.Join(result.Messages, "\n"))
			t.Logf("%s: %s", result.ID, result.Messages[0])
		})
	}
}

// checkSpoiled examines a server, in the process or, for what only a network shows, over one.
func checkSpoiled(t *testing.T, server http.Handler, wait time.Duration, inside bool) wsustest.Report {
	config := wsustest.Config{URL: address, Client: &http.Client{Transport: inProcess{server}}, Wait: wait}
	if !inside {
		over := httptest.NewServer(server)
		defer over.Close()
		config.URL, config.Client = over.URL, over.Client()
	}
	report, err := wsustest.Check(context.Background(), config)
	require.NoError(t, err)
	return report
}
