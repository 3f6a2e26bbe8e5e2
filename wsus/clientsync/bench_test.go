package clientsync_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// syncUpdatesRequest composes a request like that of a settled agent: 94 installed and 1,367 other ids make 26 KB.
func syncUpdatesRequest(cookie clientsync.Cookie, installed, cached int) []byte {
	var ids [2]strings.Builder
	for i := range installed {
		fmt.Fprintf(&ids[0], "<int>%d</int>", 100_003+37*i)
	}
	for i := range cached {
		fmt.Fprintf(&ids[1], "<int>%d</int>", 200_001+41*i)
	}
	return []byte(envelope(clientsync.ClientNamespace, "SyncUpdates", cookieElement(cookie)+"<parameters><ExpressQuery>false</ExpressQuery>"+
		"<InstalledNonLeafUpdateIDs>"+ids[0].String()+"</InstalledNonLeafUpdateIDs><OtherCachedUpdateIDs>"+ids[1].String()+"</OtherCachedUpdateIDs>"+
		"<SkipSoftwareSync>false</SkipSoftwareSync><NeedTwoGroupOutOfScopeUpdates>true</NeedTwoGroupOutOfScopeUpdates>"+
		"<AlsoPerformRegularSync>false</AlsoPerformRegularSync><ComputerSpec/><ProductsParameters><SyncCurrentVersionOnly>false</SyncCurrentVersionOnly>"+
		"<DeviceAttributes>"+strings.Repeat("OSArchitecture=AMD64;", 30)+"</DeviceAttributes><CallerAttributes>Id=sample;</CallerAttributes><Products/>"+
		"</ProductsParameters></parameters>"))
}

// bare is the limit: a handler that reads the whole body and writes an answer of a given size.
type bare struct {
	buffer []byte
	answer []byte
	read   int
}

