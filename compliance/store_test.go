package compliance_test

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

var errDisk = errors.New("disk is full")

// heap is a store that fails when told to.
type heap struct {
	mu           sync.Mutex
	fail         bool
	applied      int
	computers    map[string]compliance.Computer
	rows         map[string]map[uuid.UUID]compliance.Row
	enforcements map[string][]compliance.Enforcement
}

func newHeap() *heap {
	return &heap{
		computers:    map[string]compliance.Computer{},
		rows:         map[string]map[uuid.UUID]compliance.Row{},
		enforcements: map[string][]compliance.Enforcement{},
	}
}

func (h *heap) Apply(ctx context.Context, c compliance.Changes) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fail {
		return errDisk
	}
	h.applied++
	id := c.Computer.ID
	if c.Reset {
		delete(h.rows, id)
		delete(h.enforcements, id)
	}
	if h.rows[id] == nil {
		h.rows[id] = map[uuid.UUID]compliance.Row{}
	}
	h.computers[id] = c.Computer
	for _, row := range c.Rows {
		h.rows[id][row.UpdateID] = row
	}
	for _, e := range c.Enforcements {
		h.enforcements[id] = slices.DeleteFunc(h.enforcements[id], func(old compliance.Enforcement) bool {
			return old.Type == e.Type && old.TopicID == e.TopicID
		})
		h.enforcements[id] = append(h.enforcements[id], e)
	}
	return ctx.Err()
}

func (h *heap) Computers(context.Context) iter.Seq2[compliance.Computer, error] {
	return func(yield func(compliance.Computer, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(h.computers)) {
			if !yield(h.computers[id], nil) {
				return
			}
		}
	}
}

func (h *heap) States(_ context.Context, computerID string) iter.Seq2[compliance.Row, error] {
	return func(yield func(compliance.Row, error) bool) {
		for id, rows := range h.rows {
			for _, row := range rows {
				if (computerID == "" || computerID == id) && !yield(row, nil) {
					return
				}
			}
		}
	}
}

func (h *heap) Enforcements(_ context.Context, computerID string) iter.Seq2[compliance.Enforcement, error] {
	return func(yield func(compliance.Enforcement, error) bool) {
		for id, enforcements := range h.enforcements {
			for _, e := range enforcements {
				if (computerID == "" || computerID == id) && !yield(e, nil) {
					return
				}
			}
		}
	}
}
