package applicability

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// WriteText writes the rule as a tree for people to read, one line for each part: what came of it, then the part below its
// parent, then what the machine has and what was asked for. Skipped parts are marked, with what they would have asked.
func (t *Trace) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	t.writeText(out, "", 0)
	return out.Flush()
}

func (t *Trace) writeText(out *bufio.Writer, margin string, depth int) {
	fmt.Fprintf(out, "%s%-9s%s%s\n", margin, t.word(), strings.Repeat("  ", depth), oneLine(t.line()))
	if t.Skipped {
		return // what is below says nothing more
	}
	for _, c := range t.Children {
		c.writeText(out, margin, depth+1)
	}
}

// word is what came of a part, in one word.
func (t *Trace) word() string {
	switch {
	case t.Skipped:
		return "skipped"
	case t.Err != nil && t.Truth == False:
		return "error"
	}
	return t.Truth.String()
}

func (t *Trace) line() string {
	switch {
	case t.Rule == "":
		return t.Reason
	case t.Skipped && isLogic(t.Rule) && t.Rule != "RegKeyLoop":
		return fmt.Sprintf("%s of %d", t.Rule, len(t.Children))
	case t.Skipped || t.Rule == "RegKeyLoop" && len(t.Children) > 0:
		return t.Rule + t.attributes()
	case isLogic(t.Rule) && len(t.Children) > 0 && !t.Children[0].Skipped:
		return t.Rule // the parts below say why
	}
	// The reason of a rule that cannot be judged begins with its name already.
	return t.Rule + ": " + strings.TrimPrefix(t.Reason, t.Rule+": ")
}

// attributes are those of the rule, and the key that a loop has bound.
func (t *Trace) attributes() string {
	var b strings.Builder
	for _, a := range t.Attrs {
		fmt.Fprintf(&b, " %s=\"%s\"", a.Name, a.Value)
	}
	if t.Subkey != "" {
		fmt.Fprintf(&b, " at HKLM\\%s", t.Subkey)
	}
	return b.String()
}

// oneLine keeps foreign text from breaking lines and from steering a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
}
