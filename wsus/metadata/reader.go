package metadata

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// reader builds element trees out of a document or a fragment.
type reader struct {
	decoder *xml.Decoder
	// whole keeps the inside of package manifests, which can be tens of megabytes and serve only the fragments.
	whole bool
	nodes int
}

// readTop returns the elements at the top: one in a document, several in a fragment.
func readTop(in io.Reader, whole bool) ([]*element, error) {
	r := &reader{decoder: xml.NewDecoder(in), whole: whole}
	r.decoder.CharsetReader = declared
	var top []*element
	for {
		line, _ := r.decoder.InputPos()
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			return top, nil
		}
		if err != nil {
			return nil, placed(line, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			e, err := r.element(t, line, 1)
			if err != nil {
				return nil, err
			}
			top = append(top, e)
		case xml.CharData:
			if !isSpace(string(t)) {
				return nil, faultf(line, "text outside of the elements")
			}
		case xml.Directive:
			return nil, faultf(line, "document type declarations are not accepted")
		}
	}
}

func (r *reader) element(start xml.StartElement, line, depth int) (*element, error) {
	e, err := r.begin(start, line, depth)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for {
		line, _ := r.decoder.InputPos()
		token, err := r.decoder.Token()
		if err != nil {
			return nil, placed(line, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if e.flush(&text); !r.whole && !keeps(e, t.Name.Local) {
				if err := r.skip(t, line, depth+1); err != nil {
					return nil, err
				}
				continue
			}
			child, err := r.element(t, line, depth+1)
			if err != nil {
				return nil, err
			}
			e.children = append(e.children, child)
		case xml.CharData:
			text.Write(t)
		case xml.Directive:
			return nil, faultf(line, "document type declarations are not accepted")
		case xml.EndElement:
			if len(e.children) > 0 {
				e.flush(&text)
			} else if !isSpace(text.String()) {
				e.text = text.String()
			}
			return e, nil
		}
	}
}

func (r *reader) begin(start xml.StartElement, line, depth int) (*element, error) {
	if err := r.check(start, line, depth); err != nil {
		return nil, err
	}
	e := &element{space: start.Name.Space, local: start.Name.Local, line: line}
	if len(start.Attr) > 0 {
		e.attrs = append(e.attrs, start.Attr...)
	}
	return e, nil
}

// check refuses what no element may be, whether it is kept or passed over: what one reading accepts, the other accepts too.
func (r *reader) check(start xml.StartElement, line, depth int) error {
	if depth > MaxDepth {
		return faultf(line, "elements nest deeper than %d", MaxDepth)
	}
	if r.nodes += 1 + len(start.Attr); r.nodes > MaxNodes {
		return faultf(line, "more than %d elements and attributes", MaxNodes)
	}
	// The decoder leaves the prefix in place of the namespace when nothing declares it.
	if s := start.Name.Space; s != "" && !strings.Contains(s, ":") {
		return faultf(line, "prefix %s of element %s is not declared", s, start.Name.Local)
	}
	if name, twice := repeated(start.Attr); twice {
		return faultf(line, "element %s has attribute %s twice", start.Name.Local, name)
	}
	return nil
}

// repeated finds an attribute that stands twice; the decoder lets it pass. Two that differ by namespace only are one in fragments
// and nodes, which have none.
func repeated(attrs []xml.Attr) (string, bool) {
	if len(attrs) < 2 {
		return "", false
	}
	seen := make(map[xml.Name]struct{}, len(attrs))
	for _, a := range attrs {
		name := a.Name
		if !isDeclaration(a) {
			name.Space = ""
		}
		if _, twice := seen[name]; twice {
			return a.Name.Local, true
		}
		seen[name] = struct{}{}
	}
	return "", false
}

// skip passes over an element whose start has been read.
func (r *reader) skip(start xml.StartElement, line, depth int) error {
	if err := r.check(start, line, depth); err != nil {
		return err
	}
	for open := 1; open > 0; {
		line, _ := r.decoder.InputPos()
		token, err := r.decoder.Token()
		if err != nil {
			return placed(line, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := r.check(t, line, depth+open); err != nil {
				return err
			}
			open++
		case xml.EndElement:
			open--
		case xml.Directive:
			return faultf(line, "document type declarations are not accepted")
		}
	}
	return nil
}

// flush makes text that stands between child elements a child of its own; space between elements carries no meaning.
func (e *element) flush(text *strings.Builder) {
	if !isSpace(text.String()) {
		e.children = append(e.children, &element{text: text.String()})
	}
	text.Reset()
}

// keeps tells which children of a package manifest evaluation needs: the identity of the package and those of its parents.
func keeps(parent *element, local string) bool {
	switch parent.local {
	case "assembly":
		return local == "assemblyIdentity" || local == "package"
	case "package":
		return local == "parent"
	}
	return true
}

func isSpace(s string) bool {
	return strings.Trim(s, " \t\r\n") == ""
}
