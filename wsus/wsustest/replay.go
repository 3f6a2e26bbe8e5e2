package wsustest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Replay answers from a transcript. It is an http.Handler and an http.RoundTripper, and safe for concurrent use. Requests may differ from the
// recorded ones in what differs each time: times, event ids, and the way that XML is written. Whatever else differs is a Divergence.
type Replay struct {
	mu        sync.Mutex
	exchanges []Exchange
	played    []bool
	diverged  []Divergence
}

// Divergence is a request that is not the recorded one.
type Divergence struct {
	// Exchange counts from 1; 0 when nothing like the request was recorded, or all of it has been played.
	Exchange int
	// Request names it: "POST /ClientWebService/client.asmx SyncUpdates".
	Request string
	// Reason says what differs, with the place.
	Reason string
}

// String says it in one line.
func (d Divergence) String() string {
	if d.Exchange == 0 {
		return fmt.Sprintf("%s: %s", d.Request, d.Reason)
	}
	return fmt.Sprintf("%s, recorded as exchange %d: %s", d.Request, d.Exchange, d.Reason)
}

// NewReplay answers each exchange once. Requests of services must come in the recorded order; those of files may come in any.
func NewReplay(exchanges []Exchange) *Replay {
	return &Replay{exchanges: slices.Clone(exchanges), played: make([]bool, len(exchanges))}
}

// Divergences are those so far.
func (r *Replay) Divergences() []Divergence {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.diverged)
}

// Left counts the exchanges that nobody has asked for.
func (r *Replay) Left() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := 0
	for _, played := range r.played {
		if !played {
			left++
		}
	}
	return left
}

// find picks the exchange that answers a request: one that is the same, else the first of the same kind.
func (r *Replay) find(method, path, action, ranges string, body []byte) (Exchange, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := strings.TrimSpace(method + " " + path + " " + lastPart(action))
	want := normalized(body)
	similar, waiting := -1, -1
	for i, e := range r.exchanges {
		if r.played[i] {
			continue
		}
		if e.Method == http.MethodPost && waiting < 0 {
			waiting = i
		}
		if e.Method != method || !strings.EqualFold(e.Path, path) || e.RequestHeader.Get("SOAPAction") != action ||
			e.RequestHeader.Get("Range") != ranges {
			continue
		}
		if e.Request.Cut == 0 && normalized(e.Request.bytes()) == want {
			r.played[i] = true
			if method == http.MethodPost && waiting < i {
				r.diverge(i, name, fmt.Sprintf("it comes before exchange %d, which was recorded earlier", waiting+1))
			}
			return r.answerOf(i, name)
		}
		if similar < 0 {
			similar = i
		}
	}
	if similar < 0 {
		r.diverged = append(r.diverged, Divergence{Request: name, Reason: "nothing like it is left in the transcript"})
		return Exchange{}, false
	}
	r.played[similar] = true
	r.diverge(similar, name, difference(normalized(r.exchanges[similar].Request.bytes()), want))
	return r.answerOf(similar, name)
}

func (r *Replay) diverge(i int, name, reason string) {
	r.diverged = append(r.diverged, Divergence{Exchange: i + 1, Request: name, Reason: reason})
}

func (r *Replay) answerOf(i int, name string) (Exchange, bool) {
	e := r.exchanges[i]
	if e.Answer.Cut > 0 {
		r.diverge(i, name, fmt.Sprintf("its answer was not recorded whole: %d bytes are missing", e.Answer.Cut))
		return Exchange{}, false
	}
	return e, true
}

// lastPart is the operation that a SOAPAction names.
func lastPart(action string) string {
	action = strings.Trim(action, `"`)
	return action[strings.LastIndexByte(action, '/')+1:]
}

// volatile are elements whose text differs in each run.
var volatile = regexp.MustCompile(`(<(?:\w+:)?(?:currentTime|clientTime|TimeAtTarget|EventInstanceID|Expiration)>)[^<]*(</)`)

func normalized(body []byte) string {
	return strings.TrimSpace(volatile.ReplaceAllString(string(body), "$1$2"))
}

// difference shows both texts around the first place where they differ.
func difference(recorded, got string) string {
	at := 0
	for at < len(recorded) && at < len(got) && recorded[at] == got[at] {
		at++
	}
	around := func(text string) string { return text[min(max(at-40, 0), len(text)):min(at+40, len(text))] }
	return fmt.Sprintf("it differs at byte %d: recorded %q, now %q", at, around(recorded), around(got))
}

// ServeHTTP implements http.Handler. What was not recorded is answered by 404.
func (r *Replay) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, DefaultMaxTranscript))
	if err != nil {
		http.Error(w, "the request did not arrive whole", http.StatusBadRequest)
		return
	}
	e, ok := r.find(request.Method, request.URL.RequestURI(), request.Header.Get("SOAPAction"), request.Header.Get("Range"), body)
	if !ok || e.Status == 0 {
		http.Error(w, "not in the transcript", http.StatusNotFound)
		return
	}
	for name, values := range e.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(e.Answer.bytes()) // who asked has gone
}

// RoundTrip implements http.RoundTripper. What was not recorded, and what failed when it was, is an error.
func (r *Replay) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := takeBody(request)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	e, ok := r.find(request.Method, request.URL.RequestURI(), request.Header.Get("SOAPAction"), request.Header.Get("Range"), body)
	switch {
	case !ok:
		return nil, fmt.Errorf("replay: %s %s is not in the transcript", request.Method, request.URL.Path)
	case e.Status == 0:
		return nil, fmt.Errorf("replay: recorded failure: %s", e.Failure)
	}
	answer := e.Answer.bytes()
	length := int64(len(answer))
	if request.Method == http.MethodHead {
		_, _ = fmt.Sscan(e.Header.Get("Content-Length"), &length)
	}
	return &http.Response{Status: fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)), StatusCode: e.Status, Proto: "HTTP/1.1",
		ProtoMajor: 1, ProtoMinor: 1, Header: e.Header.Clone(), ContentLength: length, Body: io.NopCloser(bytes.NewReader(answer)),
		Request: request}, nil
}
