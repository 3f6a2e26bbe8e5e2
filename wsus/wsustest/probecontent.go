package wsustest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
)

// content is one answer about a file.
type content struct {
	status int
	header http.Header
	length int64
	body   []byte
}

// get asks for a file with headers, which are name and value in turn.
func (e *examination) get(method, url string, headers ...string) (content, error) {
	r, err := http.NewRequestWithContext(e.ctx, method, url, nil)
	if err != nil {
		return content{}, err
	}
	r.Header.Set("Accept-Encoding", "identity")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := e.http.Do(r)
	if err != nil {
		return content{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, e.config.MaxFileBytes+1))
	return content{response.StatusCode, response.Header, response.ContentLength, body}, err
}

// maxFilesTried bounds the files that are asked for and not there.
const maxFilesTried = 50

// contentDownload takes the largest of the files that may be fetched, and then the smallest ones. Small ones are cut into more pieces than an
// agent would, so that every examination sees several ranges.
func contentDownload(e *examination) {
	files := slices.DeleteFunc(e.files(), func(f file) bool { return f.Size > e.config.MaxFileBytes })
	if n := len(files) - 1; n > 0 {
		files = slices.Insert(files[:n], 0, files[n])
	}
	for _, f := range files[:min(len(files), maxFilesTried)] {
		if e.result.Files >= e.config.MaxFiles {
			break
		}
		d := Downloader{Client: e.http, MaxFile: e.config.MaxFileBytes, piece: min(max(f.Size/minPieces, 1), PieceSize)}
		_, err := d.Download(e.ctx, f.url, f.File)
		if missing := (*RangeError)(nil); errors.As(err, &missing) && missing.Status == http.StatusNotFound {
			continue // announced and not there yet: an agent comes again
		}
		if err != nil {
			e.failf("file %q of revision %d: %v", f.Name, f.of, err)
		}
		e.sample = append(e.sample, f)
		e.result.Files++
	}
	if e.result.Files == 0 {
		e.skipf("none of the %d files of at most %d bytes is there, of those that were described and tried", min(len(files), maxFilesTried),
			e.config.MaxFileBytes)
	}
}

// minPieces is into how many pieces a file is cut at least, when it has as many bytes.
const minPieces = 4

// wantFile gives the file that content checks look at: a small one, since some of them fetch it whole.
func (e *examination) wantFile() (file, bool) {
	for _, f := range slices.Backward(e.sample) {
		if f.Size > 0 {
			return f, true
		}
	}
	e.skipf("no file was downloaded")
	return file{}, false
}

func contentHead(e *examination) {
	f, ok := e.wantFile()
	if !ok {
		return
	}
	answer, err := e.get(http.MethodHead, f.url)
	switch {
	case err != nil:
		e.failf("HEAD %s: %v", f.url, err)
	case answer.status != http.StatusOK:
		e.failf("HEAD %s is answered by %d, want 200: BITS begins with HEAD", f.url, answer.status)
	case answer.header.Get("Content-Length") != strconv.FormatInt(f.Size, 10):
		e.failf("HEAD %s says Content-Length %q, the metadata says %d", f.url, answer.header.Get("Content-Length"), f.Size)
	case answer.header.Get("Accept-Ranges") != "bytes":
		e.failf("HEAD %s says Accept-Ranges %q, want bytes", f.url, answer.header.Get("Accept-Ranges"))
	}
}

func contentRange(e *examination) {
	f, ok := e.wantFile()
	if !ok {
		return
	}
	for _, c := range []struct {
		asked        string
		status       int
		contentRange string
	}{
		{"bytes=0-0", http.StatusPartialContent, fmt.Sprintf("bytes 0-0/%d", f.Size)},
		{fmt.Sprintf("bytes=%d-%d", f.Size-1, f.Size-1), http.StatusPartialContent, fmt.Sprintf("bytes %d-%[1]d/%d", f.Size-1, f.Size)},
		{"bytes=-1", http.StatusPartialContent, fmt.Sprintf("bytes %d-%[1]d/%d", f.Size-1, f.Size)},
		{fmt.Sprintf("bytes=%d-%d", f.Size, f.Size+10), http.StatusRequestedRangeNotSatisfiable, fmt.Sprintf("bytes */%d", f.Size)},
	} {
		answer, err := e.get(http.MethodGet, f.url, "Range", c.asked)
		switch {
		case err != nil:
			e.failf("GET %s, Range %s: %v", f.url, c.asked, err)
		case answer.status != c.status:
			e.failf("GET %s, Range %s is answered by %d, want %d", f.url, c.asked, answer.status, c.status)
		case answer.header.Get("Content-Range") != c.contentRange:
			e.failf("GET %s, Range %s says Content-Range %q, want %q", f.url, c.asked, answer.header.Get("Content-Range"), c.contentRange)
		case c.status == http.StatusPartialContent && len(answer.body) != 1:
			e.failf("GET %s, Range %s brings %d bytes, want 1", f.url, c.asked, len(answer.body))
		}
	}
}

func contentConditional(e *examination) {
	f, ok := e.wantFile()
	if !ok {
		return
	}
	answer, err := e.get(http.MethodGet, f.url)
	if err != nil || answer.status != http.StatusOK {
		e.failf("GET %s without a range: status %d, error %v; want 200", f.url, answer.status, err)
		return
	}
	tag, modified := answer.header.Get("ETag"), answer.header.Get("Last-Modified")
	if tag == "" && modified == "" {
		e.failf("GET %s says neither ETag nor Last-Modified: a broken download cannot be resumed", f.url)
		return
	}
	name, condition := "If-None-Match", tag
	if tag == "" {
		name, condition = "If-Modified-Since", modified
	}
	want := func(status int, headers ...string) {
		answer, err := e.get(http.MethodGet, f.url, headers...)
		if err != nil || answer.status != status {
			e.failf("GET %s with %q is answered by %d, error %v; want %d", f.url, headers, answer.status, err, status)
		}
	}
	want(http.StatusNotModified, name, condition)
	want(http.StatusOK, "Range", "bytes=0-0", "If-Range", `"another"`)
	if tag != "" && tag[0] == '"' {
		want(http.StatusPartialContent, "Range", "bytes=0-0", "If-Range", tag)
	}
}
