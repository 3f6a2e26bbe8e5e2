package compliance

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// Counts says how many computers are in which state.
type Counts struct {
	Unknown     int `json:"unknown"`     // NumUnknown
	NotRequired int `json:"notRequired"` // NumNotApplicable
	Required    int `json:"required"`    // NumMissing
	Installed   int `json:"installed"`   // NumPresent
}

// Total is the sum of the four (NumTotal).
func (c Counts) Total() int { return c.Unknown + c.NotRequired + c.Required + c.Installed }

// PercentCompliant is 100 × (Installed + Not Required) / Total, and 0 of nothing: an unknown state is not compliant.
func (c Counts) PercentCompliant() float64 { return percent(c.Installed+c.NotRequired, c.Total()) }

func (c *Counts) add(state State, n int) {
	switch state {
	case Unknown:
		c.Unknown += n
	case NotRequired:
		c.NotRequired += n
	case Required:
		c.Required += n
	case Installed:
		c.Installed += n
	}
}

// UpdateCounts are the counts of one update.
type UpdateCounts struct {
	ID uuid.UUID `json:"id"`
	Counts
}

// Clients says how many computers comply with all of the updates.
type Clients struct {
	Compliant    int `json:"compliantClients"`    // NumCompliant
	NonCompliant int `json:"nonCompliantClients"` // NumNonCompliant: an update is Required
	Unknown      int `json:"unknownClients"`      // none is Required, but not all are known
}

// Total is the sum of the three.
func (c Clients) Total() int { return c.Compliant + c.NonCompliant + c.Unknown }

// PercentCompliant is 100 × Compliant / Total, and 0 of nothing.
func (c Clients) PercentCompliant() float64 { return percent(c.Compliant, c.Total()) }

func (c *Clients) add(compliance AssignmentComplianceState) {
	switch compliance {
	case Compliant:
		c.Compliant++
	case NonCompliant:
		c.NonCompliant++
	default:
		c.Unknown++
	}
}

// Summary of a set of updates on a set of computers.
type Summary struct {
	// Updates in the order given.
	Updates []UpdateCounts `json:"updates"`
	// Computers in the order given, their States in the order of Updates. Counts leaves it nil.
	Computers []ComputerStates `json:"computers,omitempty"`
	// States counts each update on each computer once.
	States Counts `json:"states"`
	Clients
}

// Summary counts the states of updates on computers and lists them per computer, by the rules of States. Both are sets: what is
// given twice is an error. The error is that, or the context's.
func (t *Tracker) Summary(ctx context.Context, updates []Update, computers []string) (Summary, error) {
	if err := distinct(updates, computers); err != nil {
		return Summary{}, fmt.Errorf("compliance summary: %w", err)
	}
	rows, err := t.States(ctx, updates, computers)
	if err != nil {
		return Summary{}, fmt.Errorf("compliance summary: %w", err)
	}
	s := Summary{Updates: make([]UpdateCounts, len(updates)), Computers: rows}
	for i, update := range updates {
		s.Updates[i].ID = update.ID
	}
	for _, computer := range rows {
		s.Clients.add(computer.Compliance)
		for i, state := range computer.States {
			s.Updates[i].add(state, 1)
			s.States.add(state, 1)
		}
	}
	return s, nil
}

func distinct(updates []Update, computers []string) error {
	seen := make(map[uuid.UUID]bool, len(updates))
	for _, update := range updates {
		if seen[update.ID] {
			return fmt.Errorf("update %s is given twice", update.ID)
		}
		seen[update.ID] = true
	}
	ids := make(map[string]bool, len(computers))
	for _, id := range computers {
		if ids[id] {
			return fmt.Errorf("computer %q is given twice", id)
		}
		ids[id] = true
	}
	return nil
}

func percent(part, total int) float64 {
	if total == 0 {
		return 0
	}
	return 100 * float64(part) / float64(total)
}
