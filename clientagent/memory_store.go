package clientagent

import (
	"bytes"
	"context"
	"errors"
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

// List implements Store. It yields the keys that were there when it began; those deleted meanwhile are left out.
func (m *MemoryStore) List(ctx context.Context, prefix string) iter.Seq2[Record, error] {
	return listKeys(ctx, m, func() []string { return m.keys(prefix) })
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

// listKeys yields the records of keys as they are when their turn comes. An error ends the sequence.
func listKeys(ctx context.Context, store Store, keys func() []string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Record{}, err)
			return
		}
		for _, key := range keys() {
			value, err := store.Get(ctx, key)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if !yield(Record{Key: key, Value: value}, err) || err != nil {
				return
			}
		}
	}
}
