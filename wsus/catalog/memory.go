package catalog

import (
	"fmt"
	"io"
	"io/fs"
	"sync"
)

// MemoryVolume is a Volume that lasts as long as the process.
type MemoryVolume struct {
	mu    sync.RWMutex
	files map[string]*memoryFile
}

// Memory returns an empty volume.
func Memory() *MemoryVolume { return &MemoryVolume{files: make(map[string]*memoryFile)} }

// Open implements Volume.
func (v *MemoryVolume) Open(name string) (Reader, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	f := v.files[name]
	if f == nil {
		return nil, fmt.Errorf("open %s: %w", name, fs.ErrNotExist)
	}
	return f, nil
}

// Append implements Volume.
func (v *MemoryVolume) Append(name string) (Appender, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.files[name] == nil {
		v.files[name] = new(memoryFile)
	}
	return v.files[name], nil
}

// Rename implements Volume.
func (v *MemoryVolume) Rename(oldName, newName string) error {
	if err := checkName(newName); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	f := v.files[oldName]
	if f == nil {
		return fmt.Errorf("rename %s: %w", oldName, fs.ErrNotExist)
	}
	delete(v.files, oldName)
	v.files[newName] = f
	return nil
}

// Remove implements Volume.
func (v *MemoryVolume) Remove(name string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.files, name)
	return nil
}

// SyncDir implements Volume; there is nothing to make durable.
func (v *MemoryVolume) SyncDir() error { return nil }

// memoryFile is a Reader and an Appender.
type memoryFile struct {
	mu   sync.RWMutex
	data []byte
}

func (f *memoryFile) ReadAt(p []byte, offset int64) (int, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	n := copy(p, f.data[min(offset, int64(len(f.data))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memoryFile) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.data = append(f.data, p...)
	return len(p), nil
}

func (f *memoryFile) Truncate(size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if size < 0 || size > int64(len(f.data)) {
		return fs.ErrInvalid
	}
	f.data = f.data[:size]
	return nil
}

func (f *memoryFile) Size() int64 {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return int64(len(f.data))
}

func (f *memoryFile) Sync() error  { return nil }
func (f *memoryFile) Close() error { return nil }
