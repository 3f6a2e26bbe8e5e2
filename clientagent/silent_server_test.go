package clientagent_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// hanging takes every request and answers none.
type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A server that takes connections and never answers costs a scan, not the agent: whatever the client's timeouts are, the scan fails in the end
// with the code of a time-out.
func TestServerThatNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.now = time.Now()
		l.config.Now, l.config.HTTPClient = time.Now, &http.Client{Transport: hanging{}}
		l.start()
		_, err := l.agent.Scan(t.Context())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Hour, time.Since(l.now))
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, int32(-2147012894), status.ScanError, "0x80072EE2, the operation timed out")
	})
}

func TestSiteThatNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := clientagent.HTTPWith("http://site.test", &http.Client{Transport: hanging{}})
		begun := time.Now()
		_, err := site.Policy(t.Context(), "token", "")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 2*time.Minute, time.Since(begun))
	})
}
