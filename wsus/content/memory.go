package content

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"
)

// MemoryStore keeps files in memory, for tests and simulated machines. It verifies as every store does, and cannot resume.
type MemoryStore struct {
	mu    sync.RWMutex
	files map[SHA1]memoryFile
}

type memoryFile struct {
	data []byte
	mod  time.Time
}

// Memory returns an empty store.
func Memory() *MemoryStore { return &MemoryStore{files: make(map[SHA1]memoryFile)} }

// Open implements Store.
func (m *MemoryStore) Open(ctx context.Context, sha1 SHA1) (File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	f, ok := m.files[sha1]
	if !ok {
		return nil, fmt.Errorf("file %s: %w", sha1, fs.ErrNotExist)
	}
	return openMemory{bytes.NewReader(f.data), f.mod}, nil
}

// Put implements Store.
func (m *MemoryStore) Put(ctx context.Context, ref Ref, r io.Reader) error {
	m.mu.RLock()
	have, ok := m.files[ref.SHA1]
	m.mu.RUnlock()
	if ok {
		return checkSize(ref, int64(len(have.data)))
	}
	var data bytes.Buffer
	if err := copyVerified(ctx, ref, &data, r); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files[ref.SHA1] = memoryFile{data.Bytes(), time.Now()}
	return nil
}

// openMemory is an open file of a MemoryStore.
type openMemory struct {
	*bytes.Reader
	mod time.Time
}

func (f openMemory) Size() int64        { return f.Reader.Size() }
func (f openMemory) ModTime() time.Time { return f.mod }
func (f openMemory) Close() error       { return nil }

// checkSize compares a stored file with metadata that names it.
func checkSize(ref Ref, size int64) error {
	if size != ref.Size {
		return &MismatchError{Ref: ref, What: "size", Want: fmt.Sprint(ref.Size), Got: fmt.Sprint(size)}
	}
	return nil
}
