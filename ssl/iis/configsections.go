package iis

import (
	"fmt"
	"strings"
)

// Section is a section as configSections registers it.
type Section struct {
	// Name has the groups before it, for example "system.webServer/security/access".
	Name string
	// AllowDefinition says in which files it may be stated: Everywhere, MachineToApplication, AppHostOnly and others.
	AllowDefinition string
	// Locked says that web.config files must not state it unless a location allows it: overrideModeDefault is Deny.
	Locked bool
	// AllowLocation says that location elements may hold it, which is so unless allowLocation is false. One that may not is stated
	// once for the whole file.
	AllowLocation bool
	Line          int
}

// Sections returns the sections that the file registers, in its order. They are the caller's own.
func (c *Config) Sections() []Section {
	var out []Section
	for _, e := range c.root.children {
		if e.name == "configSections" {
			out = appendSections(out, "", e)
		}
	}
	return out
}

// Section returns the registration of a section by its full name.
func (c *Config) Section(name string) (Section, bool) {
	for _, s := range c.Sections() {
		if s.Name == name {
			return s, true
		}
	}
	return Section{}, false
}

// appendSections walks groups, of which the depth of a file is the bound.
func appendSections(out []Section, group string, within *element) []Section {
	for _, e := range within.children {
		name := group + chain{e}.text("name", "")
		switch e.name {
		case "sectionGroup":
			out = appendSections(out, name+"/", e)
		case "section":
			out = append(out, Section{
				Name:            name,
				AllowDefinition: chain{e}.text("allowDefinition", "Everywhere"),
				Locked:          strings.EqualFold(chain{e}.text("overrideModeDefault", "Allow"), "Deny"),
				AllowLocation:   !strings.EqualFold(chain{e}.text("allowLocation", "true"), "false"),
				Line:            e.line,
			})
		}
	}
	return out
}

// accessRegistered is the registration of the access section. A file without one has the schema's: open to all.
func (c *Config) accessRegistered() Section {
	name := strings.Join(accessSection, "/")
	if s, ok := c.Section(name); ok {
		return s
	}
	return Section{Name: name, AllowDefinition: "Everywhere", AllowLocation: true}
}

// admits refuses a statement in a location where the section must not be in one.
func (s Section) admits(stated *statement) error {
	if s.AllowLocation || stated.holder.name != "location" {
		return nil
	}
	return &ConflictError{Place: placeOf(stated.holder), Line: stated.section.line, Problem: fmt.Sprintf(
		`states %s in a location, which allowLocation="false" at line %d of applicationHost.config forbids: take the section out of the location, or that attribute out`, s.Name, s.Line)}
}
