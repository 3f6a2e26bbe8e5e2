package metadata

import "fmt"

// losses collects what a conversion does not carry.
type losses []Loss

func (l *losses) value(element, value, reason string) {
	if value != "" {
		*l = append(*l, Loss{Element: element, Value: value, Reason: reason})
	}
}

func (l *losses) values(element string, values []string, reason string) {
	for _, v := range values {
		l.value(element, v, reason)
	}
}

func (l *losses) flag(element string, set bool, reason string) {
	if set {
		l.value(element, "true", reason)
	}
}

func (l *losses) markup(unknown []Markup) {
	for _, m := range unknown {
		name := m.Name()
		if name == "" {
			name = "text"
		}
		*l = append(*l, Loss{Element: name, Value: m.String(), Reason: "the element is not known"})
	}
}

func (l *losses) nodes(within string, unknown []*Node) {
	for _, n := range unknown {
		*l = append(*l, Loss{Element: within + "/" + n.Name, Value: n.Content(), Reason: "the element is not known"})
	}
}

func (l *losses) attributes(within string, unknown []Attr) {
	for _, a := range unknown {
		l.value(within+"/@"+a.Name, a.Value, "the attribute is not known")
	}
}

const (
	onlyFirst = "documents of published packages have the first one only"
	byID      = "updates name categories by their ids, which every server gives itself"
	noPlace   = "packages have no place for it"
)

// lost is what Update leaves out of the documents.
func (p *Package) lost(o PublishOptions) []Loss {
	var l losses
	if p.SchemaVersion != "1.0" {
		l.value("@SchemaVersion", p.SchemaVersion, "updates have none")
	}
	l.value("Properties/@VendorName", p.VendorName, byID)
	l.values("Properties/ProductName", p.ProductNames, byID)
	l.values("Properties/MoreInfoUrl", rest(p.MoreInfoURLs), onlyFirst)
	for _, t := range p.Texts {
		l.values("LocalizedProperties/Language", rest(t.Languages), onlyFirst)
	}
	if p.Classification == "Hotfixes" {
		l.value("UpdateSpecificData/@UpdateClassification", p.Classification, "no category stands for it, so the clause is empty")
	}
	l.values("UpdateSpecificData/SecurityBulletinID", rest(p.BulletinIDs), onlyFirst)
	l.values("UpdateSpecificData/CveID", rest(p.CveIDs), onlyFirst)
	l.values("UpdateSpecificData/KBArticleID", rest(p.KBArticleIDs), onlyFirst)
	if len(p.Items) > 0 {
		for _, holder := range p.Rules.elements(PackageNamespace) {
			l.value(holder.local, composed(holder.children[0]), "it became a part of the rules of every item")
		}
	}
	for i := range p.Items {
		p.Items[i].lost(&l, len(p.Items) == 1, o)
	}
	l.markup(p.Other)
	return l
}

func (i *InstallableItem) lost(l *losses, alone bool, o PublishOptions) {
	if alone {
		l.value("InstallableItem/@ID", i.ID.String(), "the update of the only item has the id of the package")
	}
	l.value("MspInstallerData/MspFileName", i.MspFileName, "handler data has no place for it")
	_, replaced := o.Files[i.ID]
	for _, f := range i.Files {
		if replaced {
			l.value("OriginFile/@FileName", f.Name, "the update lists the file that the publisher made of it")
		}
		l.value("OriginFile/@OriginUri", f.URI, "the server has the file itself")
		l.attributes("OriginFile", f.OtherAttrs)
		l.nodes("OriginFile", f.Other)
	}
	l.markup(i.Other)
}

// rest is what first leaves.
func rest(values []string) []string { return values[min(1, len(values)):] }

// String is the loss in one line.
func (l Loss) String() string {
	return fmt.Sprintf("%s %q: %s", l.Element, l.Value, l.Reason)
}
