package content_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// inProcess answers requests from a handler without a connection, so that time can be faked. What the handler panics with
// breaks the body off behind what was written.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	broken := func() (broken any) {
		defer func() { broken = recover() }()
		p.handler.ServeHTTP(w, r)
		return nil
	}()
	resp := w.Result()
	resp.Request = r
	resp.ContentLength = -1
	if n, err := strconv.ParseInt(resp.Header.Get("Content-Length"), 10, 64); err == nil {
		resp.ContentLength = n
	}
	if broken != nil {
		if w.Body.Len() == 0 {
			return nil, fmt.Errorf("connection broke: %v", broken)
		}
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(w.Body.Bytes()), errReader{io.ErrUnexpectedEOF}))
	}
	return resp, nil
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func clientOf(h http.HandlerFunc) *http.Client { return &http.Client{Transport: inProcess{h}} }

// breaking cuts every body off after some bytes.
type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	if len(p) > b.left {
		b.ResponseWriter.Write(p[:b.left])
		panic("cut off")
	}
	b.left -= len(p)
	return b.ResponseWriter.Write(p)
}

const address = "http://wsus01.lab.example:8530"

func TestDownloadResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data, ref := payload(1_000_000, 30)
		origin := content.Memory()
		require.NoError(t, origin.Put(t.Context(), ref, bytes.NewReader(data)))
		handler := content.Handler(origin)
		var ranges, conditions []string
		client := clientOf(func(w http.ResponseWriter, r *http.Request) {
			require.Equal(t, "identity", r.Header.Get("Accept-Encoding"))
			ranges = append(ranges, r.Header.Get("Range"))
			conditions = append(conditions, r.Header.Get("If-Range"))
			handler.ServeHTTP(&breaking{w, 300_000}, r)
		})
		store, err := content.Dir(t.TempDir())
		require.NoError(t, err)
		started := time.Now()
		require.NoError(t, content.Download(t.Context(), client, address+content.Path(ref), ref, store))
		require.Equal(t, data, read(t, store, ref))
		require.Equal(t, []string{"", "bytes=300000-", "bytes=600000-", "bytes=900000-"}, ranges)
		require.Equal(t, "", conditions[0])
		require.Equal(t, fmt.Sprintf(`"%x:0"`, ref.SHA1[:]), conditions[1])
		require.Greater(t, time.Since(started), time.Second, "there is a wait between attempts")

		require.NoError(t, content.Download(t.Context(), client, address+content.Path(ref), ref, store))
		require.Len(t, ranges, 4, "what is there is not fetched again")
	})
}

func TestDownloadGoesOnAfterARestart(t *testing.T) {
	data, ref := payload(500_000, 31)
	dir := t.TempDir()
	for _, c := range []struct {
		title string
		begun []byte
		want  []string
	}{
		{"with good bytes", data[:200_000], []string{"bytes=200000-"}},
		{"with bytes that a crash has spoiled", make([]byte, 200_000), []string{"bytes=200000-", ""}},
		{"with all of them", data, nil},
	} {
		t.Run(c.title, func(t *testing.T) {
			store, err := content.Dir(t.TempDir())
			require.NoError(t, err)
			p, err := store.Partial(t.Context(), ref)
			require.NoError(t, err)
			_, err = p.WriteAt(c.begun, 0)
			require.NoError(t, err)
			require.NoError(t, p.Close())

			origin, err := content.Dir(dir)
			require.NoError(t, err)
			require.NoError(t, origin.Put(t.Context(), ref, bytes.NewReader(data)))
			var ranges []string
			client := clientOf(func(w http.ResponseWriter, r *http.Request) {
				ranges = append(ranges, r.Header.Get("Range"))
				content.Handler(origin).ServeHTTP(w, r)
			})
			require.NoError(t, content.Download(t.Context(), client, address+content.Path(ref), ref, store))
			require.Equal(t, data, read(t, store, ref))
			require.Equal(t, c.want, ranges)
		})
	}
}

