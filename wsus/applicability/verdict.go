package applicability

import "unicode/utf8"

// State of an update on the machine.
type State uint8

// The states. Downloads, pending restarts and failures are not among them: those come from history, not from rules.
const (
	// NotApplicable is the zero value. In two-valued logic it is also the state of an update whose rules cannot be judged.
	NotApplicable State = iota
	// Required updates are applicable and missing.
	Required
	// Installed updates are in place. A category or detectoid is installed when it matches the machine.
	Installed
	// Superseded updates are applicable or were, but something newer takes their place.
	Superseded
	// Undecided is the state of an update whose rules cannot be judged, in three-valued logic. It counts neither as installed
	// nor as needed.
	Undecided

	states = 5 // how many there are
)

// String returns the state in words of the console.
func (s State) String() string {
	switch s {
	case Required:
		return "required"
	case Installed:
		return "installed"
	case Superseded:
		return "superseded"
	case Undecided:
		return "unknown"
	}
	return "not applicable"
}

// MarshalText writes the state in words of the console.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Verdict is the state of one update, and why.
type Verdict struct {
	State  State
	Reason string
	// Err is the *RuleError of the rule for which the update cannot be judged: its own, or that of an update that it depends on.
	// It is nil for an update that was judged.
	Err error
}

func decided(s State, reason string) Verdict { return Verdict{State: s, Reason: reason} }

func undecided(r Result) Verdict { return Verdict{State: Undecided, Reason: r.Reason, Err: r.Err} }

// longestQuote is how much of another update's reason stands in a reason.
const longestQuote = 400

// brief keeps reasons from growing with every update that quotes the one below it.
func brief(reason string) string {
	if len(reason) <= longestQuote {
		return reason
	}
	end := longestQuote
	for !utf8.RuneStart(reason[end]) {
		end--
	}
	return reason[:end] + "…"
}
