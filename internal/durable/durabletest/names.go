package durabletest

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// OpenFile implements durable.FS.
func (d *Disk) OpenFile(name string, flag int, perm fs.FileMode) (durable.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	parent, n, err := d.find("open", name)
	switch {
	case err != nil:
		return nil, err
	case n == nil && flag&os.O_CREATE == 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case n != nil && flag&os.O_EXCL != 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrExist}
	case n != nil && n.dir:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	case n == nil:
		n = &node{perm: perm, mod: time.Now()}
		if err := d.step(func() { parent.set(path.Base(name), n) }); err != nil {
			return nil, err
		}
	case flag&os.O_TRUNC != 0:
		if err := d.step(func() { n.data = nil }); err != nil {
			return nil, err
		}
	}
	return &file{disk: d, node: n, name: path.Base(name), flag: flag}, nil
}

// Mkdir implements durable.FS.
func (d *Disk) Mkdir(name string, _ fs.FileMode) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	parent, n, err := d.find("mkdir", name)
	if err != nil {
		return err
	}
	if n != nil {
		return &fs.PathError{Op: "mkdir", Path: name, Err: fs.ErrExist}
	}
	return d.step(func() { parent.set(path.Base(name), newDir()) })
}

// Rename implements durable.FS.
func (d *Disk) Rename(oldName, newName string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	from, n, err := d.find("rename", oldName)
	if err != nil {
		return err
	}
	to, _, err := d.find("rename", newName)
	if err != nil {
		return err
	}
	if n == nil || from == nil || to == nil {
		return &fs.PathError{Op: "rename", Path: oldName, Err: fs.ErrNotExist}
	}
	return d.step(func() {
		// The new name comes first: a crash in between leaves both, never none.
		to.set(path.Base(newName), n)
		from.set(path.Base(oldName), nil)
	})
}

// Remove implements durable.FS.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	parent, n, err := d.find("remove", name)
	if err != nil {
		return err
	}
	if n == nil {
		return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrNotExist}
	}
	return d.step(func() { parent.set(path.Base(name), nil) })
}

// ReadDir implements durable.FS.
func (d *Disk) ReadDir(name string) ([]fs.DirEntry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, n, err := d.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if n == nil || !n.dir {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	var entries []fs.DirEntry
	for _, name := range slices.Sorted(maps.Keys(n.names)) {
		entries = append(entries, fs.FileInfoToDirEntry(infoOf(name, n.names[name])))
	}
	return entries, nil
}

// SyncDir implements durable.FS.
func (d *Disk) SyncDir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, n, err := d.find("sync", name)
	if err != nil {
		return err
	}
	if n == nil || !n.dir {
		return &fs.PathError{Op: "sync", Path: name, Err: fs.ErrNotExist}
	}
	return d.step(func() { n.durable, n.pending = maps.Clone(n.names), nil })
}

// Flip inverts one bit of a file, in what is seen and in what is synced, as a failing medium does.
func (d *Disk) Flip(name string, offset int64, bit uint) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, n, err := d.find("flip", name)
	if err != nil {
		return err
	}
	if n == nil || n.dir || offset >= int64(len(n.data)) {
		return &fs.PathError{Op: "flip", Path: name, Err: fs.ErrNotExist}
	}
	n.data[offset] ^= 1 << bit
	if offset < int64(len(n.synced)) {
		n.synced[offset] = n.data[offset]
	}
	return nil
}
