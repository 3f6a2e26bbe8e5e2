package content

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Defaults of a Downloader.
const (
	// DefaultAttempts is how often in a row a download may break off without a new byte.
	DefaultAttempts = 5
	// DefaultBackoff is the wait after the first break; it doubles up to MaxBackoff.
	DefaultBackoff = time.Second
	// MaxBackoff is the longest wait between two attempts.
	MaxBackoff = 30 * time.Second
)

// Download fetches a file into a store once; see [Downloader.Download]. Use a Downloader when several goroutines may want the
// same file.
func Download(ctx context.Context, hc *http.Client, url string, ref Ref, store Store) error {
	return (&Downloader{Client: hc, Store: store}).Download(ctx, url, ref)
}

// Downloader fetches files into a store. Its methods are safe for concurrent use: of several calls for one file, one fetches it
// and the others wait for the outcome. Do not copy it after first use.
type Downloader struct {
	// Client is required, so that proxies and trust are the caller's choice. Its Timeout bounds a whole body: better leave it 0
	// and bound ctx.
	Client *http.Client
	// Store is required. If it is a Resumer, a download goes on where it was broken off, also by the end of the process.
	Store Store
	// Attempts without progress before giving up; 0 means DefaultAttempts.
	Attempts int
	// Backoff after the first break; 0 means DefaultBackoff.
	Backoff time.Duration

	mu      sync.Mutex
	running map[SHA1]chan struct{}
}

// Download returns nil once the file of ref is in the store and size, SHA-1 and, where given, SHA-256 hold. A file that is
// there already is not fetched again, but its SHA-256 is checked, since the store may know it by its SHA-1 only.
//
// Broken connections, truncated bodies and server errors (408, 429, 5xx) are tried again under ctx; every byte won makes the
// count of attempts begin anew. Other answers are a [*StatusError] at once. Bytes that are not the announced file are a
// [*MismatchError]; when part of them came from an earlier, broken download, the whole file is fetched once more first.
func (d *Downloader) Download(ctx context.Context, url string, ref Ref) error {
	if d.Client == nil || d.Store == nil {
		return errors.New("download: Downloader needs a Client and a Store")
	}
	unlock, err := d.lock(ctx, ref.SHA1)
	if err != nil {
		return fmt.Errorf("download %s: %w", ref.SHA1, err)
	}
	defer unlock()
	have, err := d.have(ctx, ref)
	if err == nil && !have {
		err = d.fetch(ctx, url, ref)
	}
	if err != nil {
		return fmt.Errorf("download %s: %w", ref.SHA1, err)
	}
	return nil
}

// lock waits until nobody else fetches the file.
func (d *Downloader) lock(ctx context.Context, sha1 SHA1) (unlock func(), err error) {
	for {
		d.mu.Lock()
		other, busy := d.running[sha1]
		if !busy {
			if d.running == nil {
				d.running = make(map[SHA1]chan struct{})
			}
			done := make(chan struct{})
			d.running[sha1] = done
			d.mu.Unlock()
			return func() {
				d.mu.Lock()
				defer d.mu.Unlock()
				delete(d.running, sha1)
				close(done)
			}, nil
		}
		d.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (d *Downloader) have(ctx context.Context, ref Ref) (bool, error) {
	f, err := d.Store.Open(ctx, ref.SHA1)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if ref.SHA256.IsZero() {
		return true, checkSize(ref, f.Size())
	}
	return true, Verify(ctx, ref, f)
}

func (d *Downloader) fetch(ctx context.Context, url string, ref Ref) error {
	if resumer, ok := d.Store.(Resumer); ok {
		return d.resume(ctx, url, ref, resumer)
	}
	return d.retry(ctx, func() (progress bool, err error) { return false, d.fetchWhole(ctx, url, ref) })
}

// retry runs attempts until one succeeds, fails for good, or the budget is spent.
func (d *Downloader) retry(ctx context.Context, attempt func() (progress bool, err error)) error {
	budget, backoff := d.Attempts, d.Backoff
	if budget == 0 {
		budget = DefaultAttempts
	}
	if backoff == 0 {
		backoff = DefaultBackoff
	}
	wait := backoff
	for left := budget; ; {
		progress, err := attempt()
		var again *brokenError
		if !errors.As(err, &again) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if left--; progress {
			left, wait = budget, backoff
		}
		if left <= 0 {
			return fmt.Errorf("given up after %d attempts without progress: %w", budget, again.err)
		}
		if err := pause(ctx, wait/2+rand.N(wait/2+1)); err != nil {
			return fmt.Errorf("%w, after %w", err, again.err)
		}
		wait = min(2*wait, MaxBackoff)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
