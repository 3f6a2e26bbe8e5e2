package content

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// DamagedError says that a file of a store is not any more what it was when it was put: a disk has failed, or somebody has
// written to it. It is fs.ErrNotExist, since nobody can have the file.
type DamagedError struct {
	SHA1 SHA1
	// Got is what the bytes are.
	Got SHA1
}

// Error names both digests.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("the file is damaged: its SHA-1 is %s; it was set aside, put or download it again", e.Got)
}

// Is makes errors.Is(err, fs.ErrNotExist) true.
func (e *DamagedError) Is(target error) bool { return target == fs.ErrNotExist }

// damagedMark is what is appended to the name of a file that was set aside. The next one of the same name replaces it.
const damagedMark = ".damaged"

// stamp is how a file looks without being read.
type stamp struct {
	size int64
	time time.Time
}

// trust returns once the digest of an open file is known to hold. Many that open the same file wait for one check.
func (d *DirStore) trust(ctx context.Context, sha1 SHA1, f openFile) error {
	seen := stamp{f.Size(), f.ModTime()}
	for {
		d.mu.Lock()
		if d.trusted[sha1] == seen {
			d.mu.Unlock()
			return nil
		}
		other, busy := d.checking[sha1]
		if !busy {
			done := make(chan struct{})
			d.checking[sha1] = done
			d.mu.Unlock()
			err := d.check(ctx, sha1, f)
			d.mu.Lock()
			if err == nil {
				d.trusted[sha1] = seen
			}
			delete(d.checking, sha1)
			d.mu.Unlock()
			close(done)
			return err
		}
		d.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// check reads the whole file by its open handle, so that what is served is what was checked.
func (d *DirStore) check(ctx context.Context, want SHA1, f openFile) error {
	digest := sha1.New()
	if _, err := io.CopyBuffer(digest, withContext{ctx, io.NewSectionReader(f, 0, f.Size())}, make([]byte, copyBuffer)); err != nil {
		return err
	}
	if got := SHA1(digest.Sum(nil)); got != want {
		damaged := &DamagedError{SHA1: want, Got: got}
		return errors.Join(damaged, d.setAside(want))
	}
	return nil
}

// setAside takes a damaged file from its place, for an administrator to look at. Another check may have done so already.
func (d *DirStore) setAside(sha1 SHA1) error {
	err := d.fsys.Rename(placeOf(sha1), placeOf(sha1)+damagedMark)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
