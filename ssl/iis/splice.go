package iis

import (
	"fmt"
	"slices"
	"strings"
)

// splice replaces text[start:end].
type splice struct {
	start, end int
	with       string
}

// spliced makes the replacements, which must not overlap. Those at one place keep their order.
func spliced(text []byte, splices []splice) ([]byte, error) {
	slices.SortStableFunc(splices, func(a, b splice) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, s := range splices {
		if s.start < at || s.end < s.start || s.end > len(text) {
			return nil, fmt.Errorf("edits overlap at byte %d", s.start)
		}
		out = append(append(out, text[at:s.start]...), s.with...)
		at = s.end
	}
	return append(out, text[at:]...), nil
}

// spliced makes the replacements in the encoding of the file and parses what comes out.
func (c *Config) spliced(splices []splice) (*Config, error) {
	text, err := spliced(c.text, splices)
	if err != nil {
		return nil, err
	}
	return Parse(c.encoding.encode(text))
}

// piece is a run of the original text, or text that is new.
type piece struct {
	start, end int // in the original; unused when new is set
	new        string
}

func (p piece) len() int { return len(p.new) + p.end - p.start }

// pieces is a text as it comes from an original by several rounds of splices, each relative to the text that the round before
// left. It tells in the end which places of the original were replaced.
type pieces []piece

// splice makes the replacements of one round.
func (ps pieces) splice(splices []splice) pieces {
	slices.SortStableFunc(splices, func(a, b splice) int { return a.start - b.start })
	var out pieces
	at := 0
	for _, s := range splices {
		out = append(out, ps.cut(at, s.start)...)
		if s.with != "" {
			out = append(out, piece{new: s.with})
		}
		at = s.end
	}
	return append(out, ps.cut(at, ps.len())...)
}

func (ps pieces) len() int {
	n := 0
	for _, p := range ps {
		n += p.len()
	}
	return n
}

// cut returns the part of the text from one offset to another.
func (ps pieces) cut(from, to int) pieces {
	var out pieces
	at := 0
	for _, p := range ps {
		first, last := max(from-at, 0), min(to-at, p.len())
		at += p.len()
		switch {
		case first >= last:
		case p.new != "":
			out = append(out, piece{new: p.new[first:last]})
		default:
			out = append(out, piece{start: p.start + first, end: p.start + last})
		}
	}
	return out
}

// replaced returns what has to be replaced in the original, in order and as little as possible.
func (ps pieces) replaced(original []byte) []splice {
	var out []splice
	at := 0
	var with strings.Builder
	flush := func(next int) {
		if s, ok := trimmed(original, splice{at, next, with.String()}); ok {
			out = append(out, s)
		}
		with.Reset()
	}
	for _, p := range ps {
		if p.new != "" {
			with.WriteString(p.new)
			continue
		}
		flush(p.start)
		at = p.end
	}
	flush(len(original))
	return out
}

// trimmed takes off what both sides begin and end with; false says that nothing is left. It never cuts within a character.
func trimmed(original []byte, s splice) (splice, bool) {
	old := string(original[s.start:s.end])
	if old == s.with {
		return splice{}, false
	}
	front := 0
	for front < min(len(old), len(s.with)) && old[front] == s.with[front] {
		front++
	}
	for front > 0 && (inRune(old, front) || inRune(s.with, front)) {
		front--
	}
	back := 0
	for back < min(len(old), len(s.with))-front && old[len(old)-1-back] == s.with[len(s.with)-1-back] {
		back++
	}
	for back > 0 && (inRune(old, len(old)-back) || inRune(s.with, len(s.with)-back)) {
		back--
	}
	return splice{s.start + front, s.end - back, s.with[front : len(s.with)-back]}, true
}

// inRune says that an offset lies within a character.
func inRune(s string, at int) bool { return at < len(s) && s[at]&0xC0 == 0x80 }
