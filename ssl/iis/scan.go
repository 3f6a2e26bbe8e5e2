package iis

import (
	"bytes"
	"slices"
)

// scanner reads the text of a file into elements. It accepts XML 1.0 as IIS reads it: no document type, no entities but the five
// of XML itself.
type scanner struct {
	text                 []byte
	encoding             encoding
	at                   int
	line                 int // of lineAt
	lineAt               int
	root, open           *element
	depth                int
	elements, attributes int
}

// scan returns the root element of a text.
func scan(text []byte, enc encoding) (*element, error) {
	s := &scanner{text: text, encoding: enc, line: 1}
	if err := s.declaration(); err != nil {
		return nil, err
	}
	for s.at < len(s.text) {
		if err := s.next(); err != nil {
			return nil, err
		}
	}
	switch {
	case s.open != nil:
		return nil, s.fail(s.open.start, "<%s> is opened here and never closed: the file ends before </%s>", s.open.name, s.open.name)
	case s.root == nil:
		return nil, s.fail(len(s.text), "the file has no element")
	}
	return s.root, nil
}

func (s *scanner) fail(offset int, reason string, args ...any) error {
	return errorAt(s.text, offset, reason, args...)
}

// next reads one piece: a run of text or a piece of markup.
func (s *scanner) next() error {
	switch rest := s.text[s.at:]; {
	case rest[0] != '<':
		return s.characters()
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.comment()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return s.cdata()
	case bytes.HasPrefix(rest, []byte("<!")):
		return s.fail(s.at, "a document type or another declaration, which IIS does not read: remove it")
	case bytes.HasPrefix(rest, []byte("<?")):
		return s.instruction()
	case bytes.HasPrefix(rest, []byte("</")):
		return s.endTag()
	default:
		return s.startTag()
	}
}

// characters checks the text up to the next piece of markup.
func (s *scanner) characters() error {
	end := len(s.text)
	if n := bytes.IndexByte(s.text[s.at:], '<'); n >= 0 {
		end = s.at + n
	}
	run := s.text[s.at:end]
	if s.open == nil {
		if n := slices.IndexFunc(run, func(b byte) bool { return !isSpace(b) }); n >= 0 {
			return s.fail(s.at+n, "text outside of the root element")
		}
	}
	if n := bytes.Index(run, []byte("]]>")); n >= 0 {
		return s.fail(s.at+n, "]]> in a text: write ]]&gt;")
	}
	for i, b := range run {
		if b == '&' {
			if _, _, err := s.reference(s.at+i, end); err != nil {
				return err
			}
		}
	}
	s.at = end
	return nil
}

func (s *scanner) comment() error {
	body := s.at + len("<!--")
	n := bytes.Index(s.text[body:], []byte("--"))
	if n < 0 {
		return s.fail(s.at, "a comment that does not end")
	}
	end := body + n + len("--")
	if end == len(s.text) || s.text[end] != '>' {
		return s.fail(body+n, "-- within a comment, which XML does not allow")
	}
	s.at = end + 1
	return nil
}

func (s *scanner) cdata() error {
	if s.open == nil {
		return s.fail(s.at, "text outside of the root element")
	}
	n := bytes.Index(s.text[s.at:], []byte("]]>"))
	if n < 0 {
		return s.fail(s.at, "a CDATA section that does not end")
	}
	s.at += n + len("]]>")
	return nil
}

// lineOf returns the line of an offset. Offsets are asked for in ascending order, so that each line is counted once.
func (s *scanner) lineOf(offset int) int {
	s.line += bytes.Count(s.text[s.lineAt:offset], []byte{'\n'})
	s.lineAt = offset
	return s.line
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// space moves over white space and says whether there was some.
func (s *scanner) space() bool {
	from := s.at
	for s.at < len(s.text) && isSpace(s.text[s.at]) {
		s.at++
	}
	return s.at > from
}
