package wsus_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// The shape of a real Windows 11 agent's request against a real catalogue: 94 installed and 1,367 other cached revisions, 26 KB.
const (
	benchInstalled = 94
	benchCached    = 1367
	benchNonLeaf   = 450
	benchSoftware  = 5000
)

// syncRequest composes the body of the request that the benchmark is about, and the catalogue's server.
func syncRequest(t testing.TB) (server *wsus.Server, body []byte) {
	docs := make([]document, 0, benchNonLeaf+benchSoftware)
	for i := range benchNonLeaf {
		d := document{id: id(i + 1), kind: "Detectoid", title: fmt.Sprint("detectoid ", i)}
		if i > 20 {
			d.prerequisites = [][]uuid.UUID{{id(i%20 + 1)}}
		}
		docs = append(docs, d)
	}
	for i := range benchSoftware {
		docs = append(docs, document{id: id(10_000 + i), title: fmt.Sprint("update ", i), deployable: true, prerequisites: [][]uuid.UUID{
			{id(i%benchNonLeaf + 1)}, {id(i%7 + 1), id(i%13 + 20)}}})
	}
	server = newServer(t, docs...)
	recorder := &recordBody{inProcess: inProcess{server}}
	agent := newWUA(t, server, "bench", "")
	agent.Client, _ = clientsync.NewClient("http://wsus.test:8530", &http.Client{Transport: recorder})
	p := clientsync.SyncParameters{NeedTwoGroupOutOfScopeUpdates: true}
	for i := range int32(benchInstalled) {
		p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, i+1)
	}
	for i := range int32(benchCached) {
		p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, benchNonLeaf+1+i)
	}
	agent.sync(t, p)
	// What a real agent sends along and no server reads: its attributes. They bring the request to its real size.
	attributes := strings.Repeat("IsCloudDomainJoined=0;DeviceFamily=Windows.Desktop;", 80)
	body = bytes.Replace(recorder.body, []byte("</parameters>"), []byte("<ProductsParameters><SyncCurrentVersionOnly>false</SyncCurrentVersionOnly>"+
		"<DeviceAttributes>"+attributes+"</DeviceAttributes></ProductsParameters></parameters>"), 1)
	require.InDelta(t, 26_000, len(body), 1_000, "the request has the size of a real one")
	return server, body
}

type recordBody struct {
	inProcess
	body []byte
}

func (r *recordBody) RoundTrip(req *http.Request) (*http.Response, error) {
	r.body, _ = io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(r.body))
	return r.inProcess.RoundTrip(req)
}

func post(handler http.Handler, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/ClientWebService/client.asmx", bytes.NewReader(body))
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// bareHandler is the limit: it reads the same body and writes as many bytes as the server did.
func bareHandler(answer []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) == 0 {
			http.Error(w, "no body", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer)
	})
}

// xmlRequest is the same message for encoding/xml.
type xmlRequest struct {
	Body struct {
		SyncUpdates struct {
			Parameters struct {
				Installed []int32 `xml:"InstalledNonLeafUpdateIDs>int"`
				Cached    []int32 `xml:"OtherCachedUpdateIDs>int"`
			} `xml:"parameters"`
		} `xml:"SyncUpdates"`
	} `xml:"Body"`
}

// TestBenchmarkLimits keeps the limits honest: the bare handler must do the work that no server can leave out.
func TestBenchmarkLimits(t *testing.T) {
	server, body := syncRequest(t)
	answer := post(server, body)
	require.Equal(t, http.StatusOK, answer.Code)
	bare := post(bareHandler(answer.Body.Bytes()), body)
	require.Equal(t, answer.Body.Len(), bare.Body.Len())
	require.Equal(t, http.StatusBadRequest, post(bareHandler(nil), nil).Code, "it reads the body")
	var decoded xmlRequest
	require.NoError(t, xml.Unmarshal(body, &decoded))
	require.Len(t, decoded.Body.SyncUpdates.Parameters.Installed, benchInstalled)
	require.Len(t, decoded.Body.SyncUpdates.Parameters.Cached, benchCached)
}

// BenchmarkSyncUpdates is a request against a catalogue of 5,450 revisions, through ServeHTTP with cookie, scope and a page of new
// updates in the answer. Beside it, in units of it: the bare handler, and encoding/xml decoding the same body.
func BenchmarkSyncUpdates(b *testing.B) {
	server, body := syncRequest(b)
	answer := post(server, body).Body.Bytes()
	bare := perOperation(func() { post(bareHandler(answer), body) })
	decode := perOperation(func() {
		var decoded xmlRequest
		if err := xml.Unmarshal(body, &decoded); err != nil {
			b.Fatal(err)
		}
	})
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if w := post(server, body); w.Code != http.StatusOK {
			b.Fatal(w.Body.String())
		}
	}
	server1 := float64(b.Elapsed()) / float64(b.N)
	b.ReportMetric(server1/float64(bare), "x-bare")
	b.ReportMetric(server1/float64(decode), "x-encoding/xml")
}

// perOperation times the limit in the same run.
func perOperation(f func()) time.Duration {
	const rounds = 200
	began := time.Now()
	for range rounds {
		f()
	}
	return time.Since(began) / rounds
}
