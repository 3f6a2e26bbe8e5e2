package ssl

import (
	"fmt"
	"strconv"
)

// Kind is the stable name of a kind of finding, for programs; the texts of a Finding are for people.
type Kind string

// Severity orders findings.
type Severity string

// The severities.
const (
	// Error: clients or synchronization fail, or metadata is open.
	Error Severity = "error"
	// Warning: it works today and will fail, or fails for some.
	Warning Severity = "warning"
	// Advice: the vendor recommends otherwise.
	Advice Severity = "advice"
)

// Finding is one fault of a channel, with what to do about it.
type Finding struct {
	Kind     Kind     `json:"kind"`
	Severity Severity `json:"severity"`
	// Root is the virtual root concerned, empty when it is none in particular.
	Root string `json:"root,omitempty"`
	// Cause says what is wrong, with the values seen.
	Cause string `json:"cause"`
	// Remedy says what an administrator does about it.
	Remedy string `json:"remedy"`
	// ClientError is the code that the Windows Update Agent shows for it, 0 when it shows none.
	ClientError ClientError `json:"clientError,omitempty"`
}

// ClientError is an HRESULT of the Windows Update Agent or of WinHTTP.
type ClientError uint32

// String writes the code as Windows shows it, for example 0x80244018.
func (e ClientError) String() string { return fmt.Sprintf("0x%08X", uint32(e)) }

// MarshalText writes the code as Windows shows it.
func (e ClientError) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads a code as MarshalText writes it.
func (e *ClientError) UnmarshalText(text []byte) error {
	code, err := strconv.ParseUint(string(text), 0, 32)
	if err != nil {
		return fmt.Errorf("code %.40q of a client: %w", text, err)
	}
	*e = ClientError(code)
	return nil
}
