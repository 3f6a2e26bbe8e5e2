package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// DirVolume is a Volume in a folder.
type DirVolume struct {
	fsys  durable.FS
	close func() error
}

// Dir opens a folder as a volume and makes it when absent. It locks nobody out: whoever opens it sees to that.
func Dir(path string) (*DirVolume, error) {
	folder, err := durable.OpenFolder(path)
	if err != nil {
		return nil, fmt.Errorf("open catalogue folder: %w", err)
	}
	return &DirVolume{fsys: folder, close: folder.Close}, nil
}

// Close ends the use of the folder; open files stay open.
func (v *DirVolume) Close() error { return v.close() }

// Open implements Volume.
func (v *DirVolume) Open(name string) (Reader, error) {
	f, err := v.open(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	return dirFile{f}, nil
}

// Append implements Volume.
func (v *DirVolume) Append(name string) (Appender, error) {
	f, err := v.open(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	return dirFile{f}, nil
}

func (v *DirVolume) open(name string, flag int) (durable.File, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	return v.fsys.OpenFile(name, flag, 0o640)
}

// Rename implements Volume.
func (v *DirVolume) Rename(oldName, newName string) error {
	if err := errors.Join(checkName(oldName), checkName(newName)); err != nil {
		return err
	}
	return v.fsys.Rename(oldName, newName)
}

// Remove implements Volume.
func (v *DirVolume) Remove(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := v.fsys.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// SyncDir implements Volume.
func (v *DirVolume) SyncDir() error { return v.fsys.SyncDir(".") }

// dirFile adds the size to a file of the operating system.
type dirFile struct{ durable.File }

// Size is the size now: a segment grows while it is open. A file that cannot be asked has none, and whoever reads it will see
// the error.
func (f dirFile) Size() int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// checkName keeps a volume flat.
func checkName(name string) error {
	for _, c := range []byte(name) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.') {
			return fmt.Errorf("file name %q: %w", name, fs.ErrInvalid)
		}
	}
	if name == "" || name[0] == '.' {
		return fmt.Errorf("file name %q: %w", name, fs.ErrInvalid)
	}
	return nil
}
