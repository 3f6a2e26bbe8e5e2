package wsus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// ComputerDeletionTimeThreshold is how long a computer is silent before the product's clean-up deletes it.
const ComputerDeletionTimeThreshold = 30 * 24 * time.Hour

// Computers yields the computers that introduced themselves, ordered by ID.
func (s *Server) Computers(ctx context.Context) iter.Seq2[Computer, error] {
	return func(yield func(Computer, error) bool) {
		for c, err := range s.store.Computers(ctx) {
			if err == nil {
				c = s.clients.current(c)
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// Computer returns one computer; ErrNotFound when there is none with the ID.
func (s *Server) Computer(ctx context.Context, id string) (Computer, error) {
	c, err := s.store.Computer(ctx, id)
	if err != nil {
		return Computer{}, fmt.Errorf("computer: %w", err)
	}
	return s.clients.current(c), nil
}

// SearchComputers yields the computers whose name contains the text, without regard to case.
func (s *Server) SearchComputers(ctx context.Context, text string) iter.Seq2[Computer, error] {
	text = strings.ToLower(text)
	return filtered(s.Computers(ctx), func(c Computer) bool { return strings.Contains(strings.ToLower(c.DNSName), text) })
}

// ComputersNotContactedSince yields the computers from which no request has come since.
func (s *Server) ComputersNotContactedSince(ctx context.Context, since time.Time) iter.Seq2[Computer, error] {
	return filtered(s.Computers(ctx), func(c Computer) bool { return c.LastContact.Before(since) })
}

// DeleteComputer forgets a computer and what it reported of updates; its events stay. When it comes back it is asked to register, and is
// a new one. It answers ErrNotFound for an unknown ID.
func (s *Server) DeleteComputer(ctx context.Context, id string) error {
	_, err := s.deleteComputer(ctx, id, func(Computer) bool { return true })
	if err != nil {
		return fmt.Errorf("delete computer %s: %w", id, err)
	}
	return nil
}

// CleanupObsoleteComputers deletes the computers that have been silent for longer than the duration (the product has
// ComputerDeletionTimeThreshold) and returns how many. Nothing else depends on its being called.
func (s *Server) CleanupObsoleteComputers(ctx context.Context, silent time.Duration) (deleted int, err error) {
	if silent <= 0 {
		return 0, errors.New("clean up obsolete computers: the duration must be positive: computers that are in use would go too")
	}
	since := s.now().Add(-silent)
	obsolete := func(c Computer) bool { return c.LastContact.Before(since) }
	for c, err := range filtered(s.Computers(ctx), obsolete) {
		if err != nil {
			return deleted, fmt.Errorf("clean up obsolete computers: %w", err)
		}
		gone, err := s.deleteComputer(ctx, c.ID, obsolete)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return deleted, fmt.Errorf("clean up obsolete computers: %w", err)
		}
		if gone {
			deleted++
		}
	}
	return deleted, nil
}

// deleteComputer deletes the computer if it is still as wanted when nobody can change it.
func (s *Server) deleteComputer(ctx context.Context, id string, wanted func(Computer) bool) (bool, error) {
	c, err := s.lock(ctx, Computer{ID: id}.ClientID())
	if err != nil {
		return false, err
	}
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.machines, func(m *machine) bool { return m.ID == id })
	if i < 0 {
		return false, ErrNotFound
	}
	if !wanted(c.machines[i].Computer) {
		return false, nil
	}
	return true, s.forget(ctx, c, id)
}

// current replaces what the store has by what is known since.
func (r *clients) current(stored Computer) Computer {
	r.mu.RLock()
	c := r.byID[stored.ClientID()]
	r.mu.RUnlock()
	if c == nil {
		return stored
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.machines {
		if m.ID == stored.ID {
			stored = m.Computer
			stored.InstalledNonLeaf = slices.Clone(stored.InstalledNonLeaf)
		}
	}
	return stored
}

// filtered passes errors on, and the items that are wanted.
func filtered[T any](all iter.Seq2[T, error], wanted func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item, err := range all {
			if (err != nil || wanted(item)) && !yield(item, err) {
				return
			}
		}
	}
}
