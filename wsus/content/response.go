package content

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// StatusError says that a server answered a download with a status that trying again does not change.
type StatusError struct {
	URL    string
	Status int
}

// Error names address and status.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answers %d %s", e.URL, e.Status, http.StatusText(e.Status))
}

// brokenError marks what may be tried again.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

func broken(err error) error { return &brokenError{err} }

// get asks for a file from an offset on. validator, when not empty, is the ETag of the bytes before it. Identity is asked for
// because sizes and ranges are those of the file.
func (d *Downloader) get(ctx context.Context, url string, offset int64, validator string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity")
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
		if validator != "" {
			req.Header.Set("If-Range", validator)
		}
	}
	resp, err := d.Client.Do(req)
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return nil, err
	case err != nil:
		return nil, broken(err)
	}
	return resp, nil
}

// statusFault classifies an answer that has no part of the file.
func statusFault(url string, status int) error {
	err := &StatusError{URL: url, Status: status}
	if status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests {
		return broken(err)
	}
	return err
}

// checkLength refuses a whole body whose announced length is not that of the file.
func checkLength(ref Ref, resp *http.Response) error {
	if resp.ContentLength >= 0 {
		return checkSize(ref, resp.ContentLength)
	}
	return nil
}

// contentRange reads "bytes first-last/total" (RFC 9110 §14.4). total is -1 when the server does not know it.
func contentRange(header string) (first, last, total int64, ok bool) {
	unit, rest, found := strings.Cut(header, " ")
	span, of, found2 := strings.Cut(rest, "/")
	from, to, found3 := strings.Cut(span, "-")
	if !found || !found2 || !found3 || !strings.EqualFold(unit, "bytes") {
		return 0, 0, 0, false
	}
	first, err1 := strconv.ParseInt(from, 10, 64)
	last, err2 := strconv.ParseInt(to, 10, 64)
	total = -1
	var err3 error
	if of != "*" {
		total, err3 = strconv.ParseInt(of, 10, 64)
	}
	ok = err1 == nil && err2 == nil && err3 == nil && first >= 0 && last >= first && (total < 0 || total > last)
	return first, last, total, ok
}

// strongETag returns the validator that If-Range may carry (RFC 9110 §13.1.5), or nothing.
func strongETag(h http.Header) string {
	if tag := h.Get("Etag"); strings.HasPrefix(tag, `"`) {
		return tag
	}
	return ""
}
