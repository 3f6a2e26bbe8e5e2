package main

import "github.com/seed599db172/softwareupdates/wsus/applicability"

// state of an update in the product's words, in the order of the listing.
type state uint8

const (
	required state = iota
	unknown
	installed
	notRequired
)

// states are all of them, in the order of the listing.
func states() []state { return []state{required, unknown, installed, notRequired} }

// stateOf leaves out what the product does not tell apart: a superseded update is not required.
func stateOf(s applicability.State) state {
	switch s {
	case applicability.Required:
		return required
	case applicability.Installed:
		return installed
	case applicability.Undecided:
		return unknown
	}
	return notRequired
}

// String is the word of the console.
func (s state) String() string {
	switch s {
	case required:
		return "Required"
	case unknown:
		return "Unknown"
	case installed:
		return "Installed"
	}
	return "Not Required"
}

// MarshalText is the word of the JSON output.
func (s state) MarshalText() ([]byte, error) {
	switch s {
	case required:
		return []byte("required"), nil
	case unknown:
		return []byte("unknown"), nil
	case installed:
		return []byte("installed"), nil
	}
	return []byte("notRequired"), nil
}
