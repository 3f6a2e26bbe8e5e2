package metadata

import "strings"

// Attr returns an attribute, and whether it is there. Names are compared exactly, as XML has it. A nil Node has none.
func (n *Node) Attr(name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// Child returns the first child of that name; nil when there is none, also on a nil Node, so that calls can be chained.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Content is the text without the space around it; empty on a nil Node.
func (n *Node) Content() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.Text)
}
