package soap

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Text closes the innermost open element, which must have no child, and answers its text. The slice is valid until the
// scanner is used again.
func (s *Scanner) Text() []byte {
	if s.err != nil || s.closedEmpty() {
		return nil
	}
	start := s.pos
	end := bytes.IndexByte(s.data[start:], '<')
	if end >= 0 && s.plain(s.data[start:start+end]) {
		if s.pos = start + end; s.at("</") { // nearly always: one run of text that needs no change
			s.endTag()
			return s.data[start : start+end]
		}
		s.pos = start
	}
	s.scratch = s.appendText(s.scratch[:0])
	if s.err == nil && !s.at("</") {
		s.fail("an element where only text belongs")
	}
	if s.err != nil {
		return nil
	}
	s.endTag()
	return s.scratch
}

// plain tells whether raw text stands for itself.
func (s *Scanner) plain(raw []byte) bool {
	return bytes.IndexByte(raw, '&') < 0 && !s.carriageReturn && !s.sectionEnd
}

// appendText reads text, sections and comments up to the next tag and appends the text to dst.
func (s *Scanner) appendText(dst []byte) []byte {
	for s.err == nil {
		end := bytes.IndexByte(s.data[s.pos:], '<')
		if end < 0 {
			s.fail("the document ends inside an element")
			return dst
		}
		raw := s.data[s.pos : s.pos+end]
		if s.sectionEnd && bytes.Contains(raw, []byte("]]>")) {
			s.fail("]]> outside a section")
			return dst
		}
		dst = s.unescape(dst, raw)
		if s.err != nil {
			return dst
		}
		s.pos += end
		switch {
		case s.at("<!--"):
			s.comment()
		case s.at("<![CDATA["):
			dst = s.section(dst)
		default:
			return dst
		}
	}
	return dst
}

func (s *Scanner) section(dst []byte) []byte {
	s.pos += len("<![CDATA[")
	end := bytes.Index(s.data[s.pos:], []byte("]]>"))
	if end < 0 {
		s.fail("a section does not end")
		return dst
	}
	dst = s.normalize(dst, s.data[s.pos:s.pos+end])
	s.pos += end + len("]]>")
	return dst
}

// unescape appends raw with references resolved and line ends normalized.
func (s *Scanner) unescape(dst, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			return s.normalize(dst, raw)
		}
		dst = s.normalize(dst, raw[:i])
		r, size := reference(raw[i:])
		if size == 0 {
			s.fail("an entity that is not one of the five of XML, or no character")
			return dst
		}
		dst = utf8.AppendRune(dst, r)
		raw = raw[i+size:]
	}
}

// normalize appends raw with CR and CR LF as LF (XML 1.0 §2.11).
func (s *Scanner) normalize(dst, raw []byte) []byte {
	for s.carriageReturn {
		i := bytes.IndexByte(raw, '\r')
		if i < 0 {
			break
		}
		dst = append(append(dst, raw[:i]...), '\n')
		raw = raw[i+1:]
		if len(raw) > 0 && raw[0] == '\n' {
			raw = raw[1:]
		}
	}
	return append(dst, raw...)
}

// longestReference is that of "&#x10FFFF;" with two leading zeros.
const longestReference = 12

// reference decodes the reference that raw begins with; size 0 says that it is none.
func reference(raw []byte) (r rune, size int) {
	end := bytes.IndexByte(raw[:min(len(raw), longestReference)], ';')
	if end < 0 {
		return 0, 0
	}
	switch name := raw[1:end]; string(name) {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	default:
		return characterReference(name, end+1)
	}
}

func characterReference(name []byte, size int) (rune, int) {
	base := 10
	digits, ok := bytes.CutPrefix(name, []byte("#"))
	if hex, isHex := bytes.CutPrefix(digits, []byte("x")); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if !ok || err != nil || !isCharacter(rune(n)) {
		return 0, 0
	}
	return rune(n), size
}
