package soap

// A Form is how an envelope is written. Readers take all of them; each is that of a real end, seen on the wire.
type Form uint8

const (
	// Request is how agents write.
	Request Form = iota
	// BareAnswer is how the Client service answers: the schema namespaces stand on the body.
	BareAnswer
	// DeclaredAnswer is how the SimpleAuth and Reporting services answer: an XML declaration and another prefix.
	DeclaredAnswer
)

const schemaNamespaces = ` xmlns:xsi="` + schemaInstance + `" xmlns:xsd="http://www.w3.org/2001/XMLSchema"`

// prefix of the envelope's namespace.
func (f Form) prefix() string {
	if f == DeclaredAnswer {
		return "soap"
	}
	return "s"
}

func (f Form) head() string {
	switch f {
	case DeclaredAnswer:
		return `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="` + EnvelopeNamespace + `"` + schemaNamespaces +
			`><soap:Body>`
	case BareAnswer:
		return `<s:Envelope xmlns:s="` + EnvelopeNamespace + `"><s:Body` + schemaNamespaces + `>`
	default:
		return `<s:Envelope xmlns:s="` + EnvelopeNamespace + `"><s:Body>`
	}
}

func (f Form) tail() string {
	if f == DeclaredAnswer {
		return `</soap:Body></soap:Envelope>`
	}
	return `</s:Body></s:Envelope>`
}