func (h *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.read = 0
	for {
		n, err := r.Body.Read(h.buffer)
		h.read += n
		if err != nil {
			break
		}
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(h.answer)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(h.answer)
}

// sink is a ResponseWriter that counts.
type sink struct {
	header  http.Header
	status  int
	written int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(b []byte) (int, error) { s.written += len(b); return len(b), nil }

// course is the same request for each handler.
type course struct {
	body    []byte
	reader  *bytes.Reader
	request *http.Request
	sink    sink
}

func newCourse(t testing.TB, body []byte) *course {
	c := &course{body: body, reader: bytes.NewReader(body), sink: sink{header: http.Header{}}}
	var err error
	c.request, err = http.NewRequest(http.MethodPost, "http://wsus.example.test:8530"+clientsync.ClientPath, nil)
	require.NoError(t, err)
	c.request.Body, c.request.ContentLength = io.NopCloser(c.reader), int64(len(body))
	return c
}

func (c *course) run(h http.Handler) time.Duration {
	c.reader.Reset(c.body)
	c.sink.written = 0
	begin := time.Now()
	h.ServeHTTP(&c.sink, c.request)
	return time.Since(begin)
}

// field is what the benchmark compares: our handler before a trivial backend, and the limit with an answer as long.
func field(t testing.TB) (c *course, ours http.Handler, limit *bare) {
	m := newMemory()
	h := serve(m)
	client, _ := connect(t, h)
	c = newCourse(t, syncUpdatesRequest(shakeHands(t, client, m, "2.90"), 94, 1367))
	trivial := &forgetful{m}
	ours = clientsync.NewHandler(trivial, clientsync.WithClock(m.clock))
	c.run(ours)
	require.Equal(t, http.StatusOK, c.sink.status)
	return c, ours, &bare{buffer: make([]byte, 32<<10), answer: make([]byte, c.sink.written)}
}

// forgetful is a memory that keeps no calls.
type forgetful struct{ *memory }

func (f *forgetful) Sync(_ context.Context, _ clientsync.Bearer, p clientsync.SyncParameters) (clientsync.SyncInfo, int64, error) {
	return clientsync.SyncInfo{Truncated: len(p.OtherCachedUpdateIDs) != 1367}, int64(len(p.InstalledNonLeafUpdateIDs)), nil
}

// The limit does what it is the limit of: it reads all that our handler reads and writes as many bytes.
func TestBenchmarkLimitReadsAndWritesAll(t *testing.T) {
	c, ours, limit := field(t)
	require.InDelta(t, 26_000, len(c.body), 1_000)
	c.run(ours)
	written := c.sink.written
	require.Positive(t, written)
	c.run(limit)
	require.Equal(t, len(c.body), limit.read)
	require.Equal(t, written, c.sink.written)
	require.Equal(t, http.StatusOK, c.sink.status)
}

// BenchmarkSyncUpdatesRequest serves a 26 KB request. In the same run, turn by turn, encoding/xml decodes the same body and the
// bare handler serves it. The usual metrics are ours; x-… is our time over theirs.
func BenchmarkSyncUpdatesRequest(b *testing.B) {
	c, ours, limit := field(b)
	var own, reference, least time.Duration
	for b.Loop() {
		own += c.run(ours)
		begin := time.Now()
		var m syncUpdatesMessage
		if err := xml.Unmarshal(c.body, &m); err != nil || len(m.Body.Parameters.OtherCached) != 1367 {
			b.Fatal(err)
		}
		reference += time.Since(begin)
		least += c.run(limit)
	}
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(b.N) }
	b.ReportMetric(each(own), "ns/op")
	b.ReportMetric(testing.AllocsPerRun(100, func() { c.run(ours) }), "own-allocs")
	b.ReportMetric(each(least), "bare-ns/op")
	b.ReportMetric(each(reference), "encoding/xml-ns/op")
	b.ReportMetric(float64(own)/float64(least), "x-bare")
	b.ReportMetric(float64(own)/float64(reference), "x-encoding/xml")
}

// BenchmarkDecode decodes the same 26 KB request, without serving it. In the same run, turn by turn, encoding/xml decodes it, and the limit
// looks at each of its bytes once.
func BenchmarkDecode(b *testing.B) {
	body := syncUpdatesRequest(clientsync.Cookie{Expiration: time.Date(2026, 2, 14, 14, 0, 0, 0, time.UTC), EncryptedData: make([]byte, 300)}, 94, 1367)
	var decoder clientsync.SyncDecoder
	var own, reference, least time.Duration
	timed := func(total *time.Duration, work func() int) {
		begin := time.Now()
		ids := work()
		*total += time.Since(begin)
		if ids != 94+1367 {
			b.Fatal(ids)
		}
	}
	for b.Loop() {
		timed(&own, func() int {
			installed, cached, err := decoder.Decode(body)
			if err != nil {
				b.Fatal(err)
			}
			return installed + cached
		})
		timed(&reference, func() int {
			var m syncUpdatesMessage
			if err := xml.Unmarshal(body, &m); err != nil {
				b.Fatal(err)
			}
			return len(m.Body.Parameters.Installed) + len(m.Body.Parameters.OtherCached)
		})
		timed(&least, func() int { return countInts(body) })
	}
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(b.N) }
	b.ReportMetric(each(own), "ns/op")
	b.ReportMetric(each(least), "look-ns/op")
	b.ReportMetric(each(reference), "encoding/xml-ns/op")
	b.ReportMetric(float64(own)/float64(least), "x-look")
	b.ReportMetric(float64(reference)/float64(own), "times-as-fast")
}

// countInts looks at each byte of a body once and counts what ends <int>.
func countInts(body []byte) (n int) {
	var last byte
	for i, c := range body {
		if c == 'i' && last == '/' && body[i+1] == 'n' {
			n++
		}
		last = c
	}
	return n
}

// The limit finds all that there is to find, and the decoder the very ids.
func TestDecodeLimitLooksAtAll(t *testing.T) {
	for _, n := range []int{0, 1, 1367} {
		body := syncUpdatesRequest(clientsync.Cookie{Expiration: time.Date(2026, 2, 14, 14, 0, 0, 0, time.UTC), EncryptedData: []byte{1}}, 94, n)
		require.Equal(t, 94+n, countInts(body))
		var decoder clientsync.SyncDecoder
		for range 2 {
			installed, cached, err := decoder.Decode(body)
			require.NoError(t, err)
			require.Equal(t, []int{94, n}, []int{installed, cached})
		}
	}
}
