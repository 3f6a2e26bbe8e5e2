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
func (m *MemoryStore) Get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	value, ok := m.records[key]
	if !ok {
		return nil, ErrNotFound
	}
	return bytes.Clone(value), nil
}

// Put implements Store.
func (m *MemoryStore) Put(ctx context.Context, records map[string][]byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
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

// List implements Store. It yields the records as they were when it began.
func (m *MemoryStore) List(ctx context.Context, prefix string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Record{}, err)
			return
		}
		for _, record := range m.snapshot(prefix) {
			if !yield(Record{Key: record.Key, Value: bytes.Clone(record.Value)}, nil) {
				return
			}
		}
	}
}

// snapshot shares the values: Put replaces them and never changes them.
func (m *MemoryStore) snapshot(prefix string) []Record {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var records []Record
	for key, value := range m.records {
		if strings.HasPrefix(key, prefix) {
			records = append(records, Record{Key: key, Value: value})
		}
	}
	slices.SortFunc(records, func(a, b Record) int { return strings.Compare(a.Key, b.Key) })
	return records
}
