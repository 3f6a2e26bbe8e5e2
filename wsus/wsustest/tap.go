package wsustest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/seed599db172/softwareupdates/internal/xpress"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// maxTapped bounds an answer that is looked at; longer ones pass by unseen.
const maxTapped = 32 << 20

// tap is a RoundTripper that looks at every SOAP answer on its way: its framing, its compression, its form, and whether a fault is one that
// an agent can recover from.
type tap struct {
	next http.RoundTripper

	mu      sync.Mutex
	found   findings
	answers int // in SOAP, faults among them
	packed  int // of the answers
	faults  int
}

func (t *tap) findf(check, format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.found.add(Finding{Check: check, Message: fmt.Sprintf(format, args...)})
}

func (t *tap) count(n *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*n++
}

// RoundTrip implements http.RoundTripper.
func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost {
		return t.next.RoundTrip(r)
	}
	operation := lastPart(r.Header.Get("SOAPAction"))
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxTapped+1))
	rest := response.Body
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), rest}
	if r.Context().Err() != nil {
		return response, nil // it was the client that hung up
	}
	if err != nil {
		t.findf("wire-http", "%s: the body breaks off: %v (0x80244009)", operation, err)
		return response, nil
	}
	if len(body) <= maxTapped {
		t.look(operation, r.URL.Path, response, body)
	}
	return response, nil
}

// look judges one answer. What the way there answers instead of a service is left to the check that asked.
func (t *tap) look(operation, path string, response *http.Response, body []byte) {
	if noService(response.StatusCode) {
		return
	}
	plain, ok := t.expand(operation, response, body)
	if !ok {
		return
	}
	root, err := readElements(plain)
	if err != nil || root.name.Local != "Envelope" {
		what := fmt.Sprintf("a body that is no XML (%v)", err)
		if err == nil {
			what = "<" + root.name.Local + ">"
		}
		t.findf("wire-http", "%s: %s is answered with %s and %s, not SOAP; an agent has nothing to recover with (0x80244007)", operation, path,
			response.Status, what)
		return
	}
	t.count(&t.answers)
	t.lookAtHeaders(operation, response, body)
	reader := contractReader{space: spaceOf(path), found: func(check, message string) {
		t.findf(check, "%s", message)
	}}
	answer := reader.body(root)
	switch {
	case answer == nil:
	case answer.name.Local == "Fault":
		t.lookAtFault(operation, response, answer)
	case answer.name.Local != operation+"Response":
		reader.failf("%s is answered with %s, want %sResponse", operation, answer.name.Local, operation)
	default:
		reader.compare(answer, answer.name.Local, answer.name.Local)
	}
}

// noService is a status that says that no service was asked: redirections, and what proxies, access rules and wrong paths are answered with.
func noService(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusProxyAuthRequired:
		return true
	}
	return status >= 300 && status < 400
}

// expand returns the message that a body means.
func (t *tap) expand(operation string, response *http.Response, body []byte) (plain []byte, ok bool) {
	switch encoding := strings.ToLower(response.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		return body, true
	case "xpress":
		plain, err := xpress.Decode(nil, body, maxTapped)
		if err != nil {
			t.findf("wire-xpress", "%s: the compressed body cannot be read: %v", operation, err)
			return nil, false
		}
		t.count(&t.packed)
		return plain, true
	default:
		t.findf("wire-xpress", "%s: Content-Encoding is %q; xpress is the only one that was asked for", operation, encoding)
		return nil, false
	}
}

func spaceOf(path string) string {
	switch lower := strings.ToLower(path); {
	case strings.Contains(lower, "reportingwebservice"):
		return clientsync.ReportingNamespace
	case strings.Contains(lower, "simpleauthwebservice"):
		return clientsync.SimpleAuthNamespace
	default:
		return clientsync.ClientNamespace
	}
}

func (t *tap) lookAtHeaders(operation string, response *http.Response, body []byte) {
	if kind := response.Header.Get("Content-Type"); !strings.HasPrefix(strings.ToLower(kind), "text/xml") {
		t.findf("wire-http", "%s: Content-Type is %q, want text/xml; charset=utf-8", operation, kind)
	}
	switch {
	case response.ContentLength < 0:
		t.findf("wire-http", "%s: there is no Content-Length; some agents hang up early", operation)
	case response.ContentLength != int64(len(body)):
		t.findf("wire-http", "%s: Content-Length is %d, the body has %d bytes (0x80244009)", operation, response.ContentLength, len(body))
	}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusInternalServerError {
		t.findf("wire-http", "%s: the status is %s; services answer 200, and 500 for faults", operation, response.Status)
	}
}

// lookAtFault wants the form that tells an agent what to do (MS-WUSP §2.2.2.4).
func (t *tap) lookAtFault(operation string, response *http.Response, fault *element) {
	t.count(&t.faults)
	wrong := func(format string, args ...any) {
		t.findf("fault-shape", "the fault of %s: %s", operation, fmt.Sprintf(format, args...))
	}
	if response.StatusCode != http.StatusInternalServerError {
		wrong("the status is %s, want 500", response.Status)
	}
	detail := fault.child("detail")
	if detail == nil {
		detail = fault.child("Detail")
	}
	if detail == nil {
		wrong("there is no detail, so no ErrorCode: an agent ends with 0x8024400D or 0x8024400E instead of recovering")
		return
	}
	code := detail.child("ErrorCode")
	switch {
	case code == nil || code.content() == "":
		wrong("detail has no ErrorCode: an agent ends with 0x8024400D or 0x8024400E instead of recovering")
	case !knownFault(code.content()):
		wrong("ErrorCode %q is not one of the protocol", code.content())
	}
	// Without a space in the reader, children of detail must have none.
	order := []contractField{{name: "ErrorCode"}, {name: "Message"}, {name: "ID"}, {name: "Method"}}
	contractReader{found: func(_, message string) { wrong("%s", message) }}.sequence(detail, order, "detail")
}

func knownFault(code string) bool {
	switch clientsync.FaultCode(code) {
	case clientsync.InvalidCookie, clientsync.ServerChanged, clientsync.ConfigChanged, clientsync.CookieExpired, clientsync.RegistrationRequired,
		clientsync.RegistrationNotRequired, clientsync.InvalidAuthorizationCookie, clientsync.InvalidParameters, clientsync.InternalServerError,
		clientsync.ServerBusy, clientsync.FileLocationChanged:
		return true
	}
	return false
}
