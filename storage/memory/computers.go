package memory

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Computer implements wsus.ComputerStore.
func (s *WSUS) Computer(ctx context.Context, id string) (wsus.Computer, error) {
	if err := ctx.Err(); err != nil {
		return wsus.Computer{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, found := s.computers[id]
	if !found {
		return wsus.Computer{}, fmt.Errorf("computer %q: %w", id, wsus.ErrNotFound)
	}
	return ownComputer(c), nil
}

// Machines implements wsus.ComputerStore.
func (s *WSUS) Machines(ctx context.Context, clientID string) ([]wsus.Computer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []wsus.Computer
	for _, id := range slices.Sorted(maps.Keys(s.machines[clientID])) {
		list = append(list, ownComputer(s.computers[id]))
	}
	return list, nil
}

// PutComputers implements wsus.ComputerStore.
func (s *WSUS) PutComputers(ctx context.Context, computers ...wsus.Computer) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range computers {
		s.putComputer(c)
	}
	return nil
}

func (s *WSUS) putComputer(c wsus.Computer) {
	c = ownComputer(c)
	c.LastContact, c.LastSyncTime, c.FirstContact = kept(c.LastContact), kept(c.LastSyncTime), kept(c.FirstContact)
	c.BIOSReleaseDate, c.LastReportedStatusTime, c.HardwareChanged = kept(c.BIOSReleaseDate), kept(c.LastReportedStatusTime), kept(c.HardwareChanged)
	s.computers[c.ID] = c
	machines := s.machines[c.ClientID()]
	if machines == nil {
		machines = map[string]bool{}
		s.machines[c.ClientID()] = machines
	}
	machines[c.ID] = true
}

// DeleteComputers implements wsus.ComputerStore.
func (s *WSUS) DeleteComputers(ctx context.Context, ids ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.computers, id)
		delete(s.statuses, id)
		delete(s.machines[wsus.Computer{ID: id}.ClientID()], id)
	}
	return nil
}

// Computers implements wsus.ComputerStore.
func (s *WSUS) Computers(ctx context.Context) iter.Seq2[wsus.Computer, error] {
	return each(ctx, func() []wsus.Computer {
		s.mu.RLock()
		defer s.mu.RUnlock()
		var all []wsus.Computer
		for _, id := range slices.Sorted(maps.Keys(s.computers)) {
			all = append(all, ownComputer(s.computers[id]))
		}
		return all
	})
}

// ownComputer copies, and makes an empty list nil, as every backend gives it back.
func ownComputer(c wsus.Computer) wsus.Computer {
	c.InstalledNonLeaf = slices.Clone(c.InstalledNonLeaf)
	if len(c.InstalledNonLeaf) == 0 {
		c.InstalledNonLeaf = nil
	}
	return c
}
