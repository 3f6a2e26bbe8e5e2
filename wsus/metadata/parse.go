package metadata

import "bytes"

// Parse reads an update document: UTF-8, with or without a byte order mark, or UTF-16LE as servers exchange it among each other.
// Elements are found by name, in any order. Attributes and elements that are not known are no error, for documents grow over
// time: they are kept in Other and OtherAttrs where they stood, and Document has every byte.
//
// Every error is a [*SyntaxError]. Package manifests in Rules.Metadata keep only the identity of the package and of its parents.
func Parse(doc []byte) (*Update, error) {
	text, root, err := readDocument(doc, false)
	if err != nil {
		return nil, err
	}
	identity, err := required(root, "UpdateIdentity")
	if err != nil {
		return nil, err
	}
	properties, err := required(root, "Properties")
	if err != nil {
		return nil, err
	}
	u := &Update{Document: text}
	if err := u.Core.read(identity, properties); err != nil {
		return nil, err
	}
	if err := u.readProperties(properties); err != nil {
		return nil, err
	}
	if err := u.readParts(root); err != nil {
		return nil, err
	}
	return u, nil
}

// readParts reads the children of a document that may be missing.
func (u *Update) readParts(root *element) error {
	parts := []struct {
		name string
		read func(*element) error
	}{
		{"LocalizedPropertiesCollection", u.readLocalized},
		{"Relationships", u.Relationships.read},
		{"ApplicabilityRules", u.Rules.read},
		{"Files", u.Extended.readFiles},
		{"HandlerSpecificData", u.readHandlerData},
	}
	for _, part := range parts {
		e, err := root.only(part.name)
		if err != nil {
			return err
		}
		if e == nil {
			continue
		}
		if err := part.read(e); err != nil {
			return err
		}
	}
	for _, c := range root.children {
		switch c.local {
		case "UpdateIdentity", "Properties", "LocalizedPropertiesCollection", "Relationships", "ApplicabilityRules", "Files",
			"HandlerSpecificData":
		default:
			u.Other = append(u.Other, c.node())
		}
	}
	return nil
}

// readDocument returns the text in UTF-8 and its root.
func readDocument(doc []byte, whole bool) ([]byte, *element, error) {
	text, err := toUTF8(doc)
	if err != nil {
		return nil, nil, err
	}
	top, err := readTop(bytes.NewReader(text), whole)
	if err != nil {
		return nil, nil, err
	}
	if len(top) == 0 {
		return nil, nil, faultf(1, "document has no root element")
	}
	if root := top[0]; root.local != "Update" || root.space != UpdateNamespace {
		return nil, nil, faultf(root.line, "root element is %s, want Update in %s%s", named(root), UpdateNamespace, hint(root))
	}
	if len(top) > 1 {
		return nil, nil, faultf(top[1].line, "a second root element, %s", top[1].local)
	}
	return text, top[0], nil
}

// hint tells those who have something else that belongs to an update what it is.
func hint(root *element) string {
	switch {
	case root.local == "SoftwareDistributionPackage":
		return "; this is a package of a vendor, which ParsePackage reads"
	case root.space != "":
	case root.local == "UpdateIdentity":
		return "; this is a Core fragment, which ParseCore reads"
	case root.local == "ExtendedProperties":
		return "; this is an Extended fragment, which ParseExtended reads"
	case root.local == "LocalizedProperties":
		return "; this is a fragment of texts, which ParseLocalized reads"
	}
	return ""
}

func named(e *element) string {
	if e.space == "" {
		return e.local + " in no namespace"
	}
	return e.local + " in " + e.space
}

func required(parent *element, name string) (*element, error) {
	e, err := parent.only(name)
	if err == nil && e == nil {
		err = faultf(parent.line, "%s is missing", name)
	}
	return e, err
}
