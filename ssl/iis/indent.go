package iis

import (
	"bytes"
	"strings"
)

// style is how a file is written around a place.
type style struct {
	newline string // empty when the file has one line
	unit    string // by what a child is indented more than its parent
	quote   byte
	slash   string // the end of an empty-element tag
}

// styleOf looks at what stands before the end of an element: line end, quotes and the end of empty-element tags are those of the
// last that have them there, and the unit of indentation is that of the nearest parent.
func (c *Config) styleOf(e *element) style {
	s := style{newline: c.newlineBefore(e.closeStart), unit: c.unitOf(e), quote: '"', slash: " />"}
	c.root.each(func(o *element) bool {
		if o.start >= e.closeStart {
			return false
		}
		if n := len(o.attrs); n > 0 {
			s.quote = o.attrs[n-1].quote
		}
		if o.selfClosing {
			s.slash = "/>"
			if b := c.text[o.openEnd-3]; b == ' ' || b == '\t' || b == '\r' || b == '\n' {
				s.slash = " />"
			}
		}
		return true
	})
	return s
}

// each calls f for an element and all below, in document order, until it answers false.
func (e *element) each(f func(*element) bool) bool {
	if !f(e) {
		return false
	}
	for _, child := range e.children {
		if !child.each(f) {
			return false
		}
	}
	return true
}

// newlineBefore is the line end before an offset, else the first after it.
func (c *Config) newlineBefore(at int) string {
	n := bytes.LastIndexByte(c.text[:at], '\n')
	if n < 0 {
		n = bytes.IndexByte(c.text, '\n')
	}
	switch {
	case n < 0:
		return ""
	case n > 0 && c.text[n-1] == '\r':
		return "\r\n"
	}
	return "\n"
}

// unitOf is the unit of indentation around an element: what it is indented more than its parent, or its parent more than its own,
// and so on; else what the first child of the document is indented.
func (c *Config) unitOf(e *element) string {
	for ; e.parent != nil; e = e.parent {
		if unit := c.indentedMore(e); unit != "" {
			return unit
		}
	}
	for _, child := range e.children {
		if unit := c.indentedMore(child); unit != "" {
			return unit
		}
	}
	return "    "
}

func (c *Config) indentedMore(e *element) string {
	mine, ok := c.indent(e.start)
	theirs, parentOK := c.indent(e.parent.start)
	if unit, deeper := strings.CutPrefix(mine, theirs); ok && parentOK && deeper {
		return unit
	}
	return ""
}

// indent returns the blanks between the start of a line and an offset; false says that something else stands there.
func (c *Config) indent(at int) (string, bool) {
	first := bytes.LastIndexByte(c.text[:at], '\n') + 1
	for _, b := range c.text[first:at] {
		if b != ' ' && b != '\t' {
			return "", false
		}
	}
	return string(c.text[first:at]), true
}
