package durabletest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

// file is an open file of a Disk.
type file struct {
	disk   *Disk
	node   *node
	name   string
	flag   int
	offset int64
	closed bool
}

func (f *file) check() error {
	switch {
	case f.disk.dead:
		return ErrCrash
	case f.closed:
		return fs.ErrClosed
	}
	return nil
}

func (f *file) checkWrite() error {
	if f.flag&(os.O_WRONLY|os.O_RDWR) == 0 {
		return &fs.PathError{Op: "write", Path: f.name, Err: fs.ErrPermission}
	}
	return f.check()
}

func (f *file) Read(p []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	n, err := f.readAt(p, f.offset)
	f.offset += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

func (f *file) ReadAt(p []byte, offset int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return f.readAt(p, offset)
}

func (f *file) readAt(p []byte, offset int64) (int, error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	if offset < 0 || f.flag&os.O_WRONLY != 0 {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
	}
	n := copy(p, f.node.data[min(offset, int64(len(f.node.data))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) Seek(offset int64, whence int) (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += int64(len(f.node.data))
	}
	if offset < 0 {
		return 0, &fs.PathError{Op: "seek", Path: f.name, Err: fs.ErrInvalid}
	}
	f.offset = offset
	return offset, f.check()
}

func (f *file) Write(p []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.flag&os.O_APPEND != 0 {
		f.offset = int64(len(f.node.data))
	}
	n, err := f.writeAt(p, f.offset)
	f.offset += int64(n)
	return n, err
}

func (f *file) WriteAt(p []byte, offset int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.flag&os.O_APPEND != 0 || offset < 0 {
		return 0, &fs.PathError{Op: "writeat", Path: f.name, Err: fs.ErrInvalid}
	}
	return f.writeAt(p, offset)
}

func (f *file) writeAt(p []byte, offset int64) (int, error) {
	if err := f.checkWrite(); err != nil {
		return 0, err
	}
	half := len(p) / 2
	err := f.disk.step(
		func() { f.put(p[:half], offset) },
		func() { f.put(p[half:], offset+int64(half)) },
	)
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

func (f *file) put(p []byte, offset int64) {
	if end := int(offset) + len(p); end > len(f.node.data) {
		f.node.data = append(f.node.data, make([]byte, end-len(f.node.data))...)
	}
	copy(f.node.data[offset:], p)
	f.node.mod = time.Now()
}

func (f *file) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.checkWrite(); err != nil {
		return err
	}
	return f.disk.step(func() {
		if size <= int64(len(f.node.data)) {
			f.node.data = f.node.data[:size:size]
		} else {
			f.node.data = append(f.node.data, make([]byte, size-int64(len(f.node.data)))...)
		}
	})
}

func (f *file) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.check(); err != nil {
		return err
	}
	return f.disk.step(func() { f.node.synced = slices.Clone(f.node.data) })
}

func (f *file) Close() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	err := f.check()
	f.closed = true
	return err
}

func (f *file) Stat() (fs.FileInfo, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return infoOf(f.name, f.node), f.check()
}

// info is a snapshot of a node.
type info struct {
	name string
	size int64
	mode fs.FileMode
	mod  time.Time
}

func infoOf(name string, n *node) info {
	return info{name: name, size: int64(len(n.data)), mode: n.perm, mod: n.mod}
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return i.mod }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }
