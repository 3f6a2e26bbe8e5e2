package compliance

import (
	"context"
	"fmt"
	"slices"
	"sort"
)

// Counts returns the Summary without its list of computers. Its time grows with the explicit rows, not with updates times
// computers: what is Not Required without a row is counted from the scans.
func (t *Tracker) Counts(ctx context.Context, updates []Update, computers []string) (Summary, error) {
	if err := distinct(updates, computers); err != nil {
		return Summary{}, fmt.Errorf("compliance counts: %w", err)
	}
	q := t.ask(updates, computers)
	s := Summary{Updates: make([]UpdateCounts, len(updates))}
	places := make(map[uint32]int, len(updates))
	sinces := make([]int64, len(updates))
	for i, update := range updates {
		s.Updates[i].ID = update.ID
		sinces[i] = update.Since
		if q.numbers[i] >= 0 {
			places[uint32(q.numbers[i])] = i
		}
	}
	slices.Sort(sinces)
	scans := make([]int64, 0, len(computers)) // of those that have completed one
	for _, v := range q.views {
		if err := ctx.Err(); err != nil {
			return Summary{}, fmt.Errorf("compliance counts: %w", err)
		}
		covered := 0
		if v != nil && v.computer.Scanned > 0 {
			scans = append(scans, v.computer.Scanned)
			covered = sort.Search(len(sinces), func(i int) bool { return sinces[i] > v.computer.Scanned })
		}
		s.Clients.add(s.overlay(v, updates, places, len(updates)-covered))
	}
	slices.Sort(scans)
	for i, update := range updates {
		notRequired := len(scans) - sort.Search(len(scans), func(j int) bool { return scans[j] >= update.Since })
		s.Updates[i].add(NotRequired, notRequired)
		s.Updates[i].add(Unknown, len(computers)-notRequired)
		s.States.add(Unknown, s.Updates[i].Unknown)
		s.States.add(NotRequired, s.Updates[i].NotRequired)
		s.States.add(Required, s.Updates[i].Required)
		s.States.add(Installed, s.Updates[i].Installed)
	}
	return s, nil
}

// overlay moves the updates that have an explicit state on a computer away from their implicit one. unknown is how many updates
// were implicitly Unknown.
func (s *Summary) overlay(v *view, updates []Update, places map[uint32]int, unknown int) AssignmentComplianceState {
	if v == nil {
		return ComplianceUnknown
	}
	required := false
	for _, row := range v.rows {
		number, state := unpackRow(row)
		place, asked := places[number]
		if !asked {
			continue
		}
		implicit := v.implicit(updates[place].Since)
		s.Updates[place].add(implicit, -1)
		s.Updates[place].add(state, 1)
		if implicit == Unknown {
			unknown--
		}
		if state == Unknown {
			unknown++
		}
		required = required || state == Required
	}
	switch {
	case required:
		return NonCompliant
	case unknown > 0, len(updates) == 0 && v.computer.Scanned == 0:
		return ComplianceUnknown
	default:
		return Compliant
	}
}
