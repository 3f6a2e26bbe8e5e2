package soap

const (
	schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
)

// binding of a prefix, empty for the default namespace, to a namespace.
type binding struct{ prefix, space []byte }

// In tells whether the innermost open element is in the namespace.
func (s *Scanner) In(space string) bool { return string(s.Namespace()) == space }

// Namespace is that of the innermost open element.
func (s *Scanner) Namespace() []byte {
	if len(s.stack) == 0 {
		return nil
	}
	top := s.stack[len(s.stack)-1]
	if top.local == 0 {
		return s.lookup(nil)
	}
	return s.lookup(top.name[:top.local-1])
}

// lookup answers nil for a prefix that is not declared.
func (s *Scanner) lookup(prefix []byte) []byte {
	for i := len(s.binds) - 1; i >= 0; i-- {
		if string(s.binds[i].prefix) == string(prefix) {
			return s.binds[i].space
		}
	}
	if string(prefix) == "xml" {
		return []byte(xmlNamespace)
	}
	return nil
}

// declare makes a binding of an attribute xmlns or xmlns:prefix.
func (s *Scanner) declare(a attribute) {
	space := a.value
	if space == nil {
		space = []byte{}
	}
	switch {
	case len(a.prefix) == 0 && string(a.local) == "xmlns":
		s.bind(binding{space: space})
	case string(a.prefix) != "xmlns":
	case len(space) == 0 || string(a.local) == "xmlns" || (string(a.local) == "xml") != (string(space) == xmlNamespace):
		s.fail("a namespace declaration that is not allowed")
	default:
		s.bind(binding{prefix: a.local, space: space})
	}
}

func (s *Scanner) bind(b binding) {
	if len(s.binds) >= s.limits.Namespaces && s.err == nil {
		s.err = &LimitError{Path: s.Path(), What: "namespace declarations", Max: s.limits.Namespaces}
		return
	}
	s.binds = append(s.binds, b)
}
