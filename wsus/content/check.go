package content

import (
	"context"
	"errors"
)

// Checker is an optional ability of a Store that relies on what it has checked before: Check has it look again.
type Checker interface {
	// Distrust makes the next Open of a file read and check it anew, whatever was known of it.
	Distrust(sha1 SHA1)
}

// Check reads the whole file of ref in a store and compares size and digests. It answers an error that is fs.ErrNotExist when the file is not
// there, *DamagedError when the store has set it aside, and *MismatchError when it is there and is not what the metadata announces.
func Check(ctx context.Context, store Store, ref Ref) error {
	if c, ok := store.(Checker); ok {
		c.Distrust(ref.SHA1)
	}
	f, err := store.Open(ctx, ref.SHA1)
	if err != nil {
		return err
	}
	return errors.Join(Verify(ctx, ref, f), f.Close())
}

// Distrust implements Checker.
func (d *DirStore) Distrust(sha1 SHA1) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.trusted, sha1)
}
