package iis

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// configName and redirectionName are the files in %windir%\System32\inetsrv\config.
const (
	configName      = "applicationHost.config"
	redirectionName = "redirection.config"
)

// folder is where a configuration lies: a folder of the operating system, or of a test.
type folder interface {
	path() string
	// open returns the folder for use until done is called. It makes nothing.
	open() (fsys durable.FS, done func() error, err error)
	// lstat tells of a name in the folder, and of a symbolic link itself.
	lstat(name string) (fs.FileInfo, error)
	// lock keeps other processes of this package out until it is closed, and leaves nothing in the folder. Locked by another is
	// ErrBusy.
	lock() (io.Closer, error)
	// protect gives a new, still empty file the owner and the rights of another.
	protect(name, like string) error
}

// osFolder is the path of a folder of the operating system.
type osFolder string

func (d osFolder) path() string { return string(d) }

func (d osFolder) open() (durable.FS, func() error, error) {
	if _, err := os.Stat(string(d)); err != nil {
		return nil, nil, err // OpenFolder would make it
	}
	opened, err := durable.OpenFolder(string(d))
	if err != nil {
		return nil, nil, err
	}
	return opened, opened.Close, nil
}

func (d osFolder) lstat(name string) (fs.FileInfo, error) {
	return os.Lstat(filepath.Join(string(d), name))
}

func (d osFolder) lock() (io.Closer, error) { return lockFolder(string(d)) }

func (d osFolder) protect(name, like string) error {
	return copyProtection(filepath.Join(string(d), name), filepath.Join(string(d), like))
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
