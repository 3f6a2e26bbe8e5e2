package soap

import (
	"bytes"
	"strings"
)

// A Scanner reads a document from memory, element by element. It refuses: end tags that do not match, prefixes that are not
// declared, entities other than the five named ones and character references, document types and processing instructions
// (save the XML declaration), names that are not ASCII, anything but UTF-8, and what exceeds its limits. Comments are passed
// over. An element with a nil attribute of the XML Schema instance namespace, whatever its prefix, counts as absent.
//
// The first error sticks: Child then answers false and the value methods answer zero values. A Scanner is for one goroutine.
type Scanner struct {
	data    []byte
	pos     int
	limits  Limits
	err     error
	stack   []frame
	binds   []binding
	attrs   []attribute
	scratch []byte
	// operation is the depth of the element that Path starts below.
	operation int
	elements  int
	// empty says that the innermost open element was written <x/> and ends here.
	empty bool
	// What the text of this document must be searched for; most have neither.
	carriageReturn, sectionEnd bool
}

// frame is an open element.
type frame struct {
	name  []byte // as written, with prefix
	local int    // where the local name begins
	binds int    // bindings that were there before it
}

// NewScanner reads data, which must not change meanwhile.
func NewScanner(data []byte, limits Limits) *Scanner {
	s := new(Scanner)
	s.Reset(data, limits)
	return s
}

// Reset begins anew with other data and keeps the room that the scanner has. What it gave out of the old data is still valid,
// except the slices of Text.
func (s *Scanner) Reset(data []byte, limits Limits) {
	*s = Scanner{data: data, limits: limits.withDefaults(),
		stack: s.stack[:0], binds: s.binds[:0], attrs: s.attrs[:0], scratch: s.scratch[:0]}
	if s.stack == nil {
		s.stack, s.binds = make([]frame, 0, 12), make([]binding, 0, 8)
	}
	bad, carriageReturn := checkCharacters(data)
	s.carriageReturn = carriageReturn
	s.sectionEnd = bytes.Contains(data, []byte("]]>"))
	if bad >= 0 {
		s.pos = bad
		s.fail("not a character of XML in UTF-8")
	}
}

// Name is the local name of the innermost open element.
func (s *Scanner) Name() []byte {
	if len(s.stack) == 0 {
		return nil
	}
	top := &s.stack[len(s.stack)-1]
	return top.name[top.local:]
}

// maxPath bounds what errors repeat of a message.
const maxPath = 200

// Path names the innermost open element from below the operation: "parameters.SystemSpec". It is cut after 200 bytes.
func (s *Scanner) Path() string {
	var path strings.Builder
	for i := min(s.operation, len(s.stack)); i < len(s.stack) && path.Len() < maxPath; i++ {
		if path.Len() > 0 {
			path.WriteByte('.')
		}
		name := s.stack[i].name[s.stack[i].local:]
		path.Write(name[:min(len(name), maxPath)])
	}
	return path.String()[:min(path.Len(), maxPath)]
}

// Child opens the next child of the innermost open element and answers true, or closes that element and answers false. Each
// opened child must be closed: by its own loop over Child, by Skip, or by one of the value methods.
func (s *Scanner) Child() bool {
	for s.err == nil {
		if s.closedEmpty() {
			return false
		}
		s.space()
		switch {
		case s.pos >= len(s.data):
			s.fail("the document ends inside an element")
		case s.data[s.pos] != '<':
			s.fail("text where only elements belong")
		case s.at("</"):
			s.endTag()
			return false
		case s.at("<!--"):
			s.comment()
		case s.startTag():
			return s.err == nil
		default: // nil
			s.Skip()
		}
	}
	return false
}

// Skip closes the innermost open element, whatever is in it. What is skipped is checked all the same.
func (s *Scanner) Skip() {
	for depth := len(s.stack); s.err == nil && len(s.stack) >= depth; {
		if s.closedEmpty() {
			continue
		}
		s.scratch = s.appendText(s.scratch[:0])
		switch {
		case s.err != nil:
		case s.at("</"):
			s.endTag()
		default:
			s.startTag()
		}
	}
}

// end checks that nothing but space and comments follows the root element.
func (s *Scanner) end() {
	for s.err == nil {
		s.space()
		if s.pos == len(s.data) {
			return
		}
		if !s.at("<!--") {
			s.fail("something follows the envelope")
			return
		}
		s.comment()
	}
}

func (s *Scanner) closedEmpty() bool {
	if !s.empty {
		return false
	}
	s.empty = false
	s.pop()
	return true
}

func (s *Scanner) push(f frame) {
	s.elements++
	switch {
	case len(s.stack) >= s.limits.Depth:
		s.err = &LimitError{What: "levels of elements", Max: s.limits.Depth}
	case s.elements > s.limits.Elements:
		s.err = &LimitError{What: "elements", Max: s.limits.Elements}
	default:
		s.stack = append(s.stack, f)
	}
}

func (s *Scanner) pop() {
	top := len(s.stack) - 1
	s.binds = s.binds[:s.stack[top].binds]
	s.stack = s.stack[:top]
}

func (s *Scanner) at(prefix string) bool {
	return len(s.data)-s.pos >= len(prefix) && string(s.data[s.pos:s.pos+len(prefix)]) == prefix
}

func (s *Scanner) space() {
	for s.pos < len(s.data) && isSpace(s.data[s.pos]) {
		s.pos++
	}
}

func (s *Scanner) comment() {
	body := s.data[s.pos+len("<!--"):]
	end := bytes.Index(body, []byte("--"))
	if end < 0 || len(body) <= end+2 || body[end+2] != '>' {
		s.fail("a comment does not end, or has -- inside")
		return
	}
	s.pos += len("<!--") + end + len("-->")
}
