package snapshot

import (
	"bytes"
	"fmt"
)

// Limits of a snapshot file.
const (
	// MaxBytes bounds the file.
	MaxBytes = 64 << 20
	// MaxEntries bounds registry keys and values, files, products, packages and queries together.
	MaxEntries = 1 << 20
)

// SyntaxError says what is wrong with a snapshot file, and where.
type SyntaxError struct {
	// Line counts from 1; it is 0 when the fault has no place, such as too many bytes.
	Line   int
	Reason string
}

// Error names the line and the reason.
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte{'\n'})
}
