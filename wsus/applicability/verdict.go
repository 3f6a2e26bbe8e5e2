package applicability

// State of an update on the machine.
type State uint8

// The states. Downloads, pending restarts and failures are not among them: those come from history, not from rules.
const (
	// NotApplicable is the zero value.
	NotApplicable State = iota
	// Required updates are applicable and missing.
	Required
	// Installed updates are in place. A category or detectoid is installed when it matches the machine.
	Installed
	// Superseded updates are applicable or were, but something newer takes their place.
	Superseded
	// Undecided is the state of an update whose rules cannot be judged. It counts neither as installed nor as needed.
	Undecided
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

// Verdict is the state of one update, and why.
type Verdict struct {
	State  State
	Reason string
}
