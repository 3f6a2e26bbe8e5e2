package metadata

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// DataError says what is wrong with handler data or with the metadata of rules. Nodes carry no line, so it names the place by
// its element and attribute.
type DataError struct{ Element, Attribute, Reason string }

// Error names the place and the reason.
func (e *DataError) Error() string {
	if e.Attribute == "" {
		return e.Element + ": " + e.Reason
	}
	return e.Attribute + " of " + e.Element + ": " + e.Reason
}

// attributes reads the attributes of a node as values and remembers the first that is wrong, also of nodes below it.
type attributes struct {
	node  *Node
	first **DataError
	own   *DataError
}

// of reads another node and reports to the same place.
func (a *attributes) of(n *Node) *attributes {
	return &attributes{node: n, first: a.place()}
}

func (a *attributes) place() **DataError {
	if a.first == nil {
		a.first = &a.own
	}
	return a.first
}

// failure is the first error, nil when there is none.
func (a *attributes) failure() error {
	if err := *a.place(); err != nil {
		return err
	}
	return nil
}

func (a *attributes) fail(attribute, format string, args ...any) {
	if place := a.place(); *place == nil {
		*place = &DataError{Element: a.node.Name, Attribute: attribute, Reason: fmt.Sprintf(format, args...)}
	}
}

func (a *attributes) text(name string) string {
	return a.node.attrOr(name, "")
}

// required is a text that must be there and not be empty.
func (a *attributes) required(name string) string {
	s := a.text(name)
	if s == "" {
		a.fail(name, "it is missing")
	}
	return s
}

func (a *attributes) bool(name string) bool {
	s, ok := a.node.Attr(name)
	if !ok {
		return false
	}
	b, err := ParseBool(s)
	if err != nil {
		a.fail(name, "%v", err)
	}
	return b
}

func (a *attributes) integer(name string, bits int) int64 {
	s, ok := a.node.Attr(name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, bits)
	if err != nil {
		a.fail(name, "%q is not a number of %d bits", s, bits)
		return 0
	}
	return n
}

// number is the number in a child element; absent is 0.
func (a *attributes) number(child string) int64 {
	s := a.node.Child(child).Content()
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		a.fail(child, "%q is not a number", s)
	}
	return n
}

func (a *attributes) oneOf(name, absent string, words ...string) string {
	s, ok := a.node.Attr(name)
	if !ok && absent != "" {
		return absent
	}
	if !slices.Contains(words, s) {
		a.fail(name, "%q is none of %s", s, strings.Join(words, ", "))
	}
	return s
}

// code checks a GUID in braces, as Windows Installer has them, and returns it as it is written.
func (a *attributes) code(attribute, s string) string {
	if _, err := uuid.Parse(s); err != nil || len(s) != 38 || s[0] != '{' {
		a.fail(attribute, "%q is not a GUID in braces", s)
	}
	return s
}

// attrOr is Attr with a value for one that is not there.
func (n *Node) attrOr(name, absent string) string {
	if s, ok := n.Attr(name); ok {
		return s
	}
	return absent
}
