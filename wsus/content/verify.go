package content

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// copyBuffer is the piece in which files are read; ctx is looked at between pieces.
const copyBuffer = 256 << 10

// Verify reads r to its end and compares size, SHA-1 and, where ref has one, SHA-256. It answers *MismatchError for the first
// that differs and reads at most one byte more than ref.Size.
func Verify(ctx context.Context, ref Ref, r io.Reader) error {
	return copyVerified(ctx, ref, io.Discard, r)
}

// copyVerified writes what it checks. What was written before a mismatch is for the caller to throw away.
func copyVerified(ctx context.Context, ref Ref, w io.Writer, r io.Reader) error {
	sum := newSum()
	n, err := io.CopyBuffer(io.MultiWriter(sum, w), withContext{ctx, io.LimitReader(r, ref.Size+1)}, make([]byte, copyBuffer))
	if err != nil {
		return err
	}
	return sum.compare(ref, n)
}

// sum computes both digests in one pass.
type sum struct{ sha1, sha256 hash.Hash }

func newSum() sum { return sum{sha1.New(), sha256.New()} }

func (s sum) Write(p []byte) (int, error) {
	s.sha1.Write(p) // a hash does not fail
	s.sha256.Write(p)
	return len(p), nil
}

func (s sum) compare(ref Ref, size int64) error {
	if size != ref.Size {
		got := fmt.Sprint(size)
		if size > ref.Size {
			got = fmt.Sprintf("more than %d", ref.Size)
		}
		return &MismatchError{Ref: ref, What: "size", Want: fmt.Sprint(ref.Size), Got: got}
	}
	if got := SHA1(s.sha1.Sum(nil)); got != ref.SHA1 {
		return &MismatchError{Ref: ref, What: "SHA-1", Want: ref.SHA1.String(), Got: got.String()}
	}
	if got := SHA256(s.sha256.Sum(nil)); !ref.SHA256.IsZero() && got != ref.SHA256 {
		return &MismatchError{Ref: ref, What: "SHA-256", Want: ref.SHA256.String(), Got: got.String()}
	}
	return nil
}

// withContext is a reader that ends with its context.
type withContext struct {
	ctx context.Context
	r   io.Reader
}

func (r withContext) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
