package clientagent_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// simNet carries the requests of one agent to the handlers, and treats them as a bad network does.
type simNet struct{ owner *simAgent }

// simFate is what becomes of a request.
type simFate int

const (
	simDelivered simFate = iota
	simDropped           // never arrives
	simLost              // arrives, the answer does not
	simTwice             // arrives twice
	simLate              // arrives when nobody waits for the answer any more, behind others
	simBusy              // the server has no time
	simSpoiled           // the answer is not what was sent
	simCut               // the answer ends early
)

var simFates = [...]string{"delivered", "dropped", "answer lost", "duplicated", "delayed behind others", "busy", "content corrupted", "cut"}

func (n *simNet) RoundTrip(r *http.Request) (*http.Response, error) {
	a, w := n.owner, n.owner.world
	if a.store.dead {
		return nil, errDead
	}
	request := simRequest{owner: a, method: r.Method, url: r.URL.String(), header: r.Header, path: r.URL.Path}
	if r.Body != nil {
		var err error
		if request.body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	w.requests++
	a.checkRequest(request)
	if w.away(request) {
		a.log("%s: nobody answers", request.path)
		w.happened("fault: nobody answers at %s", request.kind())
		a.noteAttempt(request, true)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	fate := a.fate(request)
	if fate != simDelivered {
		a.log("%s: fate %d", request.path, fate)
		w.happened("fault: %s", simFates[fate])
		a.noteAttempt(request, fate != simTwice)
	}
	switch fate {
	case simDropped:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	case simLost:
		w.serve(request)
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	case simTwice:
		w.serve(request)
	case simLate:
		w.queue.plan(w.now.Add(time.Duration(1+a.rand.IntN(300))*time.Second), func() { w.serve(request) })
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ETIMEDOUT}
	case simBusy:
		return simAnswer(r, &http.Response{StatusCode: http.StatusServiceUnavailable, Status: "503 Service Unavailable",
			Header: http.Header{}}, nil), nil
	}
	answer, body := w.serve(request)
	switch {
	case fate == simSpoiled && len(body) > 0:
		body = bytes.Clone(body)
		body[a.rand.IntN(len(body))] ^= 0x20
	case fate == simCut:
		body = body[:a.rand.IntN(len(body)+1)]
	}
	a.noteAttempt(request, answer.StatusCode >= http.StatusBadRequest)
	return simAnswer(r, answer, body), nil
}

func simAnswer(r *http.Request, answer *http.Response, body []byte) *http.Response {
	answer.Request, answer.Body = r, io.NopCloser(bytes.NewReader(body))
	answer.ContentLength = int64(len(body))
	return answer
}

// simRequest is a request that can be served again.
type simRequest struct {
	owner             *simAgent
	method, url, path string
	header            http.Header
	body              []byte
}

func (r simRequest) toContent() bool { return strings.HasPrefix(r.path, "/Content/") }
func (r simRequest) toSite() bool    { return strings.HasPrefix(r.path, "/SMS_MP/") }

// kind is what answers a request.
func (r simRequest) kind() string {
	switch {
	case r.toSite():
		return "the site"
	case r.owner.world.point(r) != nil:
		return "another software update point"
	}
	return "the server"
}

// handler is that of the site, or of the server that is asked.
func (w *simWorld) handler(request simRequest) http.Handler {
	if request.toSite() {
		return w.site.management
	}
	if p := w.point(request); p != nil && p.replica != nil {
		return p.replica
	}
	return w.site.updates
}

// serve hands a request to its handler.
func (w *simWorld) serve(request simRequest) (*http.Response, []byte) {
	if len(w.points) > 0 && request.path == clientagent.PolicyPath && request.owner != nil {
		return w.tellPoints(request)
	}
	r, err := http.NewRequest(request.method, request.url, bytes.NewReader(request.body))
	if err != nil {
		panic(err) // it was a request before
	}
	r.Header, r.RemoteAddr = request.header.Clone(), "192.0.2.1:50000"
	recorder := httptest.NewRecorder()
	w.handler(request).ServeHTTP(recorder, r)
	return recorder.Result(), recorder.Body.Bytes()
}
