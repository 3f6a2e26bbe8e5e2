package clientagent_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// simRecorder is the answer of a handler, kept without copies.
type simRecorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *simRecorder) Header() http.Header         { return r.header }
func (r *simRecorder) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *simRecorder) WriteHeader(status int)      { r.status = status }

func (r *simRecorder) response(to *http.Request) *http.Response {
	return &http.Response{StatusCode: r.status, Status: fmt.Sprint(r.status, " ", http.StatusText(r.status)), Proto: "HTTP/1.1", ProtoMajor: 1,
		ProtoMinor: 1, Header: r.header, Request: to, Body: io.NopCloser(bytes.NewReader(r.body.Bytes())), ContentLength: int64(r.body.Len())}
}
