package compose

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// Document is one revision of an update, a category or a detectoid.
type Document struct {
	// Name is what people call the file, without number and extension.
	Name     string
	ID       string
	Revision int // 200 when zero, the first revision of most published content
	Type     string
	// UpperCaseID writes the identity in upper case, as documents of the early years do; references stay in lower case.
	UpperCaseID bool

	Deployable bool // an administrator can approve it
	Optional   bool // BrowseOnly
	Expired    bool
	Created    string // the day, as in 2026-05-12
	Publisher  string
	Severity   string
	KB         string
	Bulletin   string
	SupportURL string
	Languages  []string // of the payload; none: any language
	Install    Behavior
	Removal    Behavior
	Removable  bool

	Texts []Text // the first one is the default

	Prerequisites []Clause
	Bundled       []Clause
	Supersedes    []string

	Installed, Superseded, Installable *etree.Element
	Metadata                           *etree.Element

	Handler  Handler
	Payloads []Payload
}

// Text is what people read, in one language.
type Text struct{ Language, Title, Description string }

// Behavior of an installation; empty fields leave the protocol's defaults.
type Behavior struct {
	Reboot, Impact string
}

// Clause is satisfied by any of its members. Clauses of a list are conjoined.
type Clause struct {
	Category bool
	// Single writes a lone UpdateIdentity in place of a group; it needs exactly one member.
	Single  bool
	Members []string
}

func (d Document) revision() int {
	if d.Revision == 0 {
		return 200
	}
	return d.Revision
}

// XML is the whole document.
func (d Document) XML() ([]byte, error) {
	root := element("upd", "Update")
	root.AddChild(d.identity())
	root.AddChild(d.properties())
	root.AddChild(d.texts())
	addIfAny(root, d.relationships())
	addIfAny(root, d.rules())
	addIfAny(root, files(d.Payloads))
	if d.Handler != nil {
		root.AddChild(d.Handler.data())
	}
	declareOnRoot(root)

	doc := etree.NewDocumentWithRoot(root)
	b, err := doc.WriteToBytes()
	if err != nil {
		return nil, fmt.Errorf("compose %s: %w", d.Name, err)
	}
	return b, nil
}

func (d Document) identity() *etree.Element {
	id := d.ID
	if d.UpperCaseID {
		id = strings.ToUpper(id)
	}
	return element("upd", "UpdateIdentity", "UpdateID", id, "RevisionNumber", strconv.Itoa(d.revision()))
}

func (d Document) texts() *etree.Element {
	all := element("upd", "LocalizedPropertiesCollection")
	for _, t := range d.Texts {
		one := all.CreateElement("upd:LocalizedProperties")
		one.AddChild(text("upd", "Language", t.Language))
		one.AddChild(text("upd", "Title", t.Title))
		if t.Description != "" {
			one.AddChild(text("upd", "Description", t.Description))
		}
		if d.SupportURL != "" {
			one.AddChild(text("upd", "SupportUrl", d.SupportURL))
		}
	}
	return all
}

func (d Document) rules() *etree.Element {
	rules := element("upd", "ApplicabilityRules")
	for _, part := range []struct {
		name string
		rule *etree.Element
	}{{"IsInstalled", d.Installed}, {"IsSuperseded", d.Superseded}, {"IsInstallable", d.Installable}, {"Metadata", d.Metadata}} {
		if part.rule != nil {
			rules.CreateElement("upd:" + part.name).AddChild(part.rule)
		}
	}
	return rules
}

// addIfAny leaves out a container that holds nothing: real documents have none.
func addIfAny(root, container *etree.Element) {
	if len(container.ChildElements()) > 0 {
		root.AddChild(container)
	}
}

// declareOnRoot declares the prefixes that occur, in the order of real documents.
func declareOnRoot(root *etree.Element) {
	used := map[string]bool{}
	collectPrefixes(root, used)
	root.CreateAttr("xmlns:pub", namespace("pub"))
	for _, prefix := range rootPrefixes() {
		if used[prefix] {
			root.CreateAttr("xmlns:"+prefix, namespace(prefix))
		}
	}
	root.CreateAttr("xmlns:upd", namespace("upd"))
}

func collectPrefixes(e *etree.Element, into map[string]bool) {
	into[e.Space] = true
	for _, child := range e.ChildElements() {
		collectPrefixes(child, into)
	}
}
