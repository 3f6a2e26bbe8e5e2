package updatepoint_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// timed is how long so many calls took. A benchmark has one for what it measures and one for its limit, and lets them take turns.
type timed struct {
	total time.Duration
	calls int
}

func (t *timed) run(calls int, call func()) {
	begin := time.Now()
	for range calls {
		call()
	}
	t.total += time.Since(begin)
	t.calls += calls
}

func (t *timed) each() float64 { return float64(t.total.Nanoseconds()) / float64(t.calls) }

// beside reports both, and how many times the limit the measured takes.
func (t *timed) beside(b *testing.B, limit *timed) {
	b.ReportMetric(t.each(), "ns/op")
	b.ReportMetric(limit.each(), "bare-ns/op")
	b.ReportMetric(t.each()/limit.each(), "x-bare")
}

// bareCheck is the limit of a poll in process: one HMAC-SHA256 over a token as long as those of a site.
type bareCheck struct{ secret []byte }

const bareBody = 16 + 8

func (c bareCheck) seal(body []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(body[:bareBody:bareBody], c.mac(body[:bareBody])...))
}

func (c bareCheck) holds(token string) bool {
	data, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(data) == bareBody+sha256.Size && hmac.Equal(data[bareBody:], c.mac(data[:bareBody]))
}

func (c bareCheck) mac(body []byte) []byte {
	h := hmac.New(sha256.New, c.secret)
	h.Write(body)
	return h.Sum(nil)
}

// bareNotModified is the limit of a poll through the handler: it answers every request with 304 and the ETag that the client has.
type bareNotModified struct{ served int }

func (h *bareNotModified) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.served++
	w.Header().Set("ETag", r.Header.Get("If-None-Match"))
	w.WriteHeader(http.StatusNotModified)
}

// The limits do the work of a poll: a token as long as the site's is really checked, and the bare handler's answer is the site's.
func TestPollLimits(t *testing.T) {
	site, token, held := pollSite(t, 2, 3)
	check := bareCheck{secret: make([]byte, sha256.Size)}
	own := check.seal(make([]byte, bareBody))
	require.Len(t, own, len(token))
	require.True(t, check.holds(own))
	require.False(t, check.holds(strings.Replace(own, "A", "B", 1)))
	require.False(t, check.holds(token), "of another secret")

	bare, request := &bareNotModified{}, pollRequest(t, token, held.ETag)
	for _, handler := range []http.Handler{site.Handler(), bare} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request)
		require.Equal(t, http.StatusNotModified, w.Code)
		require.Equal(t, http.Header{"Etag": {`"` + held.ETag + `"`}}, w.Result().Header)
		require.Zero(t, w.Body.Len())
	}
	require.Equal(t, 1, bare.served)
}
