package wsus

import (
	"context"
	"iter"
	"sync"

	"github.com/google/uuid"
)

// stateBoard has the states of all updates on all computers in memory, four bytes each, so that counting them asks no store. It is read from
// the store when somebody first counts, and follows from then on.
type stateBoard struct {
	mu     sync.RWMutex
	loaded bool
	number map[uuid.UUID]uint32
	update []uuid.UUID // by number
	column map[string]*stateColumn
}

// stateColumn is a computer: its states as update number × 8 + state.
type stateColumn struct {
	computer Computer // without what makes it large
	states   []uint32
}

// read has the board loaded and calls f with it. f must not keep anything of it.
func (b *stateBoard) read(ctx context.Context, store Store, f func()) error {
	b.mu.RLock()
	if b.loaded {
		defer b.mu.RUnlock()
		f()
		return nil
	}
	b.mu.RUnlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.loaded {
		if err := b.load(ctx, store); err != nil {
			return err
		}
	}
	f()
	return nil
}

// readColumn is read for one computer. It answers ErrNotFound for one that the server does not have.
func (b *stateBoard) readColumn(ctx context.Context, store Store, computerID string, f func(*stateColumn)) error {
	known := false
	err := b.read(ctx, store, func() {
		if column := b.column[computerID]; column != nil {
			known = true
			f(column)
		}
	})
	if err == nil && !known {
		err = ErrNotFound
	}
	return err
}

// load reads the store. Whoever has written and waits for the board writes the same into it again.
func (b *stateBoard) load(ctx context.Context, store Store) error {
	b.number, b.update, b.column = map[uuid.UUID]uint32{}, nil, map[string]*stateColumn{}
	for c, err := range store.Computers(ctx) {
		if err != nil {
			return err
		}
		b.put(c)
	}
	for row, err := range store.Statuses(ctx, "") {
		if err != nil {
			return err
		}
		if column := b.column[row.ComputerID]; column != nil {
			column.states = append(column.states, b.pack(row))
		}
	}
	b.loaded = true
	return nil
}

func (b *stateBoard) put(c Computer) {
	column := b.column[c.ID]
	if column == nil {
		column = &stateColumn{}
		b.column[c.ID] = column
	}
	c.InstalledNonLeaf = nil
	column.computer = c
}

func (b *stateBoard) pack(row Status) uint32 {
	n, known := b.number[row.UpdateID]
	if !known {
		n = uint32(len(b.update))
		b.number[row.UpdateID] = n
		b.update = append(b.update, row.UpdateID)
	}
	return n<<3 | uint32(row.State)
}

// computerKept, rowsKept and computerDeleted follow what was written. Their callers hold the lock of the client.
func (b *stateBoard) computerKept(c Computer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loaded {
		b.put(c)
	}
}

func (b *stateBoard) rowsKept(computerID string, rows iter.Seq[Status]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	column := b.column[computerID]
	if !b.loaded || column == nil {
		return
	}
	column.states = column.states[:0]
	for row := range rows {
		column.states = append(column.states, b.pack(row))
	}
}

func (b *stateBoard) computerDeleted(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.column, id)
}
