package compliance

import (
	"context"

	"github.com/google/uuid"
)

// Update is an update to ask for.
type Update struct {
	ID uuid.UUID
	// Since is the content version of the catalogue since which the update has been known, 0 when from the beginning.
	Since int64
}

// ComputerStates are the states of one computer.
type ComputerStates struct {
	ID string `json:"id"`
	// Name is empty while the computer has never reported.
	Name string `json:"name"`
	// Compliance is NonCompliant when one of the updates is Required; otherwise ComplianceUnknown when one is Unknown, or there
	// are no updates and no scan has completed; otherwise Compliant.
	Compliance AssignmentComplianceState `json:"compliance"`
	// States in the order of the updates that were asked for.
	States []State `json:"states"`
}

// States returns the states of updates on computers, in the order given. A state that was reported counts. Without one an update
// is NotRequired when a completed scan covered a catalogue that had it (Computer.Scanned >= Since), else Unknown. A computer
// that has never reported is Unknown throughout: the caller lists the computers that are to be there. The answer is of one
// moment; the error is the context's.
func (t *Tracker) States(ctx context.Context, updates []Update, computers []string) ([]ComputerStates, error) {
	question := t.ask(updates, computers)
	answer := make([]ComputerStates, len(computers))
	for i, id := range computers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		states := make([]State, len(updates))
		v := question.views[i]
		for j, update := range updates {
			states[j] = v.state(question.numbers[j], update.Since)
		}
		answer[i] = ComputerStates{ID: id, States: states, Compliance: overall(states, v)}
		if v != nil {
			answer[i].Name = v.computer.Name
		}
	}
	return answer, nil
}

// question is what an answer is made of: everything of one moment.
type question struct {
	numbers []int64 // of the updates; -1 for one that no row names
	views   []*view // of the computers; nil for one that has never reported
}

func (t *Tracker) ask(updates []Update, computers []string) question {
	q := question{numbers: make([]int64, len(updates)), views: make([]*view, len(computers))}
	t.mu.RLock()
	defer t.mu.RUnlock()
	for i, update := range updates {
		q.numbers[i] = -1
		if number, known := t.updates[update.ID]; known {
			q.numbers[i] = int64(number)
		}
	}
	for i, id := range computers {
		if c := t.clients[id]; c != nil {
			q.views[i] = c.view
		}
	}
	return q
}

func (v *view) state(number, since int64) State {
	if v == nil {
		return Unknown
	}
	if number >= 0 {
		if state, explicit := v.rows.get(uint32(number)); explicit {
			return state
		}
	}
	return v.implicit(since)
}

func (v *view) implicit(since int64) State {
	if v != nil && v.computer.Scanned > 0 && v.computer.Scanned >= since {
		return NotRequired
	}
	return Unknown
}

func overall(states []State, v *view) AssignmentComplianceState {
	compliance := Compliant
	if len(states) == 0 && (v == nil || v.computer.Scanned == 0) {
		compliance = ComplianceUnknown
	}
	for _, state := range states {
		switch state {
		case Required:
			return NonCompliant
		case Unknown:
			compliance = ComplianceUnknown
		}
	}
	return compliance
}
