package wsus_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// The shape of a real Windows 11 agent's request against a real catalogue: 94 installed and 1,367 other cached revisions, 26 KB.
const (
	deltaInstalled = 94
	deltaCached    = 1367
	deltaDetectors = 450
	deltaSoftware  = 5000
	deltaSettled   = 400 // detectoids that ask for nothing
	deltaWanted    = deltaInstalled + deltaCached - deltaSettled
)

// delta is the request of a settled agent, its server and the bare handler, called without a network.
type delta struct {
	server *wsus.Server
	bare   *bareHandler
	*exchange
}

// exchange is a request that is made many times, and its last answer.
type exchange struct {
	body    []byte
	request *http.Request
	reader  *bytes.Reader
	answer  collector
}

func newExchange(t testing.TB, body []byte) *exchange {
	t.Helper()
	x := &exchange{body: body, reader: bytes.NewReader(nil), answer: collector{header: http.Header{}}}
	var err error
	x.request, err = http.NewRequest(http.MethodPost, "http://wsus.test:8530/ClientWebService/client.asmx", nil)
	require.NoError(t, err)
	x.request.Body, x.request.ContentLength = io.NopCloser(x.reader), int64(len(body))
	return x
}

func (x *exchange) serve(h http.Handler) {
	x.reader.Reset(x.body)
	x.answer.status, x.answer.body = 0, x.answer.body[:0]
	h.ServeHTTP(&x.answer, x.request)
}

// deltaCatalogue is the catalogue: of the software, 1,061 ask for what the agent has installed, the others for what it has not.
func deltaCatalogue() []document {
	var docs []document
	for i := range deltaDetectors {
		d := document{id: id(i + 1), kind: "Detectoid", title: fmt.Sprint("detectoid ", i)}
		if i >= deltaSettled {
			d.prerequisites = [][]uuid.UUID{{id(i - 99)}}
		}
		docs = append(docs, d)
	}
	for i := range deltaSoftware {
		d := document{id: id(10_000 + i), title: fmt.Sprint("update ", i), deployable: true,
			prerequisites: [][]uuid.UUID{{id(i%deltaInstalled + 1)}, {id(i%7 + 1), id(200 + i%13)}}}
		if i >= deltaWanted {
			d.prerequisites[0] = []uuid.UUID{id(deltaInstalled + i%306 + 1)}
		}
		docs = append(docs, d)
	}
	return docs
}

func newDelta(t testing.TB) *delta {
	t.Helper()
	d := &delta{server: newServer(t, deltaCatalogue()...)}
	recorder := &recordBody{inProcess: inProcess{d.server}}
	agent := newWUA(t, d.server, "bench", "")
	var err error
	agent.Client, err = clientsync.NewClient("http://wsus.test:8530", &http.Client{Transport: recorder})
	require.NoError(t, err)
	p := clientsync.SyncParameters{NeedTwoGroupOutOfScopeUpdates: true}
	for more := true; more; {
		info := agent.sync(t, p)
		require.Empty(t, info.OutOfScopeRevisionIDs)
		for _, u := range info.NewUpdates {
			if len(p.InstalledNonLeafUpdateIDs) < deltaInstalled {
				p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, u.ID) // the first detectoids come first
			} else {
				p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, u.ID)
			}
		}
		more = len(info.NewUpdates) > 0
	}
	require.Equal(t, deltaCached, len(p.OtherCachedUpdateIDs))
	// What a real agent sends along and no server reads: its attributes. They bring the request to its real size.
	attributes := strings.Repeat("IsCloudDomainJoined=0;DeviceFamily=Windows.Desktop;", 82)
	d.exchange = newExchange(t, bytes.Replace(recorder.body, []byte("</parameters>"), []byte("<ProductsParameters>"+
		"<SyncCurrentVersionOnly>false</SyncCurrentVersionOnly><DeviceAttributes>"+attributes+"</DeviceAttributes></ProductsParameters></parameters>"), 1))
	d.serve(d.server)
	d.bare = newBareHandler(len(d.answer.body))
	return d
}

// imports adds updates that the agent wants.
func (d *delta) imports(t testing.TB, n int) {
	t.Helper()
	docs := make([]document, 0, n)
	for i := range n {
		docs = append(docs, document{id: id(20_000 + i), title: fmt.Sprint("new update ", i), deployable: true, prerequisites: [][]uuid.UUID{{id(1)}}})
	}
	report, err := d.server.Import(t.Context(), folder(docs...))
	require.NoError(t, err)
	require.Empty(t, report.Refused)
	d.serve(d.server)
	d.bare = newBareHandler(len(d.answer.body))
}

func (d *delta) allocations(h http.Handler) float64 {
	return testing.AllocsPerRun(200, func() { d.serve(h) })
}

func (d *delta) decode(t testing.TB) {
	var decoded xmlRequest
	if err := xml.Unmarshal(d.body, &decoded); err != nil {
		t.Fatal(err)
	}
}

// recordBody keeps the body of the last request.
type recordBody struct {
	inProcess
	body []byte
}

func (r *recordBody) RoundTrip(req *http.Request) (*http.Response, error) {
	r.body, _ = io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(r.body))
	return r.inProcess.RoundTrip(req)
}

// collector is a ResponseWriter that keeps its room.
type collector struct {
	header http.Header
	status int
	body   []byte
}

func (c *collector) Header() http.Header         { return c.header }
func (c *collector) WriteHeader(status int)      { c.status = status }
func (c *collector) Write(b []byte) (int, error) { c.body = append(c.body, b...); return len(b), nil }

// bareHandler is the limit: it reads the whole body and writes as many bytes as the server did.
type bareHandler struct {
	buffer, answer []byte
	read           int
}

func newBareHandler(answer int) *bareHandler {
	return &bareHandler{buffer: make([]byte, 32<<10), answer: make([]byte, answer)}
}

func (h *bareHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
