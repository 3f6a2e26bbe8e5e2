package wsustest

import (
	"cmp"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// PieceSize is the size of the ranges that Delivery Optimization asks for.
const PieceSize = 1 << 20

// DefaultConnections is how many pieces are on their way at a time; between 3 and 7 were seen.
const DefaultConnections = 4

// DefaultMaxFile bounds a file that a Downloader holds in memory.
const DefaultMaxFile = 64 << 20

// Downloader fetches files as Delivery Optimization does: closed ranges of 1 MiB in any order, several at a time. It believes nothing
// before it has compared size and digests. The zero value works; it is safe for concurrent use.
type Downloader struct {
	// Client is http.DefaultClient when nil.
	Client *http.Client
	// Connections is how many requests are made at a time; 0 means DefaultConnections.
	Connections int
	// MaxFile in bytes; 0 means DefaultMaxFile. Larger ones are an error.
	MaxFile int64
	// Order draws in which order the n pieces are fetched; nil draws at random.
	Order func(n int) []int

	piece int64 // of another size than PieceSize, when not 0
}

// RangeError is an answer to a piece that does not fit what was asked.
type RangeError struct {
	URL, Range, Reason string
	Status             int

	broken bool // the connection may be to blame
}

func (e *RangeError) Error() string { return fmt.Sprintf("%s, range %s: %s", e.URL, e.Range, e.Reason) }

// Download returns the file when its size and digests are those of the metadata.
func (d *Downloader) Download(ctx context.Context, url string, file metadata.File) ([]byte, error) {
	limit := cmp.Or(d.MaxFile, DefaultMaxFile)
	if file.Size < 0 || file.Size > limit {
		return nil, fmt.Errorf("download %s: the file has %d bytes, the limit is %d", url, file.Size, limit)
	}
	body := make([]byte, file.Size)
	size := cmp.Or(d.piece, PieceSize)
	pieces := int((file.Size + size - 1) / size)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(cmp.Or(d.Connections, DefaultConnections), 1))
	for _, n := range d.order(pieces) {
		first := int64(n) * size
		last := min(first+size, file.Size) - 1
		group.Go(func() error { return d.fetch(ctx, url, body[first:last+1], first, file.Size) })
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("download: %w", err)
	}
	if got := sha1.Sum(body); got != file.SHA1 {
		return nil, fmt.Errorf("download %s: the SHA-1 is %X, the metadata says %X (0x80246002)", url, got, file.SHA1)
	}
	if got := sha256.Sum256(body); file.SHA256 != [32]byte{} && got != file.SHA256 {
		return nil, fmt.Errorf("download %s: the SHA-256 is %X, the metadata says %X (0x80246002)", url, got, file.SHA256)
	}
	return body, nil
}

func (d *Downloader) order(pieces int) []int {
	if d.Order != nil {
		return d.Order(pieces)
	}
	return rand.Perm(pieces)
}

func (d *Downloader) fetch(ctx context.Context, url string, into []byte, first, size int64) error {
	last := first + int64(len(into)) - 1
	asked := fmt.Sprintf("bytes=%d-%d", first, last)
	status := 0
	wrong := func(format string, args ...any) error {
		return &RangeError{URL: url, Range: asked, Reason: fmt.Sprintf(format, args...), Status: status}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Range", asked)
	r.Header.Set("Accept-Encoding", "identity") // or net/http would ask for gzip and hide it
	r.Header.Set("User-Agent", "Microsoft-Delivery-Optimization/10.1")
	response, err := cmp.Or(d.Client, http.DefaultClient).Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	status = response.StatusCode
	want := fmt.Sprintf("bytes %d-%d/%d", first, last, size)
	switch {
	case status != http.StatusPartialContent:
		return wrong("the answer is %s, want 206", response.Status)
	case response.Header.Get("Content-Range") != want:
		return wrong("Content-Range is %q, want %q", response.Header.Get("Content-Range"), want)
	case response.Header.Get("Content-Encoding") != "":
		return wrong("Content-Encoding is %q, want none", response.Header.Get("Content-Encoding"))
	case response.ContentLength != int64(len(into)):
		return wrong("Content-Length is %d, want %d", response.ContentLength, len(into))
	}
	if n, err := io.ReadFull(response.Body, into); err != nil {
		return &RangeError{URL: url, Range: asked, Reason: fmt.Sprintf("the body ends after %d of %d bytes: %v", n, len(into), err), Status: status,
			broken: true}
	}
	return nil
}

// byConnection says that a download has failed on its way, which is no fault of a server.
func byConnection(err error) bool {
	var piece *RangeError
	if errors.As(err, &piece) {
		return piece.broken
	}
	var request *url.Error
	return errors.As(err, &request)
}

// Downloaded counts what a download did.
type Downloaded struct {
	Files, Bytes int64
	// Failed are the revisions with a file that could not be had.
	Failed map[int32]error
}

// Download describes revisions and fetches their files, each of which is judged. Events are kept for Report. Failures of files are in the
// answer, those of a connection among them; an error is one of the description.
func (a *Agent) Download(ctx context.Context, ids ...int32) (Downloaded, error) {
	described, err := a.Describe(ctx, ids...)
	if err != nil {
		return Downloaded{}, err
	}
	result := Downloaded{Failed: map[int32]error{}}
	d := Downloader{Client: a.http}
	for _, id := range ids {
		description := described[id]
		if description.Extended == nil || len(description.Extended.Files) == 0 {
			continue
		}
		a.queue(DownloadStarted, a.cache[id], 0)
		for _, file := range description.Extended.Files {
			body, err := d.Download(ctx, description.URLs[file.SHA1], file)
			if err != nil {
				if !byConnection(err) {
					a.findf("content-download", "file %q of revision %d: %v", file.Name, id, err)
				}
				result.Failed[id] = err
				break
			}
			result.Files++
			result.Bytes += int64(len(body))
		}
		if result.Failed[id] != nil {
			a.queue(DownloadFailed, a.cache[id], downloadError)
		} else {
			a.queue(DownloadSucceeded, a.cache[id], 0)
		}
	}
	return result, ctx.Err()
}
