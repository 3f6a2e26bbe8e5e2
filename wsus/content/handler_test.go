package content_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// serve starts a server with the given files in a folder.
func serve(t *testing.T, files map[content.Ref][]byte) *httptest.Server {
	t.Helper()
	store, err := content.Dir(t.TempDir())
	require.NoError(t, err)
	for ref, data := range files {
		require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
	}
	server := httptest.NewServer(content.Handler(store))
	t.Cleanup(server.Close)
	return server
}

// do sends a request and returns the answer with its body read.
func do(t *testing.T, method, url string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, body
}

// Delivery Optimization fetches aligned closed ranges of 1 MiB in random order over several connections; the last ends with
// the file.
func TestDeliveryOptimization(t *testing.T) {
	const piece, connections = 1 << 20, 5
	data, ref := payload(7*piece+12_345, 20)
	server := serve(t, map[content.Ref][]byte{ref: data})
	got := make([]byte, len(data))
	pieces := make(chan int, len(data)/piece+1)
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(len(data)/piece + 1) {
		pieces <- i
	}
	close(pieces)
	var wg sync.WaitGroup
	for range connections {
		transport := &http.Transport{DisableCompression: true, MaxConnsPerHost: 1}
		t.Cleanup(transport.CloseIdleConnections)
		wg.Go(func() {
			for i := range pieces {
				first, last := i*piece, min((i+1)*piece, len(data))-1
				req, _ := http.NewRequest(http.MethodGet, server.URL+content.Path(ref), nil)
				req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", first, last))
				resp, err := (&http.Client{Transport: transport}).Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != http.StatusPartialContent || len(body) != last-first+1 ||
					resp.Header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", first, last, len(data)) {
					t.Errorf("piece %d: %v %s, %d bytes, %q", i, err, resp.Status, len(body), resp.Header.Get("Content-Range"))
				}
				copy(got[first:], body)
			}
		})
	}
	wg.Wait()
	require.True(t, bytes.Equal(data, got))
}

func TestHeadersAndConditions(t *testing.T) {
	data, ref := payload(10_000, 21)
	address := serve(t, map[content.Ref][]byte{ref: data}).URL + content.Path(ref)
	tag := `"` + hex.EncodeToString(ref.SHA1[:]) + `:0"`

	head, body := do(t, http.MethodHead, address)
	require.Equal(t, 200, head.StatusCode)
	require.Empty(t, body)
	require.EqualValues(t, len(data), head.ContentLength)
	require.Equal(t, "application/octet-stream", head.Header.Get("Content-Type"))
	require.Equal(t, "bytes", head.Header.Get("Accept-Ranges"))
	require.Equal(t, tag, head.Header.Get("Etag"))
	modified, err := http.ParseTime(head.Header.Get("Last-Modified"))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), modified, time.Hour)

	get, body := do(t, http.MethodGet, address, "Accept-Encoding", "gzip, deflate")
	require.Equal(t, 200, get.StatusCode)
	require.Empty(t, get.Header.Get("Content-Encoding"))
	require.Equal(t, data, body)

	for _, c := range []struct {
		headers []string
		status  int
		body    []byte
		span    string
	}{
		{[]string{"Range", "bytes=9990-"}, 206, data[9990:], "bytes 9990-9999/10000"},
		{[]string{"Range", "bytes=-5"}, 206, data[9995:], "bytes 9995-9999/10000"},
		{[]string{"Range", "bytes=0-99999"}, 206, data, "bytes 0-9999/10000"},
		{[]string{"Range", "bytes=10-19", "If-Range", tag}, 206, data[10:20], "bytes 10-19/10000"},
		{[]string{"Range", "bytes=10-19", "If-Range", head.Header.Get("Last-Modified")}, 206, data[10:20], "bytes 10-19/10000"},
		{[]string{"Range", "bytes=10-19", "If-Range", `"other:0"`}, 200, data, ""},
		{[]string{"If-None-Match", tag}, 304, nil, ""},
		{[]string{"If-Match", `"other:0"`}, 412, nil, ""},
	} {
		resp, body := do(t, http.MethodGet, address, c.headers...)
		require.Equal(t, c.status, resp.StatusCode, "%v", c.headers)
		require.Equal(t, c.span, resp.Header.Get("Content-Range"), "%v", c.headers)
		require.Equal(t, string(c.body), string(body), "%v", c.headers)
	}
	resp, _ := do(t, http.MethodGet, address, "Range", "bytes=10000-")
	require.Equal(t, 416, resp.StatusCode)
	require.Equal(t, "bytes */10000", resp.Header.Get("Content-Range"))
}

// untouched fails the test when a path reaches the store.
type untouched struct{ t *testing.T }

func (u untouched) Open(context.Context, content.SHA1) (content.File, error) {
	u.t.Error("the store was asked")
	return nil, io.ErrUnexpectedEOF
}

func (u untouched) Put(context.Context, content.Ref, io.Reader) error { return io.ErrUnexpectedEOF }

func TestPathTricksDoNotReachTheStore(t *testing.T) {
	var logged bytes.Buffer
	handler := content.Handler(untouched{t}, content.WithLogger(slog.New(slog.NewTextHandler(&logged, nil))))
	refused := 0
	for _, p := range append(tricks, "/Content/anonymousCheckFile.txt/..", "/Content/anonymousCheckFile.tx%74") {
		u, err := url.Parse("http://wsus01")
		require.NoError(t, err)
		if u.Path, err = url.PathUnescape(p); err != nil {
			u.Path = p
		}
		u.RawPath = p
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}})
		require.Contains(t, []int{400, 404}, w.Code, "%q", p)
		require.NotContains(t, w.Body.String(), "Content/", "nothing is listed")
		if w.Code == 400 {
			refused++
		}
	}
	require.Equal(t, refused, strings.Count(logged.String(), "content path refused"))
	require.Greater(t, refused, 5)

	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, "PROPFIND"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, "/Content/0A/"+digits+".cab", nil))
		require.Equal(t, 405, w.Code)
		require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	}
}

func TestMissingFilesAndTheCheckFile(t *testing.T) {
	server := serve(t, nil)
	_, ref := payload(10, 22)
	resp, _ := do(t, http.MethodGet, server.URL+content.Path(ref))
	require.Equal(t, 404, resp.StatusCode)
	for _, path := range []string{"/Content/anonymousCheckFile.txt", "/content/ANONYMOUSCHECKFILE.TXT"} {
		resp, body := do(t, http.MethodGet, server.URL+path)
		require.Equal(t, 200, resp.StatusCode)
		require.NotEmpty(t, body)
		resp, _ = do(t, http.MethodHead, server.URL+path)
		require.Equal(t, 200, resp.StatusCode)
	}
}

func TestStoreFaultsAreLoggedNotSent(t *testing.T) {
	var logged bytes.Buffer
	store := failing{content.Memory()}
	handler := content.Handler(store, content.WithLogger(slog.New(slog.NewTextHandler(&logged, nil))))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/Content/0A/"+digits+".cab", nil))
	require.Equal(t, 500, w.Code)
	require.NotContains(t, w.Body.String(), "disk is on fire")
	require.Contains(t, logged.String(), "disk is on fire")
}

type failing struct{ *content.MemoryStore }

func (failing) Open(context.Context, content.SHA1) (content.File, error) {
	return nil, fmt.Errorf("the disk is on fire")
}
