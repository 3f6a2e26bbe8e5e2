package memory

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// PutReport implements wsus.StatusStore.
func (s *WSUS) PutReport(ctx context.Context, r wsus.Report) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appendEvents(r.Events)
	s.putComputer(r.Computer)
	for _, row := range r.Statuses {
		row.Changed = kept(row.Changed)
		rows := s.statuses[row.ComputerID]
		if rows == nil {
			rows = map[uuid.UUID]wsus.Status{}
			s.statuses[row.ComputerID] = rows
		}
		rows[row.UpdateID] = row
	}
	return nil
}

// Statuses implements wsus.StatusStore.
func (s *WSUS) Statuses(ctx context.Context, computerID string) iter.Seq2[wsus.Status, error] {
	return each(ctx, func() []wsus.Status {
		s.mu.RLock()
		defer s.mu.RUnlock()
		computers := []string{computerID}
		if computerID == "" {
			computers = slices.Sorted(maps.Keys(s.statuses))
		}
		var all []wsus.Status
		for _, id := range computers {
			all = append(all, slices.SortedFunc(maps.Values(s.statuses[id]), func(a, b wsus.Status) int {
				return bytes.Compare(a.UpdateID[:], b.UpdateID[:])
			})...)
		}
		return all
	})
}
