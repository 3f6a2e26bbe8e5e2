package wsus

import (
	"context"
	"fmt"
	"iter"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// Events yields what a computer reported, all of it when the id is empty, in the order of arrival.
func (s *Server) Events(ctx context.Context, computerID string) iter.Seq2[Event, error] {
	return s.store.Events(ctx, computerID)
}

// report keeps events. Their strings stay opaque: nothing in them is ever parsed for structure or turned into types.
func (s *Server) report(ctx context.Context, c clientsync.Bearer, reported []clientsync.ReportingEvent) error {
	now := s.now().UTC()
	events := make([]Event, 0, len(reported))
	for _, r := range reported {
		events = append(events, Event{
			ID: r.EventInstanceID, ComputerID: c.ID, EventID: r.EventID, SourceID: r.SourceID,
			At: r.TimeAtTarget, Received: now,
			UpdateID: r.UpdateID.UpdateID, Revision: r.UpdateID.RevisionNumber,
			HResult: r.Win32HResult, AppName: r.AppName, Replacement: r.ReplacementStrings, MiscData: r.MiscData,
		})
	}
	if _, err := s.store.AppendEvents(ctx, events...); err != nil {
		return fmt.Errorf("append %d events of %s: %w", len(events), c.ID, err)
	}
	return nil
}