// Servers that do not keep to the protocol, or to the file.
func TestDownloadFromOddServers(t *testing.T) {
	data, ref := payload(100_000, 32)
	flipped := bytes.Clone(data)
	flipped[77_777] ^= 0x10
	whole := func(w http.ResponseWriter, _ *http.Request) { w.Write(data) }
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	partial := func(contentRange string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", contentRange)
			w.WriteHeader(http.StatusPartialContent)
			w.Write(body)
		}
	}
	cut := func(w http.ResponseWriter, _ *http.Request) { w.Write(data[:40_000]); panic("cut off") }
	short := func(w http.ResponseWriter, _ *http.Request) { w.Write(data[:40_000]) }
	for _, c := range []struct {
		title    string
		answers  []http.HandlerFunc // the last one is repeated
		asked    int
		mismatch string
		status   int
		says     string
	}{
		{title: "200 to a range request", answers: []http.HandlerFunc{cut, whole}, asked: 2},
		{title: "a body that ends early without an error", answers: []http.HandlerFunc{short, whole}, asked: 2},
		{title: "wrong Content-Range", answers: []http.HandlerFunc{cut, partial("bytes 10-99999/100000", data[10:]), whole}, asked: 3},
		{title: "no Content-Range", answers: []http.HandlerFunc{cut, partial("", data[40_000:]), whole}, asked: 3},
		{title: "unknown total", answers: []http.HandlerFunc{cut, partial("bytes 40000-99999/*", data[40_000:])}, asked: 2},
		{title: "smaller ranges than asked for", answers: []http.HandlerFunc{cut,
			partial("bytes 40000-59999/100000", data[40_000:60_000]), partial("bytes 60000-99999/100000", data[60_000:])}, asked: 3},
		{title: "416", answers: []http.HandlerFunc{cut, status(416), whole}, asked: 3},
		{title: "busy, then well", answers: []http.HandlerFunc{status(503), status(429), status(500), whole}, asked: 4},
		{title: "other total", answers: []http.HandlerFunc{cut, partial("bytes 40000-100000/100001", data[40_000:])}, asked: 2, mismatch: "size"},
		{title: "flipped bit", answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { w.Write(flipped) }}, asked: 1, mismatch: "SHA-1"},
		{title: "other length", asked: 1, mismatch: "size", answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999")
			w.Write(data[1:])
		}}},
		{title: "too much", asked: 1, mismatch: "size", answers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
			w.Write(data)
			w.Write(data)
		}}},
		{title: "gone", answers: []http.HandlerFunc{status(404)}, asked: 1, status: 404},
		{title: "closed", answers: []http.HandlerFunc{status(403)}, asked: 1, status: 403},
		{title: "always failing", answers: []http.HandlerFunc{status(503)}, asked: 5, status: 503, says: "given up after 5 attempts"},
		{title: "always cut at the same place", answers: []http.HandlerFunc{cut}, asked: 6, says: "given up after 5 attempts"},
		{title: "206 to no range request", answers: []http.HandlerFunc{partial("bytes 5-9/100000", data[5:10])}, asked: 1, says: "Content-Range"},
	} {
		t.Run(c.title, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, err := content.Dir(t.TempDir())
				require.NoError(t, err)
				asked := 0
				client := clientOf(func(w http.ResponseWriter, r *http.Request) {
					answer := c.answers[min(asked, len(c.answers)-1)]
					asked++
					answer(w, r)
				})
				err = content.Download(t.Context(), client, address+content.Path(ref), ref, store)
				require.Equal(t, c.asked, asked)
				var mismatch *content.MismatchError
				var answered *content.StatusError
				switch {
				case c.mismatch != "":
					require.ErrorAs(t, err, &mismatch)
					require.Equal(t, c.mismatch, mismatch.What)
				case c.status != 0:
					require.ErrorAs(t, err, &answered)
					require.Equal(t, c.status, answered.Status)
					require.ErrorContains(t, err, c.says)
				case c.says != "":
					require.ErrorContains(t, err, c.says)
				default:
					require.NoError(t, err)
					require.Equal(t, data, read(t, store, ref))
					return
				}
				requireAbsent(t, store, ref)
			})
		})
	}
}

func TestDownloadIntoAStoreThatCannotResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data, ref := payload(100_000, 33)
		for _, c := range []struct {
			title  string
			first  http.HandlerFunc
			asked  int
			faulty bool
		}{
			{"cut off", func(w http.ResponseWriter, _ *http.Request) { w.Write(data[:9]); panic("cut off") }, 2, false},
			{"short", func(w http.ResponseWriter, _ *http.Request) { w.Write(data[:9]) }, 2, false},
			{"busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, 2, false},
			{"wrong", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, len(data))) }, 1, true},
		} {
			store, asked := content.Memory(), 0
			client := clientOf(func(w http.ResponseWriter, r *http.Request) {
				if asked++; asked == 1 {
					c.first(w, r)
					return
				}
				w.Write(data)
			})
			err := content.Download(t.Context(), client, address+content.Path(ref), ref, store)
			require.Equal(t, c.asked, asked, c.title)
			var mismatch *content.MismatchError
			require.Equal(t, c.faulty, errors.As(err, &mismatch), c.title)
			if !c.faulty {
				require.NoError(t, err)
				require.Equal(t, data, read(t, store, ref))
			}
		}
	})
}

func TestDownloadEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, ref := payload(10, 34)
		store, err := content.Dir(t.TempDir())
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 1200*time.Millisecond)
		defer cancel()
		client := clientOf(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
		err = content.Download(ctx, client, address+content.Path(ref), ref, store)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		p, err := store.Partial(t.Context(), ref)
		require.NoError(t, err, "the partial file is free again")
		require.NoError(t, p.Close())
	})
}

func TestManyWantOneFile(t *testing.T) {
	data, ref := payload(300_000, 35)
	origin := content.Memory()
	require.NoError(t, origin.Put(t.Context(), ref, bytes.NewReader(data)))
	var asked atomic.Int64
	handler := content.Handler(origin)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	store, err := content.Dir(t.TempDir())
	require.NoError(t, err)
	d := &content.Downloader{Client: server.Client(), Store: store}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := d.Download(t.Context(), server.URL+content.Path(ref), ref); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, asked.Load())
	require.Equal(t, data, read(t, store, ref))
}

// A store knows a file by its SHA-1. Metadata that names the same SHA-1 with another SHA-256 must not be served from it.
func TestDownloadChecksTheSHA256OfWhatIsThere(t *testing.T) {
	data, ref := payload(1000, 36)
	store := content.Memory()
	require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
	ref.SHA256[0] ^= 1
	client := clientOf(func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	var mismatch *content.MismatchError
	require.ErrorAs(t, content.Download(t.Context(), client, address, ref, store), &mismatch)
	require.Equal(t, "SHA-256", mismatch.What)
	require.ErrorContains(t, content.Download(t.Context(), nil, address, ref, store), "needs a Client")
}

func TestDownloadDoesNotTryAnUntrustedServerAgain(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, ref := payload(10, 37)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	err := content.Download(t.Context(), &http.Client{Transport: transport}, server.URL, ref, content.Memory())
	require.ErrorContains(t, err, "certificate")
	require.False(t, strings.Contains(err.Error(), "given up"))
	require.Zero(t, asked.Load())
}
