package durable

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Folder is an FS on a folder of the operating system. It is opened once (os.Root), so that neither names nor symbolic links
// lead out of it, and moving the folder while it is open does no harm.
type Folder struct {
	root *os.Root
}

// OpenFolder opens a folder and makes it, with its parents, when absent; new folders are durable when it returns. Close it
// after use.
func OpenFolder(path string) (*Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := makeAll(path); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Folder{root: root}, nil
}

// makeAll is os.MkdirAll that syncs the parent of every folder it makes.
func makeAll(path string) error {
	if info, err := os.Stat(path); err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: path, Err: fs.ErrExist}
		}
		return nil
	}
	parent := filepath.Dir(path)
	if parent == path {
		return &fs.PathError{Op: "mkdir", Path: path, Err: fs.ErrNotExist}
	}
	if err := makeAll(parent); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o750); err != nil && !os.IsExist(err) {
		return err
	}
	d, err := os.Open(parent)
	if err != nil {
		return err
	}
	defer d.Close()
	return syncDir(d)
}

// Close ends the use of the folder. Open files stay open.
func (d *Folder) Close() error { return d.root.Close() }

// OpenFile implements FS.
func (d *Folder) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := d.root.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err // not a nil *os.File in a File
	}
	return f, nil
}

// Mkdir implements FS.
func (d *Folder) Mkdir(name string, perm fs.FileMode) error { return d.root.Mkdir(name, perm) }

// Rename implements FS.
func (d *Folder) Rename(oldName, newName string) error { return d.root.Rename(oldName, newName) }

// Remove implements FS.
func (d *Folder) Remove(name string) error { return d.root.Remove(name) }

// ReadDir implements FS.
func (d *Folder) ReadDir(name string) ([]fs.DirEntry, error) {
	f, err := d.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// SyncDir implements FS.
func (d *Folder) SyncDir(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return syncDir(f)
}
