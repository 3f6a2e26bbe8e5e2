package iis

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// value returns what a raw attribute value means: references resolved, and line ends and tabs taken as blanks, as XML asks for.
func (s *scanner) value(start, end int) (string, error) {
	if n := bytes.IndexByte(s.text[start:end], '<'); n >= 0 {
		return "", s.fail(start+n, "< within a value: write &lt;, or a quote is missing before it")
	}
	if !bytes.ContainsAny(s.text[start:end], "&\t\r\n") {
		return string(s.text[start:end]), nil
	}
	var b strings.Builder
	for at := start; at < end; {
		switch c := s.text[at]; c {
		case '&':
			r, length, err := s.reference(at, end)
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
			at += length
			continue
		case '\r':
			if at+1 == end || s.text[at+1] != '\n' {
				b.WriteByte(' ')
			}
		case '\t', '\n':
			b.WriteByte(' ')
		default:
			b.WriteByte(c)
		}
		at++
	}
	return b.String(), nil
}

// longestReference is that of &#x10FFFF; with as many leading zeros as somebody might write.
const longestReference = 32

// reference resolves the reference at an offset and returns its length.
func (s *scanner) reference(at, end int) (rune, int, error) {
	run := s.text[at:min(end, at+longestReference)]
	n := bytes.IndexByte(run, ';')
	if n < 0 {
		return 0, 0, s.fail(at, "& that begins no reference: write &amp;")
	}
	name := string(run[1:n])
	if r, ok := entity(name); ok {
		return r, n + 1, nil
	}
	return 0, 0, s.fail(at, "a reference that XML does not know: an & is written &amp;")
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "apos":
		return '\'', true
	case "quot":
		return '"', true
	}
	number, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if strings.HasPrefix(number, "x") {
		number, base = number[1:], 16
	}
	r, err := strconv.ParseUint(number, base, 21)
	if err != nil || !isCharacter(rune(r)) || !utf8.ValidRune(rune(r)) {
		return 0, false
	}
	return rune(r), true
}
