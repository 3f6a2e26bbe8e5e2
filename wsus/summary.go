package wsus

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// InstallationStates counts by state, as the product's summaries do: updates of one computer, or computers of one update.
type InstallationStates [InstalledPendingReboot + 1]int

// Of is how many are in a state.
func (n InstallationStates) Of(state UpdateInstallationState) int { return n[state] }

// Needed is how many still have something to do: not installed, downloaded, failed, or waiting for a restart.
func (n InstallationStates) Needed() int {
	needed := 0
	for state, count := range n {
		if UpdateInstallationState(state).needed() {
			needed += count
		}
	}
	return needed
}

// InstallationState is how an update is doing on a computer, by the newest status event (156) of the computer and failures after it
// (182), as far as a cookie vouches for them. Before the first status event, and for updates that came after the last one, it is
// Unknown. It answers ErrNotFound for a computer or an update that the server does not have.
func (s *Server) InstallationState(ctx context.Context, computerID string, update uuid.UUID) (UpdateInstallationState, error) {
	r, ok := s.view.Load().generation.Latest(update)
	if !ok {
		return Unknown, fmt.Errorf("installation state: update %s: %w", update, ErrNotFound)
	}
	state := Unknown
	err := s.states.readColumn(ctx, s.store, computerID, func(column *stateColumn) { state = s.states.stateOf(column, r) })
	if err != nil {
		return Unknown, fmt.Errorf("installation state: computer %s: %w", computerID, err)
	}
	return state, nil
}

// SummaryPerUpdate counts the computers by the state of one update. It answers ErrNotFound for an update that the server does not have.
func (s *Server) SummaryPerUpdate(ctx context.Context, update uuid.UUID) (InstallationStates, error) {
	var counts InstallationStates
	r, ok := s.view.Load().generation.Latest(update)
	if !ok {
		return counts, fmt.Errorf("summary of update %s: %w", update, ErrNotFound)
	}
	err := s.states.read(ctx, s.store, func() {
		for _, column := range s.states.column {
			counts[s.states.stateOf(column, r)]++
		}
	})
	if err != nil {
		return InstallationStates{}, fmt.Errorf("summary of update %s: %w", update, err)
	}
	return counts, nil
}

// SummaryPerComputerTarget counts the updates by their state on one computer: those that can be approved, in the revision in force,
// neither declined nor expired. It answers ErrNotFound for a computer that the server does not have.
func (s *Server) SummaryPerComputerTarget(ctx context.Context, computerID string) (InstallationStates, error) {
	var counts InstallationStates
	v := s.view.Load()
	err := s.states.readColumn(ctx, s.store, computerID, func(column *stateColumn) {
		said := s.states.said(column)
		for r := range v.generation.All() {
			if v.counts(r) {
				counts[s.states.stateIn(said, column, r)]++
			}
		}
	})
	if err != nil {
		return InstallationStates{}, fmt.Errorf("summary of computer %s: %w", computerID, err)
	}
	return counts, nil
}

// stateOf is the state of an update in a column; the board must be loaded and locked.
func (b *stateBoard) stateOf(column *stateColumn, r *catalog.Revision) UpdateInstallationState {
	if n, numbered := b.number[r.UpdateID]; numbered {
		for _, packed := range column.states {
			if packed>>3 == n {
				return UpdateInstallationState(packed & 7)
			}
		}
	}
	return column.unsaid(r)
}

// said are the states in a column by the number of the update, for who asks about many. The board must be loaded and locked.
func (b *stateBoard) said(column *stateColumn) map[uint32]UpdateInstallationState {
	states := make(map[uint32]UpdateInstallationState, len(column.states))
	for _, packed := range column.states {
		states[packed>>3] = UpdateInstallationState(packed & 7)
	}
	return states
}

// stateIn is stateOf for who has what was said.
func (b *stateBoard) stateIn(said map[uint32]UpdateInstallationState, column *stateColumn, r *catalog.Revision) UpdateInstallationState {
	if n, numbered := b.number[r.UpdateID]; numbered {
		if state, ok := said[n]; ok {
			return state
		}
	}
	return column.unsaid(r)
}

// unsaid is the state of an update that no status event has named: not applicable when the computer knew of it, else unknown.
func (c *stateColumn) unsaid(r *catalog.Revision) UpdateInstallationState {
	if c.computer.LastReportedStatusTime.IsZero() || r.Since > c.computer.StatusVersion {
		return Unknown
	}
	return NotApplicable
}
