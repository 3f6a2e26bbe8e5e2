package iis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// Write replaces the file by a configuration, usually one that [Config.Apply] made of [File.Config], and returns the path of the
// backup: a copy of the file as it was, beside it, which Write never overwrites or removes once the file is replaced. A configuration
// with the bytes of the file writes nothing and has no backup.
//
// After a crash at any moment the file is the old or the new one, whole. It keeps its mode and, as far as this process may give files
// away, its owner; on Windows its access control list, but not its owner. The file is refused with ErrChanged when it differs from
// what was read, which is looked at last directly before the rename; another process that writes through this package gets ErrBusy.
// IIS takes a changed file up by itself.
//
// On an error without a backup's path nothing was changed. With one, the error came from the last step, the rename: the file is the
// old or the new one, and the backup is there in any case.
func (f *File) Write(ctx context.Context, c *Config) (backup string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	backup, err = f.write(ctx, c)
	if err != nil {
		err = fmt.Errorf("write configuration: %w", err)
	}
	return backup, err
}

func (f *File) write(ctx context.Context, c *Config) (string, error) {
	if bytes.Equal(c.raw, f.config.raw) {
		return "", nil
	}
	if f.shared && !f.options.Shared {
		return "", fmt.Errorf("%s: %w", f.Path(), ErrShared)
	}
	lock, err := f.folder.lock()
	if err != nil {
		return "", explained(f.Path(), err)
	}
	defer lock.Close()
	fsys, done, err := f.folder.open()
	if err != nil {
		return "", explained(f.Path(), err)
	}
	defer done()
	if err := f.writable(); err != nil {
		return "", err
	}
	backup, err := f.backUp(fsys)
	if err != nil {
		return "", explained(f.Path(), err)
	}
	temp, err := f.prepare(ctx, fsys, c)
	if err != nil {
		return "", errors.Join(err, fsys.Remove(backup))
	}
	path := filepath.Join(f.folder.path(), backup)
	if err := fsys.Rename(temp, f.name); err != nil {
		return path, errors.Join(explained(f.Path(), err), fsys.Remove(temp))
	}
	f.config = c
	if err := fsys.SyncDir("."); err != nil {
		return path, fmt.Errorf("%s was replaced, but may be the old one after a crash: %w", f.Path(), err)
	}
	return path, nil
}

// writable looks at the file before anything is written.
func (f *File) writable() error {
	if err := f.unchanged(); err != nil {
		return err
	}
	info, err := f.folder.lstat(f.name)
	if err != nil {
		return explained(f.Path(), err)
	}
	if info.Mode().Perm()&0o222 == 0 {
		return fmt.Errorf("%s is %w: make it writable first, if that is not on purpose", f.Path(), ErrReadOnly)
	}
	return nil
}

// unchanged compares the file with what was read of it.
func (f *File) unchanged() error {
	now, err := f.read()
	if err != nil {
		return errors.Join(ErrChanged, err)
	}
	if !bytes.Equal(now, f.config.raw) {
		return fmt.Errorf("%s: %w", f.Path(), ErrChanged)
	}
	return nil
}

// prepare writes the new file beside the old one and looks a last time whether that is as it was read. On an error nothing is left.
func (f *File) prepare(ctx context.Context, fsys durable.FS, c *Config) (temp string, err error) {
	temp = f.name + ".tmp"
	// One that a crash has left belongs to nobody: the lock is held.
	if err := fsys.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", explained(f.Path(), err)
	}
	if err := f.create(fsys, temp, c.raw); err != nil {
		return "", explained(f.Path(), err)
	}
	if err = context.Cause(ctx); err == nil {
		err = f.unchanged()
	}
	if err != nil {
		return "", errors.Join(err, fsys.Remove(temp))
	}
	return temp, nil
}

// create makes a file with the rights of the configuration and syncs it. On an error it is not there.
func (f *File) create(fsys durable.FS, name string, data []byte) error {
	file, err := fsys.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = f.folder.protect(name, f.name)
	if err == nil {
		_, err = file.Write(data)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, fsys.Remove(name))
	}
	return nil
}
