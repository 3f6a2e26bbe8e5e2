package memory

import (
	"context"
	"iter"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// AppendEvents implements wsus.EventStore.
func (s *WSUS) AppendEvents(ctx context.Context, events ...wsus.Event) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.appendEvents(events), nil
}

func (s *WSUS) appendEvents(events []wsus.Event) (added int) {
	for _, e := range events {
		if s.eventIDs[e.ID] {
			continue
		}
		e.At, e.Received = kept(e.At), kept(e.Received)
		e.Replacement, e.MiscData = ownStrings(e.Replacement), ownStrings(e.MiscData)
		s.eventIDs[e.ID] = true
		s.events = append(s.events, e)
		added++
	}
	return added
}

// KnownEvents implements wsus.EventStore.
func (s *WSUS) KnownEvents(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	known := make(map[uuid.UUID]bool)
	for _, id := range ids {
		if s.eventIDs[id] {
			known[id] = true
		}
	}
	return known, nil
}

// Events implements wsus.EventStore.
func (s *WSUS) Events(ctx context.Context, computerID string) iter.Seq2[wsus.Event, error] {
	return each(ctx, func() []wsus.Event {
		s.mu.RLock()
		defer s.mu.RUnlock()
		var all []wsus.Event
		for _, e := range s.events {
			if computerID == "" || e.ComputerID == computerID {
				e.Replacement, e.MiscData = ownStrings(e.Replacement), ownStrings(e.MiscData)
				all = append(all, e)
			}
		}
		return all
	})
}

// ownStrings copies, and makes an empty list nil, as every backend gives it back.
func ownStrings(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}
