package wsus

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"
)

// The events that change a status. All others, successes too, wait for the next status event (MS-WUSP §2.2.2.3.1, product behaviour).
const (
	eventStatus        = 156
	eventInstallFailed = 182
)

// statusSheet is what is known of the updates on one computer, while events are written into it.
type statusSheet struct {
	computer *Computer
	rows     map[uuid.UUID]Status
	changed  map[uuid.UUID]bool
	// reportable says whether an update is one whose status is kept; what the catalogue does not have is not, so that nobody fills the
	// store with invented ids.
	reportable func(uuid.UUID) bool
}

// take writes new events into the sheet. The outcome does not depend on the order in which they arrived: the newest status event says what
// is where, and a failure counts when it is newer than that.
func (s *statusSheet) take(events []Event) {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int {
		return cmp.Or(statusTime(a).Compare(statusTime(b)), cmp.Compare(b.EventID, a.EventID)) // a status event after a failure
	})
	for _, e := range events {
		switch e.EventID {
		case eventStatus:
			s.replaceLists(statusTime(e), e.MiscData)
		case eventInstallFailed:
			s.fail(statusTime(e), e.UpdateID)
		}
	}
}

// statusTime is when an event happened, as far as that is believed: a clock that is ahead would silence all later events.
func statusTime(e Event) time.Time {
	at := e.At
	if at.After(e.Received) {
		at = e.Received
	}
	return at.UTC().Truncate(time.Microsecond) // as stores keep it
}

// replaceLists makes the lists of a status event those that count. Updates that an older one named and this one does not are not applicable.
func (s *statusSheet) replaceLists(at time.Time, misc []string) {
	lists, ok := statusLists(misc)
	if !ok || at.Before(s.computer.LastReportedStatusTime) {
		return
	}
	for id, row := range s.rows {
		if row.Changed.After(at) {
			continue // it has failed since
		}
		state, named := lists[id]
		if !named {
			state = NotApplicable
		}
		if row.State != state {
			s.set(id, state, at)
		}
	}
	for id, state := range lists {
		if _, have := s.rows[id]; !have && s.reportable(id) {
			s.set(id, state, at)
		}
	}
	s.computer.LastReportedStatusTime, s.computer.StatusVersion = at, s.computer.SyncedVersion
}

func (s *statusSheet) fail(at time.Time, id uuid.UUID) {
	row, have := s.rows[id]
	if !have && !s.reportable(id) || !at.After(s.computer.LastReportedStatusTime) || have && !at.After(row.Changed) {
		return
	}
	s.set(id, Failed, at)
}

func (s *statusSheet) set(id uuid.UUID, state UpdateInstallationState, at time.Time) {
	s.rows[id] = Status{ComputerID: s.computer.ID, UpdateID: id, State: state, Changed: at}
	s.changed[id] = true
}

// changes are the rows that have to be written, in the order of their updates.
func (s *statusSheet) changes() []Status {
	var out []Status
	for id := range s.changed {
		out = append(out, s.rows[id])
	}
	slices.SortFunc(out, func(a, b Status) int { return compareIDs(a.UpdateID, b.UpdateID) })
	return out
}
