package metadata

import (
	"slices"
	"strings"
)

// ParseCore reads a Core fragment, as SyncUpdates delivers it (MS-WUSP §2.2.2.2.4). Every error is a [*SyntaxError].
func ParseCore(fragment string) (*Core, error) {
	parts, err := readFragment(fragment, "UpdateIdentity", "Properties", "Relationships", "ApplicabilityRules")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"UpdateIdentity", "Properties"} {
		if parts[name] == nil {
			return nil, faultf(1, "Core fragment has no %s", name)
		}
	}
	c := &Core{}
	if err := c.read(parts["UpdateIdentity"], parts["Properties"]); err != nil {
		return nil, err
	}
	if e := parts["Relationships"]; e != nil {
		if err := c.Relationships.read(e); err != nil {
			return nil, err
		}
	}
	if e := parts["ApplicabilityRules"]; e != nil {
		if err := c.Rules.read(e); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// ParseExtended reads an Extended fragment, as GetExtendedUpdateInfo delivers it. Every error is a [*SyntaxError].
func ParseExtended(fragment string) (*Extended, error) {
	parts, err := readFragment(fragment, "ExtendedProperties", "Files", "HandlerSpecificData")
	if err != nil {
		return nil, err
	}
	properties := parts["ExtendedProperties"]
	if properties == nil {
		return nil, faultf(1, "Extended fragment has no ExtendedProperties")
	}
	x := &Extended{}
	if err := x.readProperties(properties); err != nil {
		return nil, err
	}
	if e := parts["Files"]; e != nil {
		if err := x.readFiles(e); err != nil {
			return nil, err
		}
	}
	if e := parts["HandlerSpecificData"]; e != nil {
		x.HandlerData = e.node()
	}
	return x, nil
}

// ParseLocalized reads a LocalizedProperties fragment; of several languages it tells the first. Every error is a [*SyntaxError].
func ParseLocalized(fragment string) (*Localized, error) {
	parts, err := readFragment(fragment, "LocalizedProperties")
	if err != nil {
		return nil, err
	}
	e := parts["LocalizedProperties"]
	if e == nil {
		return nil, faultf(1, "fragment has no LocalizedProperties")
	}
	l, _, err := e.localized()
	if err != nil {
		return nil, err
	}
	return &l, nil
}

// readFragment returns the top elements by name. What is not expected there means that it is another kind of fragment.
func readFragment(fragment string, expected ...string) (map[string]*element, error) {
	if len(fragment) > MaxDocumentBytes {
		return nil, faultf(0, "fragment has %d bytes, the limit is %d", len(fragment), MaxDocumentBytes)
	}
	top, err := readTop(strings.NewReader(fragment), false)
	if err != nil {
		return nil, err
	}
	parts := make(map[string]*element, len(expected))
	for _, e := range top {
		if !slices.Contains(expected, e.local) {
			return nil, faultf(e.line, "fragment has an unexpected element, %s", e.local)
		}
		if parts[e.local] != nil {
			return nil, faultf(e.line, "fragment has a second %s", e.local)
		}
		parts[e.local] = e
	}
	return parts, nil
}
