package updatepoint

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/compliance"
)

// ComplianceTable is what is known of the site's updates on its clients.
type ComplianceTable struct {
	// Updates are all that the site has synchronized and that have not expired, ordered by title and id.
	Updates []UpdateCompliance
	// Computers are the registered clients, ordered by name and id; those that never reported are Unknown throughout.
	Computers []ComputerCompliance
	// States counts each update on each computer once.
	States compliance.Counts
	// Clients counts the computers by whether they comply with all updates.
	Clients compliance.Clients
}

// UpdateCompliance is one row of the view by update.
type UpdateCompliance struct {
	Update
	Counts compliance.Counts
}

// ComputerCompliance is one row of the view by computer.
type ComputerCompliance struct {
	ID   string
	Name string
	// Compliance with all updates: NonCompliant when one is Required.
	Compliance compliance.AssignmentComplianceState
	Counts     compliance.Counts
	// States in the order of ComplianceTable.Updates.
	States []compliance.State
	// LastScan is when the last scan completed, zero before the first.
	LastScan time.Time
	// ScanState is the last state of topic 501, with its error code.
	ScanState compliance.UpdateSourceScanState
	ScanError int32
}

// Compliance returns the whole table, or that of some clients only, by id. An unknown id answers ErrNotFound. Its size is updates
// times clients: ask for the clients that are shown, and for ComplianceSummary where counts are enough.
func (s *Site) Compliance(ctx context.Context, clients ...string) (ComplianceTable, error) {
	table, err := s.question(ctx, clients)
	if err != nil {
		return ComplianceTable{}, fmt.Errorf("compliance: %w", err)
	}
	summary, err := s.tracker.Summary(ctx, table.versions(), table.ids())
	if err != nil {
		return ComplianceTable{}, fmt.Errorf("compliance: %w", err)
	}
	table.take(summary)
	for i, states := range summary.Computers {
		row := &table.Computers[i]
		row.Compliance, row.States = states.Compliance, states.States
		for _, state := range states.States {
			count(&row.Counts, state)
		}
	}
	return table, nil
}

// ComplianceSummary returns the table without its computers.
func (s *Site) ComplianceSummary(ctx context.Context) (ComplianceTable, error) {
	table, err := s.question(ctx, nil)
	if err != nil {
		return ComplianceTable{}, fmt.Errorf("compliance summary: %w", err)
	}
	summary, err := s.tracker.Counts(ctx, table.versions(), table.ids())
	if err != nil {
		return ComplianceTable{}, fmt.Errorf("compliance summary: %w", err)
	}
	table.take(summary)
	table.Computers = nil
	return table, nil
}

// question lists the updates and clients to ask for; no clients means all.
func (s *Site) question(ctx context.Context, clients []string) (ComplianceTable, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return ComplianceTable{}, err
	}
	var table ComplianceTable
	for _, u := range slices.SortedFunc(maps.Values(s.state.updates), byTitle) {
		if u.Expired {
			continue // it is not offered any more, so nobody can comply with it
		}
		table.Updates = append(table.Updates, UpdateCompliance{Update: u})
	}
	if len(clients) == 0 {
		clients = slices.Collect(maps.Keys(s.state.clients))
	}
	for _, id := range clients {
		client, ok := s.state.clients[id]
		if !ok {
			return ComplianceTable{}, fmt.Errorf("client %.64q: %w", id, ErrNotFound)
		}
		row := ComputerCompliance{ID: id, Name: client.Name}
		if c, ok := s.tracker.Computer(id); ok {
			row.LastScan, row.ScanState, row.ScanError = c.LastScan, compliance.UpdateSourceScanState(c.ScanState), c.ScanError
		}
		table.Computers = append(table.Computers, row)
	}
	slices.SortFunc(table.Computers, func(a, b ComputerCompliance) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return table, nil
}

func (t ComplianceTable) versions() []compliance.Update {
	updates := make([]compliance.Update, len(t.Updates))
	for i, u := range t.Updates {
		updates[i] = compliance.Update{ID: u.ID, Since: u.Since}
	}
	return updates
}

func (t ComplianceTable) ids() []string {
	ids := make([]string, len(t.Computers))
	for i, c := range t.Computers {
		ids[i] = c.ID
	}
	return ids
}

func (t *ComplianceTable) take(summary compliance.Summary) {
	t.States, t.Clients = summary.States, summary.Clients
	for i, u := range summary.Updates {
		t.Updates[i].Counts = u.Counts
	}
}

func count(c *compliance.Counts, state compliance.State) {
	switch state {
	case compliance.Unknown:
		c.Unknown++
	case compliance.NotRequired:
		c.NotRequired++
	case compliance.Required:
		c.Required++
	case compliance.Installed:
		c.Installed++
	}
}

func byTitle(a, b Update) int {
	return cmp.Or(cmp.Compare(a.Title, b.Title), slices.Compare(a.ID[:], b.ID[:]))
}
