package memory

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Site implements updatepoint.Store.
type Site struct{ records }

var _ updatepoint.Store = (*Site)(nil)

// Get implements updatepoint.Store.
func (s *Site) Get(ctx context.Context, key string) ([]byte, error) {
	return s.get(ctx, key, updatepoint.ErrNotFound)
}

// List implements updatepoint.Store.
func (s *Site) List(ctx context.Context, prefix string) iter.Seq2[updatepoint.Record, error] {
	return list[updatepoint.Record](ctx, &s.records, prefix)
}

// Agent implements clientagent.Store.
type Agent struct{ records }

var _ clientagent.Store = (*Agent)(nil)

// Get implements clientagent.Store.
func (a *Agent) Get(ctx context.Context, key string) ([]byte, error) {
	return a.get(ctx, key, clientagent.ErrNotFound)
}

// List implements clientagent.Store.
func (a *Agent) List(ctx context.Context, prefix string) iter.Seq2[clientagent.Record, error] {
	return list[clientagent.Record](ctx, &a.records, prefix)
}

type records struct {
	mu     *sync.RWMutex
	values map[string][]byte
}

func newRecords() records { return records{mu: new(sync.RWMutex), values: map[string][]byte{}} }

func (r *records) get(ctx context.Context, key string, notFound error) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	value, found := r.values[key]
	if !found {
		return nil, notFound
	}
	return bytes.Clone(value), nil
}

// Put writes all or nothing; a nil value deletes its key.
func (r *records) Put(ctx context.Context, values map[string][]byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, value := range values {
		if value == nil {
			delete(r.values, key)
		} else {
			r.values[key] = bytes.Clone(value)
		}
	}
	return nil
}

// list yields the records of one moment.
func list[R interface {
	~struct {
		Key   string
		Value []byte
	}
}](ctx context.Context, r *records, prefix string) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		r.mu.RLock()
		snapshot := maps.Clone(r.values)
		r.mu.RUnlock()
		for _, key := range slices.Sorted(maps.Keys(snapshot)) {
			if !strings.HasPrefix(key, prefix) {
				continue
			}
			if err := ctx.Err(); err != nil {
				yield(R{}, err)
				return
			}
			if !yield(R{Key: key, Value: bytes.Clone(snapshot[key])}, nil) {
				return
			}
		}
	}
}
