package iis

import "bytes"

func (s *scanner) startTag() error {
	start := s.at
	if s.root != nil && s.open == nil {
		return s.fail(start, "a second root element: a file has one")
	}
	if s.depth == maxDepth {
		return s.fail(start, "elements are nested more than %d deep", maxDepth)
	}
	if s.elements++; s.elements > maxElements {
		return s.fail(start, "more than %d elements", maxElements)
	}
	s.at++
	name, err := s.name("an element")
	if err != nil {
		return err
	}
	e := &element{name: name, parent: s.open, start: start, line: s.lineOf(start)}
	if err := s.attributesOf(e); err != nil {
		return err
	}
	if s.text[s.at] == '/' {
		e.selfClosing = true
		s.at++
	}
	s.at++
	e.openEnd = s.at
	s.add(e)
	return nil
}

// add hangs an element whose start tag was read into the tree.
func (s *scanner) add(e *element) {
	if e.parent == nil {
		s.root = e
	} else {
		e.parent.children = append(e.parent.children, e)
	}
	if e.selfClosing {
		e.closeStart, e.end = e.openEnd, e.openEnd
		return
	}
	s.open = e
	s.depth++
}

// attributesOf reads up to > or />.
func (s *scanner) attributesOf(e *element) error {
	for {
		spaced := s.space()
		switch rest := s.text[s.at:]; {
		case len(rest) == 0:
			return s.fail(e.start, "the file ends within the tag <%s>", e.name)
		case rest[0] == '>' || bytes.HasPrefix(rest, []byte("/>")):
			return nil
		case !spaced:
			return s.fail(s.at, "a blank is missing within the tag <%s>", e.name)
		}
		a, err := s.attribute(e)
		if err != nil {
			return err
		}
		if first, twice := e.attr(a.name); twice {
			return s.fail(a.start, "<%s> has the attribute %s twice; the first is %d bytes before", e.name, a.name, a.start-first.start)
		}
		e.attrs = append(e.attrs, a)
		if s.attributes++; s.attributes > maxAttributes || len(e.attrs) > maxElementAttributes {
			return s.fail(a.start, "more than %d attributes, or more than %d of one element", maxAttributes, maxElementAttributes)
		}
	}
}

func (s *scanner) attribute(e *element) (attribute, error) {
	a := attribute{start: s.at}
	var err error
	if a.name, err = s.name("an attribute of <" + e.name + ">"); err != nil {
		return a, err
	}
	s.space()
	if s.at == len(s.text) || s.text[s.at] != '=' {
		return a, s.fail(a.start, "the attribute %s of <%s> has no value", a.name, e.name)
	}
	s.at++
	s.space()
	if s.at == len(s.text) || s.text[s.at] != '"' && s.text[s.at] != '\'' {
		return a, s.fail(a.start, "the value of the attribute %s of <%s> is not in quotes", a.name, e.name)
	}
	a.quote = s.text[s.at]
	a.valueStart = s.at + 1
	n := bytes.IndexByte(s.text[a.valueStart:], a.quote)
	if n < 0 {
		return a, s.fail(a.start, "the value of the attribute %s of <%s> does not end", a.name, e.name)
	}
	a.valueEnd = a.valueStart + n
	a.end = a.valueEnd + 1
	s.at = a.end
	a.value, err = s.value(a.valueStart, a.valueEnd)
	return a, err
}

func (s *scanner) endTag() error {
	start := s.at
	s.at += len("</")
	name, err := s.name("an end tag")
	if err != nil {
		return err
	}
	s.space()
	switch {
	case s.at == len(s.text) || s.text[s.at] != '>':
		return s.fail(start, "the end tag </%s> does not end", name)
	case s.open == nil:
		return s.fail(start, "</%s> closes an element that is not open", name)
	case s.open.name != name:
		return s.fail(start, "</%s> where </%s> is due: <%s> of line %d is still open", name, s.open.name, s.open.name, s.open.line)
	}
	s.at++
	s.open.closeStart, s.open.end = start, s.at
	s.open = s.open.parent
	s.depth--
	return nil
}
