package metadata

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// composer writes element trees as documents: every namespace is declared once, at the root.
type composer struct {
	strings.Builder
	prefixes map[string]string
	// taken counts how often a usual prefix was given out.
	taken    map[string]int
	declared map[string]bool
	// order has the namespaces to declare.
	order []string
}

// composed writes root. The namespaces in first have their usual prefixes in any case, because values such as that of xsi:type
// name them.
func composed(root *element, first ...string) string {
	c := &composer{prefixes: map[string]string{"": "", xmlNamespace: "xml:"}, taken: map[string]int{}, declared: map[string]bool{}}
	for _, space := range first {
		c.reserve(space)
	}
	c.collect(root)
	c.element(root, true)
	return c.String()
}

func (c *composer) collect(e *element) {
	if e.local == "" {
		return
	}
	c.declare(e.space)
	for _, a := range e.attrs {
		if !isDeclaration(a) {
			c.declare(a.Name.Space)
		}
	}
	for _, child := range e.children {
		c.collect(child)
	}
}

func (c *composer) declare(space string) {
	if space == "" || space == xmlNamespace || c.declared[space] {
		return
	}
	c.reserve(space)
	c.declared[space] = true
	c.order = append(c.order, space)
}

// reserve gives a namespace its usual prefix, with a number when another namespace has it.
func (c *composer) reserve(space string) {
	if _, ok := c.prefixes[space]; ok {
		return
	}
	usual := usualPrefixes[space]
	if usual == "" {
		usual = "ns"
	}
	prefix := usual
	if n := c.taken[usual]; n > 0 {
		prefix += strconv.Itoa(n)
	}
	c.taken[usual]++
	c.prefixes[space] = prefix + ":"
}

func (c *composer) element(e *element, top bool) {
	if e.local == "" {
		textEscapes.WriteString(c, e.text)
		return
	}
	name := c.prefixes[e.space] + e.local
	c.WriteString("<" + name)
	if top {
		for _, space := range c.order {
			c.attribute("xmlns:"+strings.TrimSuffix(c.prefixes[space], ":"), space)
		}
	}
	for _, a := range e.attrs {
		if !isDeclaration(a) {
			c.attribute(c.prefixes[a.Name.Space]+a.Name.Local, a.Value)
		}
	}
	if e.isBlank() {
		c.WriteString(" />")
		return
	}
	c.WriteString(">")
	textEscapes.WriteString(c, e.text)
	for _, child := range e.children {
		c.element(child, false)
	}
	c.WriteString("</" + name + ">")
}

func (c *composer) attribute(name, value string) {
	c.WriteString(" " + name + `="`)
	attributeEscapes.WriteString(c, value)
	c.WriteString(`"`)
}

// makeElement returns an element; attributes come as pairs of name and value.
func makeElement(space, local string, pairs ...string) *element {
	e := &element{space: space, local: local}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.set(pairs[i], pairs[i+1])
	}
	return e
}

func (e *element) set(name, value string) {
	e.attrs = append(e.attrs, xml.Attr{Name: xml.Name{Local: name}, Value: value})
}

// setIf leaves out what is empty.
func (e *element) setIf(name, value string) {
	if value != "" {
		e.set(name, value)
	}
}

// add appends children; nil ones are left out.
func (e *element) add(children ...*element) *element {
	for _, c := range children {
		if c != nil {
			e.children = append(e.children, c)
		}
	}
	return e
}

// texts appends one child for each value.
func (e *element) texts(local string, values ...string) {
	for _, v := range values {
		e.children = append(e.children, &element{space: e.space, local: local, text: v})
	}
}

func boolText(b bool) string { return strconv.FormatBool(b) }

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
