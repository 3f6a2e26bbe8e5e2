package clientagent_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
)

// handlerWire carries requests to a handler in process, and loses none.
type handlerWire struct{ handler http.Handler }

func (w handlerWire) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := &simRecorder{header: http.Header{}, status: http.StatusOK}
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	w.handler.ServeHTTP(answer, r)
	return answer.response(r), nil
}

// simWire carries requests to a site and its server.
type simWire struct{ site *simSite }

func (w simWire) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, "/SMS_MP/") {
		return handlerWire{w.site.management}.RoundTrip(r)
	}
	return handlerWire{w.site.updates}.RoundTrip(r)
}

// wireTape keeps what goes over a wire. It is not for concurrent use.
type wireTape struct {
	wire  http.RoundTripper
	taken []exchange
}

// exchange is a request and its answer.
type exchange struct {
	method, url string
	header      http.Header
	body        string
	status      int
	answer      string
}

func (t *wireTape) RoundTrip(r *http.Request) (*http.Response, error) {
	x := exchange{method: r.Method, url: r.URL.String(), header: r.Header.Clone()}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		x.body = string(body)
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	response, err := t.wire.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	x.status, x.answer = response.StatusCode, string(answer)
	t.taken = append(t.taken, x)
	return response, nil
}

// again sends the request over another wire and reads the answer.
func (x exchange) again(ctx context.Context, wire http.RoundTripper) error {
	r, err := http.NewRequestWithContext(ctx, x.method, x.url, strings.NewReader(x.body))
	if err != nil {
		return err
	}
	r.Header = x.header.Clone()
	response, err := (&http.Client{Transport: wire}).Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// bareHandler is the limit of every server: it reads the whole body and answers so many bytes.
type bareHandler struct {
	size int
	read int
}

func (h *bareHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, _ := io.Copy(io.Discard, r.Body)
	h.read += int(n)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(make([]byte, h.size))
}
