package compose

import (
	"strconv"

	"github.com/beevik/etree"
)

// properties writes the attributes in the order of real documents; readers must not depend on it.
func (d Document) properties() *etree.Element {
	kind := d.Type
	if kind == "" {
		kind = "Software"
	}
	state := "Published"
	if d.Expired {
		state = "Expired"
	}
	handler := ""
	if d.Handler != nil {
		handler = d.Handler.uri()
	}
	p := element("upd", "Properties",
		"UpdateType", kind,
		"DefaultPropertiesLanguage", d.Texts[0].Language,
		"Handler", handler,
		"AutoSelectOnWebSites", flag(d.Deployable && !d.Optional),
		"BrowseOnly", flag(d.Optional),
		"ExplicitlyDeployable", flag(d.Deployable),
		"MsrcSeverity", d.Severity)
	if kind == "Software" {
		// A bundle has no files, so that its sizes are 0.
		p.CreateAttr("MaxDownloadSize", strconv.Itoa(totalSize(d.Payloads)))
		p.CreateAttr("MinDownloadSize", "0")
	}
	p.CreateAttr("PublicationState", state)
	p.CreateAttr("CreationDate", d.Created+"T17:00:00.000Z")
	p.CreateAttr("PublisherID", d.Publisher)

	if len(d.Payloads) > 0 {
		p.AddChild(d.Install.element("InstallationBehavior"))
	}
	if d.Removable {
		p.AddChild(d.Removal.element("UninstallationBehavior"))
	}
	for _, language := range d.Languages {
		p.AddChild(text("upd", "Language", language))
	}
	for _, child := range [][2]string{{"SupportUrl", d.SupportURL}, {"SecurityBulletinID", d.Bulletin}, {"KBArticleID", d.KB}} {
		if child[1] != "" {
			p.AddChild(text("upd", child[0], child[1]))
		}
	}
	return p
}

func (b Behavior) element(name string) *etree.Element {
	return element("upd", name, "RebootBehavior", b.Reboot, "Impact", b.Impact)
}

func (d Document) relationships() *etree.Element {
	r := element("upd", "Relationships")
	if len(d.Supersedes) > 0 {
		victims := r.CreateElement("upd:SupersededUpdates")
		for _, id := range d.Supersedes {
			victims.AddChild(element("upd", "UpdateIdentity", "UpdateID", id))
		}
	}
	if len(d.Prerequisites) > 0 {
		clauses(r.CreateElement("upd:Prerequisites"), d.Prerequisites, 0)
	}
	if len(d.Bundled) > 0 {
		clauses(r.CreateElement("upd:BundledUpdates"), d.Bundled, d.revision())
	}
	return r
}

// clauses writes the groups. Bundles name exact revisions: the members share the bundle's. Prerequisites name none.
func clauses(into *etree.Element, list []Clause, revision int) {
	number := ""
	if revision > 0 {
		number = strconv.Itoa(revision)
	}
	for _, clause := range list {
		group := into
		if !clause.Single {
			group = element("upd", "AtLeastOne", "IsCategory", flag(clause.Category))
			into.AddChild(group)
		}
		for _, id := range clause.Members {
			group.AddChild(element("upd", "UpdateIdentity", "UpdateID", id, "RevisionNumber", number))
		}
	}
}
