package iis

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// SyntaxError says where and why a file is not the XML that IIS reads. IIS refuses such a file as well, and every site that it
// concerns is down until it is mended.
type SyntaxError struct {
	// Line and Column count from 1; columns are characters.
	Line, Column int
	Reason       string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// errorAt makes the error of an offset.
func errorAt(text []byte, offset int, reason string, args ...any) *SyntaxError {
	before := text[:offset]
	lineStart := bytes.LastIndexByte(before, '\n') + 1
	return &SyntaxError{
		Line:   bytes.Count(before, []byte{'\n'}) + 1,
		Column: utf8.RuneCount(before[lineStart:]) + 1,
		Reason: fmt.Sprintf(reason, args...),
	}
}
