package wsustest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

func text(t testing.TB, r wsustest.Report) string {
	t.Helper()
	var b bytes.Buffer
	_, err := r.WriteTo(&b)
	require.NoError(t, err)
	return b.String()
}

// TestCheckOurServer runs every check over a network.
func TestCheckOurServer(t *testing.T) {
	server := sampleServer(t, nil)
	approveAll(t, server)
	over := httptest.NewServer(server)
	defer over.Close()
	report, err := wsustest.Check(context.Background(), wsustest.Config{URL: over.URL, Client: over.Client()})
	require.NoError(t, err)
	require.Empty(t, report.Failed(), text(t, report))
	for _, r := range report.Results {
		if r.Outcome == wsustest.Skipped {
			require.Equal(t, "cookie-expired", r.ID, r.Messages)
		}
	}
	t.Log(text(t, report))
	encoded, err := json.Marshal(report)
	require.NoError(t, err)
	require.Contains(t, string(encoded), `"id":"sync-leaf","section":"MS-WUSP 2.2.2.2.4"`)
}

// TestCheckOtherWays runs every check over TLS, without compression, and in small pages.
func TestCheckOtherWays(t *testing.T) {
	server := sampleServer(t, func(c *wsus.Config) { c.PageSize = 3 })
	approveAll(t, server)
	plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		server.ServeHTTP(w, r)
	})
	over := httptest.NewTLSServer(plain)
	defer over.Close()
	report, err := wsustest.Check(context.Background(), wsustest.Config{URL: over.URL, Client: over.Client()})
	require.NoError(t, err)
	require.Empty(t, report.Failed(), text(t, report))
	packed, _ := report.Result("wire-xpress")
	require.Equal(t, wsustest.Skipped, packed.Outcome)
	require.Greater(t, report.Trips, 131/3)
}

func TestCheckRefuses(t *testing.T) {
	_, err := wsustest.Check(context.Background(), wsustest.Config{MaxFiles: -1, Wait: -1})
	require.ErrorContains(t, err, "Config.URL is missing")
	require.ErrorContains(t, err, "Config.MaxFiles is -1")
	require.ErrorContains(t, err, "Config.Wait is -1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = wsustest.Check(ctx, wsustest.Config{URL: address})
	require.ErrorIs(t, err, context.Canceled)
}

// TestCheckCookieLife lets an hour pass, in no time.
func TestCheckCookieLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sampleServer(t, nil)
		client := &http.Client{Transport: inProcess{server}}
		report, err := wsustest.Check(context.Background(), wsustest.Config{URL: address, Client: client, Wait: 2 * time.Hour})
		require.NoError(t, err)
		require.Empty(t, report.Failed(), text(t, report))
		expired, _ := report.Result("cookie-expired")
		require.Equal(t, wsustest.Pass, expired.Outcome)
	})
}
