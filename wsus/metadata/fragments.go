package metadata

import (
	"encoding/xml"
	"strings"
)

// coreProperties are the attributes of Properties in the Core fragment, in the order in which servers write them.
var coreProperties = []string{"UpdateType", "ExplicitlyDeployable", "AutoSelectOnWebSites", "OSUpgrade", "EulaID"}

// hiddenProperties do not go into the Extended fragment.
var hiddenProperties = map[string]bool{
	"UpdateType": true, "ExplicitlyDeployable": true, "AutoSelectOnWebSites": true, "EulaID": true, "PublicationState": true,
	"PublisherID": true, "CreationDate": true, "IsPublic": true, "LegacyName": true, "DetectoidType": true, "OSUpgrade": true,
	"PerUser": true,
}

// Fragments derives what a server sends of the update (MS-WUSP §3.1.1.1), character for character as a real server does: names
// lose their namespaces, rules of three namespaces get b., m. and d. before the name in the Core fragment, and package
// manifests, which other parts leave out, are complete. It reads Document again, so it needs time and memory in its size.
func (u *Update) Fragments() (Fragments, error) {
	_, root, err := readDocument(u.Document, true)
	if err != nil {
		return Fragments{}, err
	}
	parts := map[string]*element{}
	for _, c := range root.children {
		parts[c.local] = c
	}
	for _, name := range []string{"UpdateIdentity", "Properties"} {
		if parts[name] == nil {
			return Fragments{}, faultf(root.line, "%s is missing", name)
		}
	}
	return Fragments{Core: core(parts), Extended: extended(parts), Localized: localized(parts)}, nil
}

func core(parts map[string]*element) string {
	w := fragmentWriter{dots: true}
	w.element(parts["UpdateIdentity"], "")
	w.element(corePropertiesOf(parts["Properties"]), "")
	w.element(parts["Relationships"], "")
	w.element(parts["ApplicabilityRules"], "")
	return w.String()
}

// corePropertiesOf cuts the element down: false values are dropped and children are gone.
func corePropertiesOf(properties *element) *element {
	out := &element{local: "Properties"}
	for _, name := range coreProperties {
		v, ok := properties.attr(name)
		if !ok || v == "false" || v == "0" {
			continue
		}
		out.attrs = append(out.attrs, xml.Attr{Name: xml.Name{Local: name}, Value: v})
	}
	return out
}

func extended(parts map[string]*element) string {
	properties := *parts["Properties"]
	properties.local = "ExtendedProperties"
	properties.attrs = nil
	for _, a := range parts["Properties"].attrs {
		if !hiddenProperties[a.Name.Local] {
			properties.attrs = append(properties.attrs, a)
		}
	}
	var w fragmentWriter
	w.element(&properties, "")
	w.element(parts["Files"], "")
	w.element(parts["HandlerSpecificData"], "")
	return w.String()
}

func localized(parts map[string]*element) map[string]string {
	out := map[string]string{}
	collection := parts["LocalizedPropertiesCollection"]
	if collection == nil {
		return out
	}
	for _, c := range collection.children {
		if c.local != "LocalizedProperties" {
			continue
		}
		var w fragmentWriter
		w.element(c, "")
		for _, language := range c.children {
			if language.local == "Language" {
				out[strings.ToLower(language.content())] = w.String()
			}
		}
	}
	return out
}
