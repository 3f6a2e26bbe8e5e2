package content

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
)

// resume is a download into a store that keeps what has come so far.
func (d *Downloader) resume(ctx context.Context, url string, ref Ref, store Resumer) error {
	inherited, err := d.complete(ctx, url, ref, store)
	var mismatch *MismatchError
	if inherited && errors.As(err, &mismatch) {
		// The bytes of an earlier download may have been lost in a crash. They are gone now; the second verdict counts.
		_, err = d.complete(ctx, url, ref, store)
	}
	return err
}

// complete fetches what is missing of the partial file and commits it. inherited says that an earlier download had begun it.
func (d *Downloader) complete(ctx context.Context, url string, ref Ref, store Resumer) (inherited bool, err error) {
	p, err := store.Partial(ctx, ref)
	if errors.Is(err, fs.ErrExist) {
		return false, nil // another Downloader was faster
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	part := &part{Downloader: d, url: url, ref: ref, file: p, size: p.Size(), high: p.Size()}
	inherited = part.size > 0
	if err := d.retry(ctx, func() (bool, error) { return part.attempt(ctx) }); err != nil {
		return inherited, err
	}
	return inherited, p.Commit(ctx)
}

// part is a file on its way.
type part struct {
	*Downloader
	url  string
	ref  Ref
	file Partial
	size int64 // how much is there
	high int64 // the most that ever was: a server that always begins again makes no progress
	etag string
}

// attempt asks for the rest and takes what comes; progress says that more is there than ever before.
func (p *part) attempt(ctx context.Context) (progress bool, err error) {
	if p.size == p.ref.Size && p.size > 0 {
		return false, nil
	}
	resp, err := p.get(ctx, p.url, p.size, p.etag)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	start, err := p.accept(resp)
	if err != nil {
		return false, err
	}
	if start < p.size {
		p.size = start // the server begins again
	}
	p.etag = strongETag(resp.Header)
	err = p.take(ctx, resp.Body)
	progress, p.high = p.size > p.high, max(p.high, p.size)
	return progress, err
}

// accept says at which offset the body of an answer begins.
func (p *part) accept(resp *http.Response) (start int64, err error) {
	switch resp.StatusCode {
	case http.StatusOK:
		return 0, checkLength(p.ref, resp)
	case http.StatusPartialContent:
		first, _, total, ok := contentRange(resp.Header.Get("Content-Range"))
		if total >= 0 && ok {
			if err := checkSize(p.ref, total); err != nil {
				return 0, err
			}
		}
		if !ok || first != p.size {
			return 0, p.restart(fmt.Errorf("%s answers bytes from %d on with Content-Range %q", p.url, p.size, resp.Header.Get("Content-Range")))
		}
		return first, nil
	case http.StatusRequestedRangeNotSatisfiable:
		return 0, p.restart(&StatusError{URL: p.url, Status: resp.StatusCode})
	}
	return 0, statusFault(p.url, resp.StatusCode)
}

// restart gives up what is there, because the server cannot go on from it.
func (p *part) restart(cause error) error {
	if p.size == 0 {
		return cause
	}
	p.size, p.etag = 0, ""
	return broken(cause)
}

// take writes the body behind what is there, and looks for one byte too many.
func (p *part) take(ctx context.Context, body io.Reader) error {
	buf := make([]byte, min(copyBuffer, p.ref.Size-p.size+1))
	for {
		n, readErr := withContext{ctx, body}.Read(buf)
		if n > 0 {
			// WriteAt refuses more bytes than the file has.
			if _, err := p.file.WriteAt(buf[:n], p.size); err != nil {
				return err
			}
			p.size += int64(n)
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case readErr == io.EOF && p.size == p.ref.Size:
			return nil
		case readErr == io.EOF:
			return broken(fmt.Errorf("read %s: %w", p.url, io.ErrUnexpectedEOF))
		case readErr != nil:
			return broken(fmt.Errorf("read %s: %w", p.url, readErr))
		}
	}
}
