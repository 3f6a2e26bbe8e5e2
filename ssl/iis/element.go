package iis

// element is one element of the document with the places of its parts, as offsets into the UTF-8 text of the file. Comments,
// text, processing instructions and CDATA sections are not kept: editing splices the text between the places.
type element struct {
	name     string
	attrs    []attribute
	parent   *element
	children []*element
	// The start tag is text[start:openEnd], the end tag text[closeStart:end]. For an empty-element tag openEnd, closeStart and
	// end are the same, and selfClosing is set.
	start, openEnd, closeStart, end int
	selfClosing                     bool
	line                            int
}

// attribute is one attribute of a start tag: text[start:end] is name="value" with its quotes, text[valueStart:valueEnd] the raw
// value between the quotes, and value what it means.
type attribute struct {
	name, value                      string
	start, valueStart, valueEnd, end int
	quote                            byte
}

// attr returns the attribute of that name; names of attributes are compared exactly, as IIS does.
func (e *element) attr(name string) (attribute, bool) {
	for _, a := range e.attrs {
		if a.name == name {
			return a, true
		}
	}
	return attribute{}, false
}

// child returns the first child of that name, or nil.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}
