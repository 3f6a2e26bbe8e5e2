package wsus_test

import (
	"encoding/xml"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkDelta is what a settled agent asks all day: a 26 KB request with nothing new in the answer, against a catalogue of
// 5,450 revisions, through ServeHTTP with path, cookie and registration. Beside it, in the same run: a bare handler that reads the
// same body and writes as many bytes, and encoding/xml decoding the same body.
//
// The server's part takes turns with the other two, some hundred requests at a time so that neither works in the caches that
// another has emptied. It prints what is asked of it: how many times its time above the bare handler's goes into encoding/xml's,
// and its allocations above the bare handler's.
func BenchmarkDelta(b *testing.B) {
	d := newDelta(b)
	b.Run("server", func(b *testing.B) {
		var own, bare, reference average
		for b.Loop() {
			own.time(100, func() { d.serve(d.server) })
			bare.time(100, func() { d.serve(d.bare) })
			reference.time(5, func() { d.decode(b) })
		}
		above := own.each() - bare.each()
		b.ReportMetric(own.each(), "ns/op")
		b.ReportMetric(above, "above-bare-ns/op")
		b.ReportMetric(reference.each()/above, "encoding/xml-in-it")
		b.ReportMetric(d.allocations(d.server), "allocs/op")
		b.ReportMetric(d.allocations(d.server)-d.allocations(d.bare), "above-bare-allocs/op")
	})
	b.Run("bare", func(b *testing.B) {
		b.SetBytes(int64(len(d.body)))
		b.ReportAllocs()
		for b.Loop() {
			d.serve(d.bare)
		}
	})
	b.Run("encodingxml", func(b *testing.B) {
		b.SetBytes(int64(len(d.body)))
		b.ReportAllocs()
		for b.Loop() {
			d.decode(b)
		}
	})
}

// average is the time of one of many calls.
type average struct {
	total time.Duration
	calls int
}

func (a *average) time(calls int, f func()) {
	f() // warms the caches
	begin := time.Now()
	for range calls {
		f()
	}
	a.total += time.Since(begin)
	a.calls += calls
}

func (a *average) each() float64 { return float64(a.total.Nanoseconds()) / float64(a.calls) }

// BenchmarkPage is the same agent after an import of a hundred updates: a page of them goes into the answer.
func BenchmarkPage(b *testing.B) {
	d := newDelta(b)
	d.imports(b, 100)
	var own, bare average
	for b.Loop() {
		own.time(20, func() { d.serve(d.server) })
		bare.time(20, func() { d.serve(d.bare) })
	}
	b.ReportMetric(own.each(), "ns/op")
	b.ReportMetric(own.each()/bare.each(), "x-bare")
}

// TestDeltaLimits keeps the limits honest: the server is asked what a settled agent asks and has nothing new; the bare handler
// and encoding/xml do the work that no server can leave out.
func TestDeltaLimits(t *testing.T) {
	d := newDelta(t)
	require.InDelta(t, 26_000, len(d.body), 1_000, "the request has the size of a real one")
	d.serve(d.server)
	require.Equal(t, http.StatusOK, d.answer.status)
	require.Contains(t, string(d.answer.body), "<Truncated>false</Truncated>")
	require.NotContains(t, string(d.answer.body), "<UpdateInfo>")
	require.NotContains(t, string(d.answer.body), "OutOfScope")
	written := len(d.answer.body)
	d.serve(d.bare)
	require.Equal(t, written, len(d.answer.body))
	require.Equal(t, len(d.body), d.bare.read)
	var decoded xmlRequest
	require.NoError(t, xml.Unmarshal(d.body, &decoded))
	require.Len(t, decoded.Body.SyncUpdates.Parameters.Installed, deltaInstalled)
	require.Len(t, decoded.Body.SyncUpdates.Parameters.Cached, deltaCached)

	d.imports(t, 100)
	d.serve(d.server)
	require.Contains(t, string(d.answer.body), "<UpdateInfo>")
	written = len(d.answer.body)
	d.serve(d.bare)
	require.Equal(t, written, len(d.answer.body))
}
