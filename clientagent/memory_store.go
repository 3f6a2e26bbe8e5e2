package clientagent

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
)

// MemoryStore is a Store for agents that nobody will miss: it keeps records as long as the process runs. The zero value is ready
// for use.
type MemoryStore struct {
	mu      sync.RWMutex
	records map[string][]byte
}

// Memory returns an empty MemoryStore.
func Memory() *MemoryStore { return &MemoryStore{} }

// Get implements Store.
func (m *MemoryStore) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	value, ok := m.records[key]
	if !ok {
		return nil, ErrNotFound
	}
	return bytes.Clone(value), nil
}

// Put implements Store.
func (m *MemoryStore) Put(_ context.Context, records map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records == nil {
		m.records = make(map[string][]byte, len(records))
	}
	for key, value := range records {
		if value == nil {
			delete(m.records, key)
			continue
		}
		m.records[key] = append([]byte{}, value...)
	}
	return nil
}

// List implements Store. It yields the keys that were there when it began; those deleted meanwhile are left out.
func (m *MemoryStore) List(ctx context.Context, prefix string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, key := range m.keys(prefix) {
			value, err := m.Get(ctx, key)
			if err != nil {
				continue
			}
			if !yield(Record{Key: key, Value: value}, nil) {
				return
			}
		}
	}
}

func (m *MemoryStore) keys(prefix string) []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var keys []string
	for key := range m.records {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
