package clientagent

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// errSilent is why an ear ends a download.
var errSilent = errors.New("source has sent nothing for too long")

// ear listens to a download: it ends one from which no byte comes for too long, and tells for how long none came at last.
type ear struct {
	cancel   context.CancelCauseFunc
	patience time.Duration
	timer    *time.Timer

	mu    sync.Mutex
	last  time.Time
	heard bool
}

// listen begins to listen. The first byte has to come within first, each further one within patience.
func listen(ctx context.Context, first, patience time.Duration) (context.Context, *ear) {
	ctx, cancel := context.WithCancelCause(ctx)
	e := &ear{cancel: cancel, patience: patience, last: time.Now()}
	e.timer = time.AfterFunc(first, func() { cancel(errSilent) })
	return ctx, e
}

func (e *ear) close() {
	e.timer.Stop()
	e.cancel(nil)
}

// silence is since when nothing has come, and whether anything has come at all.
func (e *ear) silence() (time.Duration, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Since(e.last), e.heard
}

func (e *ear) hear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last, e.heard = time.Now(), true
	e.timer.Reset(e.patience)
}

// client is hc with every byte of its answers heard.
func (e *ear) client(hc *http.Client) *http.Client {
	listening := *hc
	listening.Transport = eavesdropper{hc.Transport, e}
	return &listening
}

type eavesdropper struct {
	next http.RoundTripper
	ear  *ear
}

// RoundTrip implements http.RoundTripper.
func (d eavesdropper) RoundTrip(r *http.Request) (*http.Response, error) {
	next := d.next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(r)
	if err == nil {
		response.Body = heardBody{response.Body, d.ear}
	}
	return response, err
}

type heardBody struct {
	io.ReadCloser
	ear *ear
}

func (b heardBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.ear.hear()
	}
	return n, err
}
