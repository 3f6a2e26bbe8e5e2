package metadata

import "strings"

// Markup is one element with everything below it and with the namespaces that a [Node] has lost, so that it can be carried from
// one document to another unchanged. The zero Markup is no element. It is not changed after reading and may be shared.
type Markup struct{ e *element }

// ParseMarkup reads one element out of text, which declares the prefixes that it uses. It is for packages that a program
// composes; [ParsePackage] reads the markup of whole packages. Every error is a [*SyntaxError].
func ParseMarkup(text string) (Markup, error) {
	if len(text) > MaxDocumentBytes {
		return Markup{}, faultf(0, "markup has %d bytes, the limit is %d", len(text), MaxDocumentBytes)
	}
	top, err := readTop(strings.NewReader(text), true)
	if err != nil {
		return Markup{}, err
	}
	if len(top) != 1 {
		return Markup{}, faultf(1, "markup has %d elements at the top, want one", len(top))
	}
	return Markup{top[0]}, nil
}

// IsZero says that there is no element.
func (m Markup) IsZero() bool { return m.e == nil }

// Name is the local name and Space the namespace of the element; both are empty when there is none.
func (m Markup) Name() string {
	if m.e == nil {
		return ""
	}
	return m.e.local
}

// Space is the namespace of the element.
func (m Markup) Space() string {
	if m.e == nil {
		return ""
	}
	return m.e.space
}

// Node is the element without namespaces, as rules are evaluated; nil when there is none.
func (m Markup) Node() *Node {
	if m.e == nil {
		return nil
	}
	return m.e.node()
}

// String writes the element with its namespaces declared at the top, which [ParseMarkup] reads again.
func (m Markup) String() string {
	if m.e == nil {
		return ""
	}
	return composed(m.e)
}

// MarshalText makes encoders write markup as its text.
func (m Markup) MarshalText() ([]byte, error) { return []byte(m.String()), nil }
