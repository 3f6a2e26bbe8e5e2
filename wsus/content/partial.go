package content

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// Partial implements Resumer.
func (d *DirStore) Partial(ctx context.Context, ref Ref) (Partial, error) {
	there, err := d.settled(ctx, ref)
	if err != nil {
		return nil, err
	}
	if there {
		return nil, fmt.Errorf("partial file %s: %w", ref.SHA1, fs.ErrExist)
	}
	if !d.claim(ref.SHA1) {
		return nil, fmt.Errorf("partial file %s: %w", ref.SHA1, ErrBusy)
	}
	p := &partial{store: d, ref: ref, name: partialOf(ref.SHA1)}
	if err := p.open(); err != nil {
		d.release(ref.SHA1)
		return nil, fmt.Errorf("partial file %s: %w", ref.SHA1, err)
	}
	return p, nil
}

func (d *DirStore) claim(sha1 SHA1) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy[sha1] {
		return false
	}
	d.busy[sha1] = true
	return true
}

func (d *DirStore) release(sha1 SHA1) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.busy, sha1)
}

// partial is a file in the partial folder. It is not synced before Commit: after a crash its bytes may be wrong, which Commit
// finds.
type partial struct {
	store *DirStore
	ref   Ref
	name  string
	file  durable.File

	mu     sync.Mutex
	prefix int64 // bytes from the start without a gap
	closed bool
}

func (p *partial) open() error {
	f, err := p.store.fsys.OpenFile(p.name, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Size() > p.ref.Size {
		err = f.Truncate(0)
	} else if err == nil {
		p.prefix = info.Size()
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	p.file = f
	return nil
}

// Size implements Partial.
func (p *partial) Size() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.prefix
}

// WriteAt implements io.WriterAt. It refuses bytes beyond the size that the metadata says with *MismatchError.
func (p *partial) WriteAt(b []byte, offset int64) (int, error) {
	if offset < 0 || offset > p.ref.Size || int64(len(b)) > p.ref.Size-offset {
		return 0, &MismatchError{Ref: p.ref, What: "size",
			Want: fmt.Sprint(p.ref.Size), Got: fmt.Sprintf("more than %d", p.ref.Size)}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return 0, fs.ErrClosed
	}
	n, err := p.file.WriteAt(b, offset)
	if offset <= p.prefix {
		p.prefix = max(p.prefix, offset+int64(n))
	}
	return n, err
}

// Commit implements Partial.
func (p *partial) Commit(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return fs.ErrClosed
	}
	p.closed = true
	defer p.store.release(p.ref.SHA1)
	err := p.verify(ctx)
	if err == nil {
		err = p.file.Sync()
	}
	err = errors.Join(err, p.file.Close())
	if err == nil {
		err = p.store.place(p.name, p.ref.SHA1)
	}
	var mismatch *MismatchError
	if errors.As(err, &mismatch) {
		err = errors.Join(err, p.store.removeLeftover(p.name))
	}
	if err != nil {
		return fmt.Errorf("commit file %s: %w", p.ref.SHA1, err)
	}
	return nil
}

func (p *partial) verify(ctx context.Context) error {
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return Verify(ctx, p.ref, p.file)
}

// Close implements Partial. What is behind a gap is cut off, so that the length of the file tells where to go on.
func (p *partial) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	defer p.store.release(p.ref.SHA1)
	return errors.Join(p.file.Truncate(p.prefix), p.file.Close())
}
