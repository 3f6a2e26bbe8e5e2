package content

import (
	"context"
	"io"
	"time"
)

// Ref is all that metadata says of a file.
type Ref struct {
	SHA1   SHA1
	SHA256 SHA256
	Size   int64
	// Name gives the extension in URLs; it is never used as a path.
	Name string
}

// Store keeps files by digest. Methods are safe for concurrent use.
type Store interface {
	// Open answers an error that is fs.ErrNotExist when the file is not (wholly) there.
	Open(ctx context.Context, sha1 SHA1) (File, error)
	// Put reads r to its end and keeps it if size and digests hold, else answers *MismatchError and keeps nothing. It is synced
	// to disk when Put returns. A file that is there already is left alone and r is not read. An error of r is returned as it
	// is, before any mismatch.
	Put(ctx context.Context, ref Ref, r io.Reader) error
}

// Resumer is an optional ability of a Store: without it a download that breaks starts again.
type Resumer interface {
	// Partial opens or creates the partial file of ref; at most one writer at a time, a second one gets ErrBusy. A file that is
	// wholly there already answers fs.ErrExist.
	Partial(ctx context.Context, ref Ref) (Partial, error)
}

// Partial is a download in progress.
type Partial interface {
	io.WriterAt
	// Size is how many bytes from the start are there already.
	Size() int64
	// Commit checks size and digests, syncs, and moves the file to its place; on *MismatchError the partial file is gone. The
	// Partial is closed in any case.
	Commit(ctx context.Context) error
	// Close keeps what was written for a later try. After Commit or Close it does nothing.
	Close() error
}

// File is an open file of a Store.
type File interface {
	io.ReadSeeker
	io.ReaderAt
	io.Closer
	Size() int64
	ModTime() time.Time
}
