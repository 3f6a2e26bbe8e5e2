package soap

import "cmp"

// Defaults of Limits. The deepest known message has 9 levels; the largest request of a real agent about 6,000 elements.
const (
	DefaultMaxDepth      = 64
	DefaultMaxElements   = 1 << 20
	DefaultMaxAttributes = 64
	DefaultMaxNamespaces = 64
)

// Limits bound what a Scanner accepts beside the size of the message, which its reader bounds. Zero means the default.
type Limits struct {
	Depth      int // open elements
	Elements   int // elements in the whole message
	Attributes int // attributes of one element
	Namespaces int // declarations in scope; each prefix is looked for among them
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Depth:      cmp.Or(l.Depth, DefaultMaxDepth),
		Elements:   cmp.Or(l.Elements, DefaultMaxElements),
		Attributes: cmp.Or(l.Attributes, DefaultMaxAttributes),
		Namespaces: cmp.Or(l.Namespaces, DefaultMaxNamespaces),
	}
}
