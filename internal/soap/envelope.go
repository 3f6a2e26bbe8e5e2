package soap

import (
	"bytes"
	"slices"
)

// The namespaces of the two envelopes.
const (
	EnvelopeNamespace   = "http://schemas.xmlsoap.org/soap/envelope/"
	envelopeNamespace12 = "http://www.w3.org/2003/05/soap-envelope"
)

// Operation is the child of a body: what is asked, answered or, in the envelope's namespace and named Fault, refused.
type Operation struct{ Space, Name string }

// IsFault tells whether it is a fault.
func (o Operation) IsFault() bool { return o == Operation{EnvelopeNamespace, "Fault"} }

// Open reads an envelope with a new scanner, as [Scanner.Open] does, and names the child of its body.
func Open(data []byte, limits Limits) (*Scanner, Operation, error) {
	s := new(Scanner)
	if err := s.Open(data, limits); err != nil {
		return s, Operation{}, err
	}
	return s, Operation{string(s.Namespace()), string(s.Name())}, nil
}

// Open begins anew and reads an envelope up to the child of its body, which is then the innermost open element. When that has
// been closed, Close reads the rest. A SOAP 1.2 envelope answers ErrVersion. Headers are passed over: the services have none
// (MS-WUSP §2.2.1).
func (s *Scanner) Open(data []byte, limits Limits) error {
	s.Reset(data, limits)
	s.prolog()
	if s.err == nil && !s.startTag() {
		s.fail("the envelope is nil")
	}
	if s.err == nil {
		s.checkEnvelope()
	}
	for s.Child() {
		if !s.In(EnvelopeNamespace) || string(s.Name()) != "Body" {
			s.Skip()
			continue
		}
		if !s.Child() {
			s.fail("the body is empty")
			break
		}
		s.operation = len(s.stack)
		return nil
	}
	s.fail("the envelope has no body")
	return s.err
}

// Close reads the end of the envelope and checks that the body had one child only.
func (s *Scanner) Close() error {
	if s.Child() {
		s.fail("the body has more than one child")
	}
	for s.Child() {
		if s.In(EnvelopeNamespace) && string(s.Name()) == "Body" {
			s.fail("the envelope has more than one body")
		}
		s.Skip()
	}
	s.end()
	return s.err
}

func (s *Scanner) checkEnvelope() {
	switch {
	case string(s.Name()) != "Envelope":
		s.fail("the document is not an envelope")
	case s.In(envelopeNamespace12):
		s.err = ErrVersion
	case !s.In(EnvelopeNamespace):
		s.fail("the envelope is in another namespace than that of SOAP 1.1")
	}
}

// prolog reads what may come before the root element: a byte order mark, an XML declaration, comments.
func (s *Scanner) prolog() {
	if s.at("\uFEFF") {
		s.pos += len("\uFEFF")
	}
	if s.at("<?xml") {
		s.declaration()
	}
	for s.err == nil {
		s.space()
		if !s.at("<!--") {
			break
		}
		s.comment()
	}
	if s.err == nil && !s.at("<") {
		s.fail("the document does not begin with an element")
	}
}

// declaration reads <?xml version="1.0" encoding="utf-8" standalone="yes"?>, of which only the version is required.
func (s *Scanner) declaration() {
	s.pos += len("<?xml")
	names := []string{"version", "encoding", "standalone"}
	for s.attrs = s.attrs[:0]; s.err == nil; {
		before := s.pos
		s.space()
		if s.at("?>") {
			break
		}
		if s.pos == before {
			s.fail("an XML declaration that does not end properly")
			return
		}
		if s.attribute(); s.err != nil {
			return
		}
		a := s.attrs[len(s.attrs)-1]
		i := slices.Index(names, string(a.local))
		if i < 0 || !declared(a) {
			s.fail("an XML declaration of another version or encoding than 1.0 and UTF-8")
			return
		}
		names = names[i+1:]
	}
	if len(s.attrs) == 0 || string(s.attrs[0].local) != "version" {
		s.fail("an XML declaration without version")
	}
	s.pos += len("?>")
}

func declared(a attribute) bool {
	switch {
	case len(a.prefix) > 0:
		return false
	case string(a.local) == "version":
		return string(a.value) == "1.0"
	case string(a.local) == "encoding":
		return bytes.EqualFold(a.value, []byte("utf-8"))
	default:
		return string(a.value) == "yes" || string(a.value) == "no"
	}
}
