package wsustest

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/seed599db172/softwareupdates/internal/xpress"
)

// Recorder is a RoundTripper that writes a conversation down while it passes it on. It is safe for concurrent use; exchanges are written in
// the order in which they end. Bodies are held in memory until the reader of the answer has closed it or read it to its end.
type Recorder struct {
	// Next makes the requests; nil means http.DefaultTransport.
	Next http.RoundTripper
	// Output gets the transcript, one Write for each exchange. Required.
	Output io.Writer
	// MaskCookies replaces what cookies hold by a number, the same for the same cookie: whoever has a cookie of a server is that computer.
	// Answers in a compression other than Xpress, or compressed and too long, are left out then.
	MaskCookies bool
	// MaxBody bounds one body, 0 means DefaultMaxBody; MaxTranscript bounds all, 0 means DefaultMaxTranscript. What goes beyond is left out and
	// counted.
	MaxBody       int
	MaxTranscript int64

	mu      sync.Mutex
	written int64
	leftOut int
	err     error
	masks   map[string]string
}

// RoundTrip implements http.RoundTripper. A transcript that cannot be written does not disturb the conversation; see Err.
func (r *Recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	e := Exchange{Method: request.Method, Path: request.URL.RequestURI(), RequestHeader: keepHeaders(request.Header)}
	sent, err := takeBody(request)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	e.Request = newBody(r.mask(sent), r.maxBody())
	response, err := cmp.Or(r.Next, http.DefaultTransport).RoundTrip(withBody(request, sent))
	if err != nil {
		e.Failure = err.Error()
		r.write(e)
		return nil, err
	}
	e.Status, e.Header = response.StatusCode, keepHeaders(response.Header)
	response.Body = &recordedBody{ReadCloser: response.Body, done: func(body []byte, length int64) {
		e.Answer = r.answer(&e, body, length)
		r.write(e)
	}, limit: r.maxBody()}
	return response, nil
}

func (r *Recorder) maxBody() int { return cmp.Or(r.MaxBody, DefaultMaxBody) }

// takeBody reads the body of a request and closes it; nil when there is none.
func takeBody(request *http.Request) ([]byte, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(request.Body)
	return body, errors.Join(err, request.Body.Close())
}

// withBody is the request with the body that takeBody took; a RoundTripper must not change the one that it was given.
func withBody(request *http.Request, body []byte) *http.Request {
	copied := request.Clone(request.Context())
	if body != nil {
		copied.Body = io.NopCloser(bytes.NewReader(body))
	}
	return copied
}

// keptHeaders are those that say something about a conversation. Authorization, cookies of HTTP and the like are never written.
var keptHeaders = []string{"Accept-Ranges", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Etag", "If-Match",
	"If-Modified-Since", "If-None-Match", "If-Range", "Last-Modified", "Range", "Retry-After", "Soapaction"}

func keepHeaders(all http.Header) http.Header {
	kept := http.Header{}
	for _, name := range keptHeaders {
		if values := all.Values(name); len(values) > 0 {
			kept[name] = values
		}
	}
	return kept
}

// answer is the body as it is written: what it means when it is compressed. In what stays compressed no cookie can be masked, so it is left out
// when they shall be.
func (r *Recorder) answer(e *Exchange, body []byte, length int64) Body {
	if strings.EqualFold(e.Header.Get("Content-Encoding"), "xpress") && int64(len(body)) == length {
		if plain, err := xpress.Decode(nil, body, int64(r.maxBody())); err == nil {
			e.Header.Del("Content-Encoding")
			e.Header.Set("Content-Length", strconv.Itoa(len(plain)))
			body, length = plain, int64(len(plain))
		}
	}
	if r.MaskCookies && e.Header.Get("Content-Encoding") != "" {
		return Body{Cut: length}
	}
	masked := r.mask(body)
	// A length that was right stays so, or the answer could not be replayed.
	if len(body) > 0 && e.Header.Get("Content-Length") == strconv.Itoa(len(body)) {
		e.Header.Set("Content-Length", strconv.Itoa(len(masked)))
	}
	kept := newBody(masked, r.maxBody())
	kept.Cut += length - int64(len(body))
	return kept
}

func (r *Recorder) write(e Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var line bytes.Buffer
	if r.written == 0 {
		line.WriteString(transcriptHeader + "\n")
	}
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		r.err = cmp.Or(r.err, err)
		return
	}
	if r.err != nil || r.written+int64(line.Len()) > cmp.Or(r.MaxTranscript, DefaultMaxTranscript) {
		r.leftOut++
		return
	}
	n, err := r.Output.Write(line.Bytes())
	r.written += int64(n)
	if err != nil {
		r.err = err
	}
}

var cookieText = regexp.MustCompile(`(<(?:\w+:)?(?:EncryptedData|CookieData)(?:\s[^>]*)?>)([^<]+)`)

// mask gives each cookie a number of its own, as base64 so that a client takes it for one. It does so before bodies are cut to what is kept:
// the beginning of a cookie, or one beside a character that was cut in two, is masked as well.
func (r *Recorder) mask(body []byte) []byte {
	if !r.MaskCookies {
		return body
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.masks == nil {
		r.masks = map[string]string{}
	}
	return cookieText.ReplaceAllFunc(body, func(match []byte) []byte {
		parts := cookieText.FindSubmatch(match)
		cookie := string(parts[2])
		if r.masks[cookie] == "" {
			r.masks[cookie] = base64.StdEncoding.EncodeToString([]byte("masked cookie " + strconv.Itoa(len(r.masks)+1)))
		}
		return append(slices.Clone(parts[1]), r.masks[cookie]...)
	})
}

// Err says why the transcript could not be written further.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// LeftOut counts the exchanges that did not fit, or came after an error.
func (r *Recorder) LeftOut() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.leftOut
}

// recordedBody keeps the beginning of what is read through it.
type recordedBody struct {
	io.ReadCloser
	kept   []byte
	limit  int
	length int64
	once   sync.Once
	done   func(body []byte, length int64)
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.kept = append(b.kept, p[:min(n, max(b.limit-len(b.kept), 0))]...)
	b.length += int64(n)
	if err != nil {
		b.once.Do(func() { b.done(b.kept, b.length) })
	}
	return n, err
}

func (b *recordedBody) Close() error {
	b.once.Do(func() { b.done(b.kept, b.length) })
	return b.ReadCloser.Close()
}
