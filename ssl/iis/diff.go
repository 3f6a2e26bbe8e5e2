package iis

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// contextLines is how many unchanged lines a diff shows around a change.
const contextLines = 3

// Diff writes the change for people, as a unified diff without carriage returns. Passwords and encrypted values in lines beside
// the change are masked. It is empty for an empty change.
func (ch Change) Diff() string {
	if ch.Empty() || ch.old == nil {
		return ""
	}
	blocks := ch.blocks()
	old := lines(string(ch.old.text))
	var out strings.Builder
	out.WriteString("--- applicationHost.config\n+++ applicationHost.config\n")
	shift := 0
	for len(blocks) > 0 {
		n := 1
		for n < len(blocks) && blocks[n].first-blocks[n-1].last <= 2*contextLines {
			n++
		}
		shift += writeHunk(&out, old, blocks[:n], shift)
		blocks = blocks[n:]
	}
	return out.String()
}

// lineBlock says that the lines from first to before last, counted from 0, become others.
type lineBlock struct {
	first, last int
	with        []string
}

// blocks widens the splices to whole lines; what lies in one line is one block.
func (ch Change) blocks() []lineBlock {
	text := ch.old.text
	var out []lineBlock
	for i := 0; i < len(ch.Splices); {
		start := ch.Splices[i].Offset
		first := bytes.LastIndexByte(text[:start], '\n') + 1
		with := string(text[first:start])
		end := start
		for {
			s := ch.Splices[i]
			with += string(text[end:s.Offset]) + s.Added
			end = s.Offset + len(s.Removed)
			i++
			lineEnd := endOfLine(text, end)
			if i < len(ch.Splices) && ch.Splices[i].Offset < lineEnd {
				continue
			}
			with += string(text[end:lineEnd])
			end = lineEnd
			break
		}
		out = append(out, newLineBlock(text, first, end, with))
	}
	return out
}

func endOfLine(text []byte, at int) int {
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(text)
}

// newLineBlock leaves out the lines that stay.
func newLineBlock(text []byte, start, end int, with string) lineBlock {
	old, after := lines(string(text[start:end])), lines(with)
	b := lineBlock{first: bytes.Count(text[:start], []byte("\n"))}
	for len(old) > 0 && len(after) > 0 && old[0] == after[0] {
		old, after = old[1:], after[1:]
		b.first++
	}
	for len(old) > 0 && len(after) > 0 && old[len(old)-1] == after[len(after)-1] {
		old, after = old[:len(old)-1], after[:len(after)-1]
	}
	b.last, b.with = b.first+len(old), after
	return b
}

// writeHunk writes blocks that lie near each other, and returns by how many lines they make the file longer.
func writeHunk(out *strings.Builder, old []string, blocks []lineBlock, shift int) int {
	first := max(blocks[0].first-contextLines, 0)
	last := min(blocks[len(blocks)-1].last+contextLines, len(old))
	var body strings.Builder
	at, grown := first, 0
	for _, b := range blocks {
		writeLines(&body, ' ', old[at:b.first])
		writeLines(&body, '-', old[b.first:b.last])
		writeLines(&body, '+', b.with)
		at = b.last
		grown += len(b.with) - (b.last - b.first)
	}
	writeLines(&body, ' ', old[at:last])
	fmt.Fprintf(out, "@@ -%s +%s @@\n%s", lineRange(first, last-first), lineRange(first+shift, last-first+grown), body.String())
	return grown
}

// lineRange writes a range of lines as diff does: an empty one names the line before it.
func lineRange(first, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", first)
	case 1:
		return fmt.Sprint(first + 1)
	}
	return fmt.Sprintf("%d,%d", first+1, n)
}

func writeLines(out *strings.Builder, mark byte, lines []string) {
	for _, line := range lines {
		text, ended := strings.CutSuffix(line, "\n")
		out.WriteByte(mark)
		out.WriteString(masked(strings.TrimSuffix(text, "\r")))
		out.WriteByte('\n')
		if !ended {
			out.WriteString("\\ No newline at end of file\n")
		}
	}
}

// lines cuts a text after each line feed.
func lines(text string) []string {
	all := strings.SplitAfter(text, "\n")
	if all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

var (
	passwordAttribute = regexp.MustCompile(`(?i)(password\s*=\s*)("[^"]*"?|'[^']*'?)`)
	encryptedValue    = regexp.MustCompile(`\[enc:[^\]"']*\]?`)
)

// masked hides what must not be shown: values of attributes named like password, and encrypted values.
func masked(line string) string {
	return encryptedValue.ReplaceAllString(passwordAttribute.ReplaceAllString(line, `${1}"***"`), "[enc:***]")
}
