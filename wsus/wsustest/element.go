package wsustest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of an answer that is looked at element by element.
const (
	maxDepth    = 64
	maxElements = 2 << 20
)

// element is one element of a message, read with encoding/xml: another reader than that of the server and the client under test.
type element struct {
	name     xml.Name
	children []*element
	text     string
	// types says that the element has attributes of SOAP encoding or of a schema instance, which servers must not write.
	types bool
}

func readElements(body []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var root *element
	var open []*element
	var text []byte // of the element that was opened last; only one without children has a text that counts
	for count := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if count++; count > maxElements || len(open) >= maxDepth {
				return nil, fmt.Errorf("the message has more than %d elements or nests deeper than %d", maxElements, maxDepth)
			}
			e := &element{name: t.Name, types: hasTypes(t.Attr)}
			text = text[:0]
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			} else {
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			if last := open[len(open)-1]; len(last.children) == 0 {
				last.text = string(text)
			}
			text, open = text[:0], open[:len(open)-1]
		case xml.CharData:
			text = append(text, t...)
		}
	}
	if root == nil {
		return nil, errors.New("there is no element")
	}
	return root, nil
}

func hasTypes(attributes []xml.Attr) bool {
	for _, a := range attributes {
		switch a.Name.Local {
		case "nil", "type", "arrayType":
			return a.Name.Space != ""
		}
	}
	return false
}

// child returns the first child of that local name; nil when there is none, also on nil.
func (e *element) child(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name.Local == name {
			return c
		}
	}
	return nil
}

// content is the text without the space around it.
func (e *element) content() string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.text)
}
