package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Compliance implements compliance.Store.
type Compliance struct {
	mu        sync.RWMutex
	computers map[string]*computer
}

var _ compliance.Store = (*Compliance)(nil)

type computer struct {
	compliance.Computer
	rows         map[uuid.UUID]compliance.Row
	enforcements map[topic]compliance.Enforcement
}

type topic struct {
	id  string
	typ compliance.TopicType
}

func newCompliance() Compliance { return Compliance{computers: map[string]*computer{}} }

// Apply implements compliance.Store.
func (s *Compliance) Apply(ctx context.Context, c compliance.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := ownRows(c); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	of := s.computers[c.Computer.ID]
	if of == nil || c.Reset {
		of = &computer{rows: map[uuid.UUID]compliance.Row{}, enforcements: map[topic]compliance.Enforcement{}}
		s.computers[c.Computer.ID] = of
	}
	of.Computer = c.Computer
	of.LastScan, of.Reported = kept(c.Computer.LastScan), kept(c.Computer.Reported)
	for _, row := range c.Rows {
		row.Changed = kept(row.Changed)
		of.rows[row.UpdateID] = row
	}
	for _, e := range c.Enforcements {
		e.Changed = kept(e.Changed)
		of.enforcements[topic{e.TopicID, e.Type}] = e
	}
	return nil
}

func ownRows(c compliance.Changes) error {
	for _, row := range c.Rows {
		if row.ComputerID != c.Computer.ID {
			return fmt.Errorf("row of computer %q in the changes of %q", row.ComputerID, c.Computer.ID)
		}
	}
	for _, e := range c.Enforcements {
		if e.ComputerID != c.Computer.ID {
			return fmt.Errorf("enforcement of computer %q in the changes of %q", e.ComputerID, c.Computer.ID)
		}
	}
	return nil
}

// Computers implements compliance.Store.
func (s *Compliance) Computers(ctx context.Context) iter.Seq2[compliance.Computer, error] {
	return each(ctx, func() []compliance.Computer {
		s.mu.RLock()
		defer s.mu.RUnlock()
		var all []compliance.Computer
		for _, id := range slices.Sorted(maps.Keys(s.computers)) {
			all = append(all, s.computers[id].Computer)
		}
		return all
	})
}

// States implements compliance.Store.
func (s *Compliance) States(ctx context.Context, computerID string) iter.Seq2[compliance.Row, error] {
	return each(ctx, func() []compliance.Row {
		s.mu.RLock()
		defer s.mu.RUnlock()
		var all []compliance.Row
		for _, c := range s.computers {
			if computerID == "" || c.ID == computerID {
				all = slices.AppendSeq(all, maps.Values(c.rows))
			}
		}
		slices.SortFunc(all, func(a, b compliance.Row) int {
			return cmp.Or(cmp.Compare(a.ComputerID, b.ComputerID), bytes.Compare(a.UpdateID[:], b.UpdateID[:]))
		})
		return all
	})
}

// Enforcements implements compliance.Store.
func (s *Compliance) Enforcements(ctx context.Context, computerID string) iter.Seq2[compliance.Enforcement, error] {
	return each(ctx, func() []compliance.Enforcement {
		s.mu.RLock()
		defer s.mu.RUnlock()
		var all []compliance.Enforcement
		for _, c := range s.computers {
			if computerID == "" || c.ID == computerID {
				all = slices.AppendSeq(all, maps.Values(c.enforcements))
			}
		}
		slices.SortFunc(all, func(a, b compliance.Enforcement) int {
			return cmp.Or(cmp.Compare(a.ComputerID, b.ComputerID), cmp.Compare(a.TopicID, b.TopicID), cmp.Compare(a.Type, b.Type))
		})
		return all
	})
}
