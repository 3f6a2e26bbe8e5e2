package clientsync_test

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checkMessage holds a message to the contract. It answers what is wrong, each with its path, and which elements of the newer
// contract it has.
func checkMessage(message string) (complaints, newer []string) {
	c := &checker{}
	root, err := parseElement(message)
	if err != nil {
		return []string{"not well-formed: " + err.Error()}, nil
	}
	c.envelope(root)
	return c.complaints, c.newer
}

// element is one of a message, as encoding/xml's tokens have it.
type element struct {
	name     xml.Name
	attrs    []xml.Attr
	text     string
	children []*element
}

func parseElement(message string) (*element, error) {
	document := &element{}
	open := []*element{document}
	for d := xml.NewDecoder(strings.NewReader(message)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if len(document.children) != 1 {
				return nil, fmt.Errorf("%d roots", len(document.children))
			}
			return document.children[0], nil
		}
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name, attrs: slices.Clone(token.Attr)}
			top.children = append(top.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
}

// child is a line of the contract's table.
type child struct {
	name, typ      string
	min, max       int
	nilable, newer bool
}

func childrenOf(typ string) (list []child) {
	for line := range strings.SplitSeq(contractTypes[typ], "|") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		c := child{name: words[0], typ: words[1], min: 1, max: 1}
		for _, word := range words[2:] {
			switch word {
			case "?":
				c.min = 0
			case "!": // what the text demands is demanded
			case "*":
				c.min, c.max = 0, unbounded
			case "nil":
				c.nilable = true
			case "newer":
				c.min, c.newer = 0, true
			default:
				panic("the contract's table has " + word + " in " + typ)
			}
		}
		list = append(list, c)
	}
	return list
}

const (
	unbounded         = 1 << 30
	envelopeNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
	instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"
)

type checker struct{ complaints, newer []string }

func (c *checker) complain(path, format string, arguments ...any) {
	c.complaints = append(c.complaints, path+": "+fmt.Sprintf(format, arguments...))
}

// envelope checks what is around the message: SOAP 1.1, no header, one child of the body.
func (c *checker) envelope(root *element) {
	if root.name != (xml.Name{Space: envelopeNamespace, Local: "Envelope"}) {
		c.complain(root.name.Local, "is no SOAP 1.1 envelope")
		return
	}
	if len(root.children) != 1 || root.children[0].name != (xml.Name{Space: envelopeNamespace, Local: "Body"}) {
		c.complain("Envelope", "has not one Body alone")
		return
	}
	content := root.children[0].children
	if len(content) != 1 {
		c.complain("Body", "has %d children", len(content))
		return
	}
	message := content[0]
	if message.name == (xml.Name{Space: envelopeNamespace, Local: "Fault"}) {
		c.complex("Fault", message, "Fault", "")
		return
	}
	for _, service := range contracts {
		if typ, ok := service.messages[message.name.Local]; ok && service.namespace == message.name.Space {
			c.complex(message.name.Local, message, typ, service.namespace)
			return
		}
	}
	c.complain(message.name.Local, "is no message in namespace %q", message.name.Space)
}

// complex checks order, occurrence and namespace of the children of an element, then the children themselves.
func (c *checker) complex(path string, e *element, typ, namespace string) {
	c.attributes(path, e)
	if strings.TrimSpace(e.text) != "" {
		c.complain(path, "has text between its elements")
	}
	sequence := childrenOf(typ)
	counts := make([]int, len(sequence))
	reached := 0
	for _, got := range e.children {
		at := path + "/" + got.name.Local
		i := slices.IndexFunc(sequence, func(s child) bool { return s.name == got.name.Local })
		if i < 0 {
			c.complain(at, "is not of the contract")
			continue
		}
		want := sequence[i]
		if got.name.Space != namespace {
			c.complain(at, "is in namespace %q", got.name.Space)
		}
		if i < reached {
			c.complain(at, "must not follow %s", sequence[reached].name)
		}
		reached = max(reached, i)
		if counts[i]++; counts[i] > want.max {
			c.complain(at, "occurs more than %d times", want.max)
		}
		if want.newer {
			c.newer = append(c.newer, at)
		}
		c.value(at, got, want, namespace)
	}
	for i, want := range sequence {
		if counts[i] < want.min {
			c.complain(path, "%s is missing", want.name)
		}
	}
}

func (c *checker) value(path string, e *element, want child, namespace string) {
	if isNil(e) {
		switch {
		case !want.nilable:
			c.complain(path, "must not be nil")
		case len(e.children) > 0 || e.text != "":
			c.complain(path, "is nil and not empty")
		}
		return
	}
	if _, ok := contractTypes[want.typ]; ok {
		c.complex(path, e, want.typ, namespace)
		return
	}
	c.attributes(path, e)
	if len(e.children) > 0 {
		c.complain(path, "has elements where a %s is", want.typ)
	} else if !isValue(want.typ, e.text) {
		c.complain(path, "%q is no %s", e.text, want.typ)
	}
}

// attributes complains of all but declarations of namespaces and nil: the contract has none.
func (c *checker) attributes(path string, e *element) {
	for _, a := range e.attrs {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && a.Name != (xml.Name{Space: instanceNamespace, Local: "nil"}) {
			c.complain(path, "has the attribute %s", a.Name.Local)
		}
	}
}

func isNil(e *element) bool {
	return slices.ContainsFunc(e.attrs, func(a xml.Attr) bool {
		return a.Name == xml.Name{Space: instanceNamespace, Local: "nil"} && (a.Value == "true" || a.Value == "1")
	})
}

var (
	guidText  = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	codeText  = regexp.MustCompile(`^[A-Za-z]+:(Client|Server|VersionMismatch|MustUnderstand)$`)
	timeForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} // the zone may be absent
)

// isValue tells whether a text is in the lexical space of a simple type (XML Schema part 2).
func isValue(typ, text string) bool {
	trimmed := strings.TrimSpace(text)
	isInt := func(bits int) bool { _, err := strconv.ParseInt(trimmed, 10, bits); return err == nil }
	switch typ {
	case "string":
		return true
	case "long":
		return isInt(64)
	case "int":
		return isInt(32)
	case "short":
		return isInt(16)
	case "unsignedByte":
		_, err := strconv.ParseUint(trimmed, 10, 8)
		return err == nil
	case "boolean":
		return slices.Contains([]string{"true", "false", "1", "0"}, trimmed)
	case "dateTime", "dateTimeText":
		return slices.ContainsFunc(timeForms, func(form string) bool { _, err := time.Parse(form, trimmed); return err == nil })
	case "dateText":
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	case "base64Binary":
		_, err := base64.StdEncoding.Strict().DecodeString(strings.Join(strings.Fields(text), ""))
		return err == nil
	case "guid":
		return guidText.MatchString(trimmed)
	case "faultCode":
		return codeText.MatchString(trimmed)
	default:
		values, ok := contractEnums[typ]
		if !ok {
			panic("the contract's table has no type " + typ)
		}
		return slices.Contains(values, text)
	}
}
