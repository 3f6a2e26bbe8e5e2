package wsustest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

const envelopeSpace = "http://schemas.xmlsoap.org/soap/envelope/"

// contractReader compares an answer with the contract and tells what differs.
type contractReader struct {
	space string
	found func(check, message string)
}

// body returns the one child of the body, nil when there is no envelope around it.
func (c contractReader) body(root *element) *element {
	switch {
	case root.name.Local != "Envelope" || root.name.Space != envelopeSpace:
		c.failf("the root is %s in %q, want Envelope of SOAP 1.1 (0x8024400B)", root.name.Local, root.name.Space)
		return nil
	case root.child("Header") != nil:
		c.failf("there is a Header; none may be used")
	}
	body := root.child("Body")
	if body == nil || len(body.children) != 1 {
		c.failf("Body must have one child")
		return nil
	}
	return body.children[0]
}

func (c contractReader) failf(format string, args ...any) {
	c.found("wire-contract", fmt.Sprintf(format, args...))
}

// compare walks an element of the kind. path names it in findings.
func (c contractReader) compare(e *element, kind, path string) {
	if e.name.Space != c.space {
		c.failf("%s is in the namespace %q, want %q", path, e.name.Space, c.space)
		return
	}
	if e.types {
		c.failf("%s has an attribute of a schema instance; servers write none", path)
	}
	text, known := contract[kind]
	if !known {
		c.value(e, kind, path)
		return
	}
	c.sequence(e, contractFields(text), path)
}

// sequence wants the children in the order of the fields.
func (c contractReader) sequence(e *element, fields []contractField, path string) {
	at, count := 0, map[string]int{}
	for _, child := range e.children {
		name := child.name.Local
		n := slices.IndexFunc(fields, func(f contractField) bool { return f.name == name })
		switch {
		case n < 0:
			c.failf("%s has the element %s, which the contract does not know", path, name)
			continue
		case n < at:
			c.failf("%s: %s comes after %s; the order is %s (0x80240439)", path, name, fields[at].name, namesOf(fields))
		case count[name] > 0 && !fields[n].many:
			c.failf("%s has %s more than once", path, name)
		}
		at = max(at, n)
		count[name]++
		c.compare(child, fields[n].kind, path+"/"+name)
	}
	for _, f := range fields {
		if f.required && count[f.name] == 0 {
			c.failf("%s has no %s", path, f.name)
		}
	}
}

func namesOf(fields []contractField) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// value wants the text of a simple type.
func (c contractReader) value(e *element, kind, path string) {
	text, fine := e.content(), true
	switch kind {
	case "int":
		_, err := strconv.ParseInt(text, 10, 32)
		fine = err == nil
	case "boolean":
		fine = slices.Contains([]string{"true", "false", "1", "0"}, text)
	case "guid":
		_, err := uuid.Parse(text)
		fine = err == nil && len(text) == 36
	case "dateTime":
		_, err := time.Parse(time.RFC3339Nano, text)
		fine = err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, text[:min(len(text), len(time.DateOnly))]) // a time after it is taken, too
		fine = err == nil
	case "base64Binary":
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		fine = err == nil && len(data) > 0
	}
	if kind != "any" && len(e.children) > 0 {
		c.failf("%s has child elements, want %s", path, kind)
	}
	if !fine {
		c.failf("%s is %.60q, want %s", path, text, kind)
	}
}
