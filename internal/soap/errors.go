package soap

import (
	"bytes"
	"errors"
	"fmt"
)

// ErrVersion says that the envelope is of SOAP 1.2. The services bind it in their WSDL but no agent uses it (MS-WUSP §2.1).
var ErrVersion = errors.New("soap: the envelope is of SOAP 1.2, this service speaks SOAP 1.1")

// A SyntaxError says why a message is not a well-formed document or not an envelope.
type SyntaxError struct {
	Line   int // from 1
	Offset int // in bytes, from 0
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("soap: line %d, byte %d: %s", e.Line, e.Offset, e.Reason)
}

// A ValueError names an element whose text is not of its type. The text itself is not part of the error: it may be a cookie.
type ValueError struct {
	Path string // names below the operation, joined by dots
	Type string // as in the schema: int, dateTime, …
}

func (e *ValueError) Error() string { return fmt.Sprintf("soap: %s is no %s", e.Path, e.Type) }

// A LimitError names the limit that a message exceeds.
type LimitError struct {
	Path string // element that has too much; empty when it is the whole message
	What string // what there is too much of
	Max  int
}

func (e *LimitError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("soap: more than %d %s", e.Max, e.What)
	}
	return fmt.Sprintf("soap: %s has more than %d %s", e.Path, e.Max, e.What)
}

// fail keeps the first error; all reading stops there.
func (s *Scanner) fail(reason string) {
	if s.err == nil {
		s.err = &SyntaxError{Line: 1 + bytes.Count(s.data[:s.pos], []byte{'\n'}), Offset: s.pos, Reason: reason}
	}
}

func (s *Scanner) failValue(path, kind string) {
	if s.err == nil {
		s.err = &ValueError{Path: path, Type: kind}
	}
}

// FailLimit makes the scanner stop because the element that it is in has more than max of what.
func (s *Scanner) FailLimit(what string, limit int) {
	if s.err == nil {
		s.err = &LimitError{Path: s.Path(), What: what, Max: limit}
	}
}

// Err is the first error, nil while there is none.
func (s *Scanner) Err() error { return s.err }
