package soap

import (
	"math"
	"slices"

	"github.com/google/uuid"
)

// List reads the children of the innermost open element that have the name item, passes over others, and closes it. More
// than limit items are an error.
func (s *Scanner) List(item string, limit int, read func()) {
	for n := 0; s.Child(); {
		if string(s.Name()) != item {
			s.Skip()
			continue
		}
		if n++; n > limit {
			s.tooMany(item, limit)
			return
		}
		read()
	}
}

// tooMany blames the list, not the item that is open.
func (s *Scanner) tooMany(item string, limit int) {
	s.stack = s.stack[:len(s.stack)-1]
	s.FailLimit("elements "+item, limit)
}

// Int32s reads an ArrayOfInt and appends it to list. Runs of <int>n</int> take a path of their own: they are nearly all of a
// large request.
func (s *Scanner) Int32s(list []int32, limit int) []int32 {
	for {
		list = s.intRun(list, limit)
		if !s.Child() {
			return list
		}
		if string(s.Name()) != "int" {
			s.Skip()
			continue
		}
		if len(list) >= limit {
			s.tooMany("int", limit)
			return nil
		}
		list = append(list, s.Int32())
	}
}

// intRun takes what is written in exactly the usual form; what is not is left to the general path. The caller's list element
// has no prefix then, or the items would have one.
func (s *Scanner) intRun(list []int32, limit int) []int32 {
	const openTag, closeTag = "<int>", "</int>"
	if s.err != nil || s.empty || len(s.stack) >= s.limits.Depth {
		return list
	}
	data, pos := s.data, s.pos
	for len(list) < limit && s.elements < s.limits.Elements {
		if len(data)-pos < len(openTag) || string(data[pos:pos+len(openTag)]) != openTag {
			break
		}
		n, end := parseDigits(data, pos+len(openTag))
		if end < 0 || len(data)-end < len(closeTag) || string(data[end:end+len(closeTag)]) != closeTag {
			break
		}
		end += len(closeTag)
		if len(list) == cap(list) { // as if the rest of the message were items like this one
			list = slices.Grow(list, min((len(data)-pos)/(end-pos), maxGuess))
		}
		list = append(list, n)
		pos = end
		s.elements++
	}
	s.pos = pos
	return list
}

// maxGuess bounds what a list is given in advance.
const maxGuess = 2048

// maxDigits of an int32.
const maxDigits = 10

// parseDigits reads a decimal number without sign; end is -1 when there is none that fits.
func parseDigits(data []byte, pos int) (n int32, end int) {
	var value int64
	start := pos
	for ; pos < len(data) && pos-start <= maxDigits; pos++ {
		digit := data[pos] - '0'
		if digit > 9 {
			break
		}
		value = value*10 + int64(digit)
	}
	if pos == start || value > math.MaxInt32 {
		return 0, -1
	}
	return int32(value), pos
}

// Strings reads an ArrayOfString; each item may have maxBytes. A nil item is left out.
func (s *Scanner) Strings(limit, maxBytes int) []string {
	var list []string
	s.List("string", limit, func() { list = append(list, s.StringUpTo(maxBytes)) })
	return list
}

// GUIDs reads an ArrayOfGuid.
func (s *Scanner) GUIDs(limit int) []uuid.UUID {
	var list []uuid.UUID
	s.List("guid", limit, func() { list = append(list, s.GUID()) })
	return list
}
