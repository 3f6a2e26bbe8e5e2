package compliance

import "fmt"

// String returns the product's words: "Unknown", "Not Required", "Required", "Installed".
func (s State) String() string {
	switch s {
	case Unknown:
		return "Unknown"
	case NotRequired:
		return "Not Required"
	case Required:
		return "Required"
	case Installed:
		return "Installed"
	default:
		return fmt.Sprintf("State(%d)", uint8(s))
	}
}

// MarshalText writes the state for JSON and as a key of maps: unknown, notRequired, required, installed. Another value is an
// error.
func (s State) MarshalText() ([]byte, error) {
	switch s {
	case Unknown:
		return []byte("unknown"), nil
	case NotRequired:
		return []byte("notRequired"), nil
	case Required:
		return []byte("required"), nil
	case Installed:
		return []byte("installed"), nil
	default:
		return nil, fmt.Errorf("compliance state %d does not exist", uint8(s))
	}
}

// UnmarshalText reads what MarshalText writes.
func (s *State) UnmarshalText(text []byte) error {
	for _, state := range [...]State{Unknown, NotRequired, Required, Installed} {
		if word, _ := state.MarshalText(); string(word) == string(text) {
			*s = state
			return nil
		}
	}
	return fmt.Errorf("compliance state %q does not exist", text)
}
