package content

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// Remove takes a file from the store, or what has come of it when it is not wholly there: it can be put or downloaded again. One that
// is not there is no error. ErrBusy answers while somebody downloads it or it is being verified, and then nothing is removed. Who has
// it open keeps it where the operating system lets an open file be removed; elsewhere the removal fails. It is synced to disk when
// Remove returns: after a crash before that the file is there as a whole, or not at all.
func (d *DirStore) Remove(ctx context.Context, sha1 SHA1) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	folders, err := d.unlink(sha1)
	for _, folder := range folders {
		err = errors.Join(err, d.fsys.SyncDir(folder))
	}
	if err != nil {
		return fmt.Errorf("remove file %s: %w", sha1, err)
	}
	return nil
}

// unlink removes the names of a file unless somebody works with it, and tells the folders that have changed. Nobody can begin to
// download it or to verify it meanwhile.
func (d *DirStore) unlink(sha1 SHA1) (folders []string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, checked := d.checking[sha1]; checked || d.busy[sha1] {
		return nil, ErrBusy
	}
	for _, at := range []struct{ folder, name string }{{folderOf(sha1), placeOf(sha1)}, {partialFolder, partialOf(sha1)}} {
		err := d.fsys.Remove(at.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return folders, err
		}
		folders = append(folders, at.folder)
	}
	delete(d.trusted, sha1)
	return folders, nil
}

// Remove takes a file from the store. One that is not there is no error; who has it open keeps it.
func (m *MemoryStore) Remove(ctx context.Context, sha1 SHA1) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, sha1)
	return nil
}
