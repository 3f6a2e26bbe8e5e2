package iis

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// Options are settings of [Open]. The zero value reads, and writes, a file that no other server shares.
type Options struct {
	// FollowRedirection opens the configuration that redirection.config leads to, with the rights of this process; without it such
	// a server is refused with a *RedirectedError.
	FollowRedirection bool
	// Shared allows to write a configuration that was reached by redirection: every server that shares it takes the change at once.
	Shared bool
	// Now dates backups; nil means time.Now.
	Now func() time.Time
}

var (
	// ErrChanged says that the file is not as it was read: somebody else wrote it meanwhile. Nothing was changed; open it anew.
	ErrChanged = errors.New("the file was changed by somebody else since it was read: open it anew and make the edits again")
	// ErrBusy says that another process is writing in the folder of the file.
	ErrBusy = errors.New("another process is writing this configuration: try again when it has ended")
	// ErrShared says that a shared configuration is not written without [Options.Shared].
	ErrShared = errors.New("the configuration is shared: writing it changes every server that uses it, which the options do not allow")
	// ErrReadOnly says that the file, or what it lies on, is read-only.
	ErrReadOnly = errors.New("read-only")
)

// File is an applicationHost.config on disk. Its methods are safe for concurrent use.
type File struct {
	folder  folder
	name    string
	options Options
	shared  bool

	mu     sync.Mutex
	config *Config
}

// Open reads an applicationHost.config and the redirection.config beside it, of which there need not be one. A file that is not
// there wraps fs.ErrNotExist, one that only administrators may read fs.ErrPermission. Symbolic links, folders, empty files and files
// beyond MaxBytes are refused; what is no configuration answers the error of [Parse].
func Open(path string, o Options) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open configuration: %w", err)
	}
	f, err := open(osFolder(filepath.Dir(path)), filepath.Base(path), o)
	if err != nil {
		return nil, fmt.Errorf("open configuration: %w", err)
	}
	return f, nil
}

func open(at folder, name string, o Options) (*File, error) {
	target, err := redirected(at, o)
	if err != nil {
		return nil, err
	}
	f := &File{folder: at, name: name, options: o}
	if target != nil {
		f.folder, f.name, f.shared = target, configName, true
	}
	data, err := f.read()
	if err != nil {
		return nil, err
	}
	if f.config, err = Parse(data); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path(), err)
	}
	return f, nil
}

// Path is where the file lies, after redirection.
func (f *File) Path() string { return filepath.Join(f.folder.path(), f.name) }

// Shared says that redirection led here.
func (f *File) Shared() bool { return f.shared }

// Config is the configuration as it was last read or written.
func (f *File) Config() *Config {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.config
}

// read returns the bytes of the file as they are now.
func (f *File) read() ([]byte, error) {
	info, err := f.folder.lstat(f.name)
	switch {
	case err != nil:
		return nil, explained(f.Path(), err)
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder: name the file in it, %s", f.Path(), configName)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("%s is a symbolic link, which a write would replace by a file: name the file that it leads to", f.Path())
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", f.Path())
	case info.Size() == 0:
		return nil, fmt.Errorf("%s is empty, which IIS does not accept: restore a backup, or a copy from inetpub\\history", f.Path())
	}
	fsys, done, err := f.folder.open()
	if err != nil {
		return nil, explained(f.Path(), err)
	}
	defer done()
	data, err := durable.ReadFile(fsys, f.name, MaxBytes)
	return data, explained(f.Path(), err)
}

// explained adds what to do next to an error of the operating system.
func explained(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is not there: is IIS installed? "+
			"On 64-bit Windows a 32-bit program finds it only below %%windir%%\\Sysnative: %w", path, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be reached with the rights of this process: only administrators may, run it elevated: %w", path, err)
	case isReadOnly(err):
		return fmt.Errorf("%s lies on a medium that is %w: copy it elsewhere, or make the medium writable: %w", path, ErrReadOnly, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}
