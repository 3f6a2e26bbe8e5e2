package iis

import (
	"bytes"
	"fmt"
	"strings"
)

// newElement is an element to be inserted.
type newElement struct {
	name     string
	attrs    []newAttribute
	children []newElement
}

type newAttribute struct{ name, value string }

// render writes the element, each line but the first after the style's line end and the indentation of its depth.
func (n newElement) render(s style, indent string) string {
	var out strings.Builder
	out.WriteString("<" + n.name)
	for _, a := range n.attrs {
		fmt.Fprintf(&out, " %s=%c%s%c", a.name, s.quote, escaped(a.value, s.quote), s.quote)
	}
	if len(n.children) == 0 {
		return out.String() + s.slash
	}
	out.WriteByte('>')
	between := func(indent string) {
		if s.newline != "" {
			out.WriteString(s.newline + indent)
		}
	}
	for _, child := range n.children {
		between(indent + s.unit)
		out.WriteString(child.render(s, indent+s.unit))
	}
	between(indent)
	out.WriteString("</" + n.name + ">")
	return out.String()
}

// escaped writes a value for between quotes.
func escaped(value string, quote byte) string {
	r := []string{"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;"}
	if quote == '\'' {
		r = append(r, "'", "&apos;")
	}
	return strings.NewReplacer(r...).Replace(value)
}

// insert makes a new last child of an element: on lines of its own, indented like its siblings, where the file is written so.
func (c *Config) insert(parent *element, n newElement) splice {
	s := c.styleOf(parent)
	indent, own := c.indent(parent.start)
	if parent.selfClosing {
		return c.open(parent, n, s, indent, own)
	}
	at := parent.closeStart
	childIndent, siblings := c.childIndent(parent)
	if closeIndent, alone := c.indent(at); alone && bytes.IndexByte(c.text[:at], '\n') >= 0 {
		if !siblings {
			childIndent = closeIndent + s.unit
		}
		line := at - len(closeIndent)
		return splice{line, line, childIndent + n.render(s, childIndent) + s.newline}
	}
	switch {
	case siblings:
		return splice{at, at, s.newline + childIndent + n.render(s, childIndent)}
	case own && s.newline != "" && len(parent.children) == 0:
		childIndent = indent + s.unit
		return splice{at, at, s.newline + childIndent + n.render(s, childIndent) + s.newline + indent}
	}
	s.newline = ""
	return splice{at, at, n.render(s, "")}
}

// open turns an empty-element tag into one with a child.
func (c *Config) open(parent *element, n newElement, s style, indent string, own bool) splice {
	start := parent.openEnd - len("/>")
	for blank := c.text[start-1]; blank == ' ' || blank == '\t'; blank = c.text[start-1] {
		start--
	}
	closing := "</" + parent.name + ">"
	if !own || s.newline == "" {
		s.newline = ""
		return splice{start, parent.openEnd, ">" + n.render(s, "") + closing}
	}
	childIndent := indent + s.unit
	return splice{start, parent.openEnd, ">" + s.newline + childIndent + n.render(s, childIndent) + s.newline + indent + closing}
}

// childIndent is the indentation of the last child that begins a line; false when none does.
func (c *Config) childIndent(parent *element) (string, bool) {
	for i := len(parent.children) - 1; i >= 0; i-- {
		child := parent.children[i]
		if indent, ok := c.indent(child.start); ok && bytes.IndexByte(c.text[:child.start], '\n') >= 0 {
			return indent, true
		}
	}
	return "", false
}

// remove takes an element out, with its line when it has it for itself.
func (c *Config) remove(e *element) splice {
	indent, own := c.indent(e.start)
	if own {
		last := e.end
		for last < len(c.text) && (c.text[last] == ' ' || c.text[last] == '\t' || c.text[last] == '\r') {
			last++
		}
		if last < len(c.text) && c.text[last] == '\n' {
			return splice{start: e.start - len(indent), end: last + 1}
		}
	}
	return splice{start: e.start, end: e.end}
}

// set gives an attribute of an element a value: in place with the quotes that are there, else behind the last attribute and as
// far from it as that from the one before.
func (c *Config) set(e *element, name, value string) []splice {
	if a, ok := e.attr(name); ok {
		if a.value == value {
			return nil
		}
		return []splice{{a.valueStart, a.valueEnd, escaped(value, a.quote)}}
	}
	at, blank, quote := e.start+len("<")+len(e.name), " ", c.styleOf(e).quote
	if n := len(e.attrs); n > 0 {
		last := e.attrs[n-1]
		if n > 1 {
			at = e.attrs[n-2].end
		}
		at, blank, quote = last.end, string(c.text[at:last.start]), last.quote
	}
	return []splice{{at, at, fmt.Sprintf("%s%s=%c%s%c", blank, name, quote, escaped(value, quote), quote)}}
}
