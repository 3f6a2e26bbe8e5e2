package wsus

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Events yields what a computer reported, all of it when the id is empty, in the order of arrival.
func (s *Server) Events(ctx context.Context, computerID string) iter.Seq2[Event, error] {
	return s.store.Events(ctx, computerID)
}

// report keeps events, and what follows from those that a cookie vouches for. Their strings stay opaque but for lists of GUIDs: nothing in
// them is turned into types.
func (s *Server) report(ctx context.Context, b clientsync.Bearer, reported []clientsync.ReportingEvent) error {
	c, err := s.lock(ctx, b.ID)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	defer c.mu.Unlock()
	m := c.of(b)
	if b.Unsealed || m == nil {
		_, err = s.store.AppendEvents(ctx, s.events(b.ID, b.Unsealed, reported)...)
	} else {
		err = s.conclude(ctx, m, s.events(m.ID, false, reported))
	}
	if err != nil {
		return fmt.Errorf("append %d events of %s: %w", len(reported), b.ID, err)
	}
	return nil
}

func (s *Server) events(computerID string, unsealed bool, reported []clientsync.ReportingEvent) []Event {
	now := s.now().UTC()
	events := make([]Event, 0, len(reported))
	for _, r := range reported {
		events = append(events, Event{
			ID: r.EventInstanceID, ComputerID: computerID, EventID: r.EventID, SourceID: r.SourceID,
			At: r.TimeAtTarget, Received: now, Unsealed: unsealed,
			UpdateID: r.UpdateID.UpdateID, Revision: r.UpdateID.RevisionNumber,
			HResult: r.Win32HResult, AppName: r.AppName, Replacement: r.ReplacementStrings, MiscData: r.MiscData,
		})
	}
	return events
}

// conclude keeps events together with the statuses that they change, and the contact.
func (s *Server) conclude(ctx context.Context, m *machine, events []Event) error {
	computer := m.Computer
	computer.InstalledNonLeaf = slices.Clone(computer.InstalledNonLeaf)
	computer.LastContact = s.now().UTC()
	telling, err := s.telling(ctx, events)
	if err != nil {
		return err
	}
	report := Report{Events: events}
	var rows map[uuid.UUID]Status
	if len(telling) > 0 {
		if rows, err = s.statusRows(ctx, computer.ID); err != nil {
			return err
		}
		sheet := statusSheet{computer: &computer, rows: rows, changed: map[uuid.UUID]bool{}, reportable: s.view.Load().reportable}
		sheet.take(telling)
		report.Statuses = sheet.changes()
	}
	report.Computer = computer
	if err := s.store.PutReport(ctx, report); err != nil {
		return err
	}
	s.kept(m, computer)
	if len(report.Statuses) > 0 {
		s.states.rowsKept(computer.ID, maps.Values(rows))
	}
	return nil
}

// telling returns the events that can change a status and have not been here before: what is sent twice says nothing new.
func (s *Server) telling(ctx context.Context, events []Event) ([]Event, error) {
	var out []Event
	var ids []uuid.UUID
	for _, e := range events {
		if (e.EventID == eventStatus || e.EventID == eventInstallFailed) && !slices.Contains(ids, e.ID) {
			out, ids = append(out, e), append(ids, e.ID)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	known, err := s.store.KnownEvents(ctx, ids...)
	return slices.DeleteFunc(out, func(e Event) bool { return known[e.ID] }), err
}

func (s *Server) statusRows(ctx context.Context, computerID string) (map[uuid.UUID]Status, error) {
	rows := make(map[uuid.UUID]Status)
	for row, err := range s.store.Statuses(ctx, computerID) {
		if err != nil {
			return nil, err
		}
		rows[row.UpdateID] = row
	}
	return rows, nil
}

// reportable says whether computers report the status of an update: of what stands on its own.
func (v *view) reportable(id uuid.UUID) bool {
	r, ok := v.generation.Latest(id)
	return ok && !r.BundledIn && (r.Type == metadata.Software || r.Type == metadata.Driver)
}
