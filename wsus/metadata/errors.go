package metadata

import (
	"encoding/xml"
	"errors"
	"fmt"
)

// Limits of everything that this package reads.
const (
	// MaxDocumentBytes bounds a document and a fragment. The largest real Core fragment has 47 million bytes.
	MaxDocumentBytes = 64 << 20
	// MaxDepth bounds how deep elements nest. Rules of vendors are written by programs, and can be deep.
	MaxDepth = 1000
	// MaxNodes bounds elements and attributes together.
	MaxNodes = 2 << 20
)

// SyntaxError says what is wrong with a document or a fragment, and where.
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

func faultf(line int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Line: line, Reason: fmt.Sprintf(format, args...)}
}

// placed gives an error of the XML decoder its line.
func placed(line int, err error) *SyntaxError {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return &SyntaxError{Line: syntax.Line, Reason: syntax.Msg}
	}
	return &SyntaxError{Line: line, Reason: err.Error()}
}
