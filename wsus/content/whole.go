package content

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// fetchWhole is a download into a store that cannot resume.
func (d *Downloader) fetchWhole(ctx context.Context, url string, ref Ref) error {
	resp, err := d.get(ctx, url, 0, "")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return statusFault(url, resp.StatusCode)
	}
	if err := checkLength(ref, resp); err != nil {
		return err
	}
	body := &counted{r: resp.Body}
	err = d.Store.Put(ctx, ref, body)
	var mismatch *MismatchError
	switch {
	case body.err != nil && body.err != io.EOF:
		return broken(fmt.Errorf("read %s: %w", url, body.err))
	case errors.As(err, &mismatch) && body.n < ref.Size:
		return broken(fmt.Errorf("read %s: %w", url, io.ErrUnexpectedEOF))
	}
	return err
}

// counted remembers how far a reader was read and what it ended with, to tell a body that broke off from a wrong file.
type counted struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.err = err
	return n, err
}
