package soap

import "bytes"

// attribute of the start tag that is being read; a namespace declaration is a binding instead.
type attribute struct{ prefix, local, value []byte }

// startTag reads the tag at '<' and opens its element. It answers false when the element is nil.
func (s *Scanner) startTag() (present bool) {
	if s.at("<!") || s.at("<?") {
		s.fail("document types, processing instructions and sections have no place here")
		return true
	}
	s.pos++
	name, local, ok := s.qualifiedName()
	if !ok {
		return true
	}
	s.push(frame{name: name, local: local, binds: len(s.binds)})
	if s.err == nil && s.pos < len(s.data) && s.data[s.pos] == '>' && local == 0 {
		s.pos++
		return true
	}
	s.attributes()
	return s.err != nil || !s.finishTag(name, local)
}

// qualifiedName reads name or prefix:name; local is where the part after the colon begins.
func (s *Scanner) qualifiedName() (name []byte, local int, ok bool) {
	start := s.pos
	fresh := true // at the first byte of a part
	for ; s.pos < len(s.data); s.pos++ {
		c := s.data[s.pos]
		if c == ':' && !fresh && local == 0 {
			local, fresh = s.pos+1-start, true
			continue
		}
		if fresh && !isNameStart(c) || !isNameByte(c) {
			break
		}
		fresh = false
	}
	if fresh {
		s.fail("a name is expected")
		return nil, 0, false
	}
	return s.data[start:s.pos], local, true
}

// attributes reads up to and with the end of the tag.
func (s *Scanner) attributes() {
	s.attrs = s.attrs[:0]
	for s.err == nil {
		before := s.pos
		s.space()
		switch {
		case s.at(">"):
			s.pos++
			return
		case s.at("/>"):
			s.pos += len("/>")
			s.empty = true
			return
		case s.pos == before:
			s.fail("a tag does not end properly")
		case len(s.attrs) >= s.limits.Attributes:
			s.err = &LimitError{Path: s.Path(), What: "attributes", Max: s.limits.Attributes}
		default:
			s.attribute()
		}
	}
}

func (s *Scanner) attribute() {
	name, local, ok := s.qualifiedName()
	if !ok {
		return
	}
	s.space()
	if !s.at("=") {
		s.fail("an attribute without value")
		return
	}
	s.pos++
	s.space()
	value, ok := s.quoted()
	if !ok {
		return
	}
	a := attribute{local: name[local:], value: value}
	if local > 0 {
		a.prefix = name[:local-1]
	}
	for _, other := range s.attrs {
		if bytes.Equal(other.local, a.local) && bytes.Equal(other.prefix, a.prefix) {
			s.fail("an attribute occurs twice")
			return
		}
	}
	s.attrs = append(s.attrs, a)
}

// quoted reads a value with its references resolved.
func (s *Scanner) quoted() ([]byte, bool) {
	if !s.at(`"`) && !s.at("'") {
		s.fail("an attribute's value is not quoted")
		return nil, false
	}
	quote := s.data[s.pos]
	s.pos++
	end := bytes.IndexByte(s.data[s.pos:], quote)
	if end < 0 {
		s.fail("an attribute's value does not end")
		return nil, false
	}
	raw := s.data[s.pos : s.pos+end]
	if bytes.IndexByte(raw, '<') >= 0 {
		s.fail("< in an attribute's value")
		return nil, false
	}
	value := raw
	if bytes.IndexByte(raw, '&') >= 0 {
		value = s.unescape(nil, raw)
	}
	s.pos += end + 1
	return value, s.err == nil
}

// finishTag turns declarations into bindings, checks all prefixes, and answers whether the element is nil.
func (s *Scanner) finishTag(name []byte, local int) (isNil bool) {
	for _, a := range s.attrs {
		s.declare(a)
	}
	if local > 0 && s.lookup(name[:local-1]) == nil {
		s.fail("the prefix of an element is not declared")
	}
	for _, a := range s.attrs {
		if len(a.prefix) == 0 || string(a.prefix) == "xmlns" {
			continue
		}
		space := s.lookup(a.prefix)
		if space == nil {
			s.fail("the prefix of an attribute is not declared")
		}
		if string(a.local) == "nil" && string(space) == schemaInstance {
			value := bytes.TrimSpace(a.value)
			isNil = string(value) == "true" || string(value) == "1"
		}
	}
	return isNil && s.err == nil
}

// endTag reads the tag at "</" and closes the innermost open element, which must be the one it names.
func (s *Scanner) endTag() {
	if len(s.stack) == 0 {
		s.fail("an end tag without element")
		return
	}
	name := s.stack[len(s.stack)-1].name
	start := s.pos
	s.pos += len("</")
	if len(s.data)-s.pos <= len(name) || !bytes.Equal(s.data[s.pos:s.pos+len(name)], name) {
		s.pos = start
		s.fail("an end tag does not match its element")
		return
	}
	s.pos += len(name)
	s.space()
	if !s.at(">") {
		s.pos = start
		s.fail("an end tag does not match its element")
		return
	}
	s.pos++
	s.pop()
}
