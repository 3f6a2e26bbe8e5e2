package wsustest_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// answerOf is a server that answers everything in one way.
func answerOf(status int, kind, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// TestCheckWhatIsNoServer points the kit at what people point it at by mistake. One check fails and says what to do, the others say that they
// wait for it; none passes, having seen nothing.
func TestCheckWhatIsNoServer(t *testing.T) {
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of those who hang up
	secured.StartTLS()
	defer secured.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	served := func(h http.Handler) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	for _, c := range []struct{ title, url, says string }{
		{"nobody", "http://" + closed.Addr().String(), `connection refused. Is the port right\? WSUS listens on 8530, and on 8531 for TLS$`},
		{"another site", plain.URL, `404 Not Found: 404 page not found. The URL must be the one that has /ClientWebService below it`},
		{"TLS asked in plain", strings.Replace(secured.URL, "https", "http", 1), `400 Bad Request.* does the URL begin with https`},
		{"plain asked in TLS", strings.Replace(plain.URL, "http", "https", 1), `The port speaks plain HTTP: the URL begins with http://`},
		{"an unknown authority", secured.URL, `certificate signed by unknown authority. Name the authority of its certificate as one to trust`},
		{"a login", served(answerOf(http.StatusUnauthorized, "text/plain", "")), `401 Unauthorized. Agents come without credentials`},
		{"a page", served(answerOf(http.StatusOK, "text/html", "<html><body>Welcome</body></html>")), `Whatever answers there is no WSUS$`},
		{"nothing", served(answerOf(http.StatusOK, "text/plain", "")), `Whatever answers there is no WSUS$`},
		{"a secured root", served(answerOf(http.StatusForbidden, "text/plain", "Use https instead.")), `403 Forbidden: Use https instead.$`},
	} {
		t.Run(c.title, func(t *testing.T) {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			report, err := wsustest.Check(context.Background(), wsustest.Config{URL: c.url, Client: &http.Client{Transport: transport}})
			require.NoError(t, err)
			first := report.Results[0]
			require.Equal(t, "reachable", first.ID)
			require.Len(t, first.Messages, 1)
			require.Regexp(t, c.says, first.Messages[0])
			require.NotContains(t, first.Messages[0], "GetConfig: GetConfig")
			for _, r := range report.Results[1:] {
				require.NotEqual(t, wsustest.Pass, r.Outcome, "%s has seen nothing", r.ID)
				require.NotEmpty(t, r.Messages)
			}
			out := text(t, report)
			require.Less(t, strings.Count(out, "\n"), 12, out)
			require.Contains(t, out, "\nfailed: reachable")
			require.Empty(t, report.Changed)
		})
	}
}

// TestCheckAnEmptyServer has nothing to scan; what is said about updates was not seen.
func TestCheckAnEmptyServer(t *testing.T) {
	report, err := wsustest.Check(context.Background(), wsustest.Config{URL: address, Client: &http.Client{Transport: inProcess{emptyServer(t)}}})
	require.NoError(t, err)
	require.Empty(t, report.Failed(), text(t, report))
	for _, id := range []string{"sync-deployment", "sync-once", "sync-leaf", "extended-digests", "content-download"} {
		r, _ := report.Result(id)
		require.Equal(t, wsustest.Skipped, r.Outcome, id)
	}
	for _, id := range []string{"reachable", "cookie-forged", "scan", "wire-contract", "fault-shape"} {
		r, _ := report.Result(id)
		require.Equal(t, wsustest.Pass, r.Outcome, id)
	}
}

// TestCheckInterrupted keeps what was seen before, and does not blame the server for the end.
func TestCheckInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sampleServer(t, nil)
		slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if operation(r) == "StartCategoryScan" {
				<-r.Context().Done()
				return
			}
			server.ServeHTTP(w, r)
		})
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		report, err := wsustest.Check(ctx, wsustest.Config{URL: address, Client: &http.Client{Transport: inProcess{slow}}})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Empty(t, report.Failed(), text(t, report))
		scan, _ := report.Result("scan")
		require.Equal(t, wsustest.Pass, scan.Outcome)
		broken, _ := report.Result("category-scan")
		require.Equal(t, []string{"interrupted"}, broken.Messages)
		later, _ := report.Result("content-download")
		require.Equal(t, []string{fmt.Sprintf("not asked: the examination ended before (%v)", ctx.Err())}, later.Messages)
	})
}
