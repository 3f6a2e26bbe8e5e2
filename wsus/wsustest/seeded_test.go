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
// names, and no other one without a cause; run with -v to see them. Every check has a defect that it finds.
func TestSeededDefects(t *testing.T) {
	all := slices.Concat(scanDefects(), cookieDefects(), extendedDefects(), contentDefects(), wireDefects())
	require.GreaterOrEqual(t, len(all), 25)
	right := serverOf(t, fewUpdates(t), func(c *wsus.Config) { c.PageSize = 8 })
	approveAll(t, right)
	whole := checkSpoiled(t, right, 0, true)
	require.Empty(t, whole.Failed(), text(t, whole))
	names, found := map[string]bool{}, map[string]bool{}
	for _, c := range all {
		require.False(t, names[c.name], "two defects are called %q", c.name)
		names[c.name], found[c.check] = true, true
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
			result, known := report.Result(c.check)
			require.True(t, known, c.check)
			require.Equal(t, wsustest.Fail, result.Outcome, "%s must fail:\n%s", c.check, text(t, report))
			require.Regexp(t, c.says, strings.Join(result.Messages, "\n"))
			var failed []string
			for _, r := range report.Failed() {
				failed = append(failed, r.ID)
			}
			require.ElementsMatch(t, append(strings.Fields(consequences[c.name]), c.check), failed, text(t, report))
			t.Logf("%s: %s", result.ID, result.Messages[0])
		})
	}
	for _, result := range whole.Results {
		require.True(t, found[result.ID], "no defect for %s", result.ID)
	}
	for name := range consequences {
		require.True(t, names[name], "%s is no defect", name)
	}
}

// consequences are the checks that fail beside the one that names the defect, because it spoils what they look at, too.
var consequences = map[string]string{
	"no Deployment":                             "sync-bundles refresh-cache wire-contract",
	"no LastChangeTime":                         "wire-contract",
	"a failure in the middle of a scan":         "sync-leaf sync-unknown-id sync-anchor driver-not-needed driver-only",
	"more with the second scan":                 "sync-deployment-id sync-one-revision sync-unknown-id driver-not-needed driver-only extended-complete extended-locales",
	"endless Truncated":                         "scan sync-empty-page",
	"IsLeaf true for prerequisites":             "refresh-cache",
	"IsLeaf true for one prerequisite":          "refresh-cache",
	"out of scope what the last trip delivered": "scan sync-trips sync-unknown-id driver-only",
	"out of scope what nobody listed":           "scan sync-unknown-id",
	"nothing ever leaves scope":                 "sync-unknown-id",
	"members of bundles for installation":       "refresh-cache",
	"bundles without members":                   "sync-unknown-id sync-lost",
	"no NewCookie":                              "sync-anchor wire-contract",
	"a page of thousands":                       "sync-deployment-id sync-once sync-one-revision sync-out-of-scope",
	"two revisions of an update":                "sync-deployment-id sync-once sync-out-of-scope",
	"changes with metadata":                     "sync-anchor",
	"software in the driver pass":               "driver-not-needed",
	"DriverSyncNotNeeded is wrong":              "driver-only",
	"LastChange is the time of day":             "cookie-forged",
	"another plug-in":                           "authorization",
	"operations without a cookie":               "cookie-forged",
	"half of the revisions described":           "extended-unknown extended-locales",
	"wrong Content-Range":                       "content-range",
	"200 for ranges":                            "content-range content-conditional",
	"206 without Content-Range":                 "content-range",
	"faults without ErrorCode":                  "config-changed authorization cookie-missing cookie-forged registration sync-parameters category-scan extended-locales file-locations events-cookie",
	"faults without detail":                     "config-changed authorization cookie-missing cookie-forged registration sync-parameters category-scan extended-locales file-locations events-cookie",
	"faults with an unknown code":               "cookie-missing cookie-forged events-cookie",
	"a page of HTML for failures":               "paths config-changed authorization cookie-missing cookie-forged registration sync-parameters category-scan extended-locales file-locations events-cookie unknown-operation",
	"damaged compression":                       "cookie-forged",
	"compressed with gzip":                      "cookie-missing cookie-forged refresh-cache",
	"the namespace of another service":          "file-locations",
	"a number that is none":                     "extended-complete extended-unknown extended-locales extended-limit",
	"unknown operations are taken":              "wire-contract",
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
