package metadata

import (
	"encoding/xml"
	"strings"
)

// element is one element as the document has it, with its namespace, so that fragments can be derived exactly.
// One with an empty local name is a run of text between child elements.
type element struct {
	space, local string
	attrs        []xml.Attr
	children     []*element
	text         string
	line         int
}

func (e *element) attr(local string) (string, bool) {
	for _, a := range e.attrs {
		if a.Name.Local == local && !isDeclaration(a) {
			return a.Value, true
		}
	}
	return "", false
}

// value is attr without the question whether it is there.
func (e *element) value(local string) string {
	v, _ := e.attr(local)
	return v
}

// only returns the child of that name, nil when there is none, and refuses a second one.
func (e *element) only(local string) (*element, error) {
	var found *element
	for _, c := range e.children {
		if c.local != local {
			continue
		}
		if found != nil {
			return nil, faultf(c.line, "%s has a second %s", e.local, local)
		}
		found = c
	}
	return found, nil
}

// content is the text of an element, without the space around it.
func (e *element) content() string {
	return strings.TrimSpace(e.text)
}

// isBlank tells an element without children and text: it is written <X />.
func (e *element) isBlank() bool {
	return len(e.children) == 0 && e.text == ""
}

// node drops namespaces. The dots of a fragment's names go as well.
func (e *element) node() *Node {
	n := &Node{Name: bare(e.local), Text: e.text}
	for _, a := range e.attrs {
		if !isDeclaration(a) {
			n.Attrs = append(n.Attrs, Attr{Name: a.Name.Local, Value: a.Value})
		}
	}
	for _, c := range e.children {
		if c.local == "" {
			n.Text += c.text
			continue
		}
		n.Children = append(n.Children, c.node())
	}
	return n
}

func isDeclaration(a xml.Attr) bool {
	return a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns"
}
