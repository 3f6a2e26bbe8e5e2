package metadata

import (
	"bytes"
	"strings"

	"github.com/google/uuid"
)

// ParsePackage reads a software distribution package: UTF-8, with or without a byte order mark, or UTF-16LE. Limits are those
// of documents. What is not known is kept in Other and is no error. Every error is a [*SyntaxError].
func ParsePackage(sdp []byte) (*Package, error) {
	text, err := toUTF8(sdp)
	if err != nil {
		return nil, err
	}
	top, err := readTop(bytes.NewReader(text), true)
	if err != nil {
		return nil, err
	}
	if len(top) != 1 {
		return nil, faultf(1, "package has %d root elements, want one", len(top))
	}
	root := top[0]
	if root.local != "SoftwareDistributionPackage" || !strings.HasSuffix(root.space, "/SoftwareDistributionPackage.xsd") {
		return nil, faultf(root.line, "root element is %s, want SoftwareDistributionPackage in %s", named(root), PackageNamespace)
	}
	p := &Package{SchemaVersion: root.value("SchemaVersion")}
	properties, err := required(root, "Properties")
	if err != nil {
		return nil, err
	}
	if err := p.readProperties(properties); err != nil {
		return nil, err
	}
	for _, c := range root.children {
		if err := p.readPart(root, c); err != nil {
			return nil, err
		}
	}
	if len(p.Texts) == 0 {
		return nil, faultf(root.line, "LocalizedProperties is missing")
	}
	if !p.Application && p.Classification == "" {
		return nil, faultf(root.line, "UpdateSpecificData and ApplicationSpecificData are missing, want one of them")
	}
	return p, nil
}

func (p *Package) readProperties(e *element) (err error) {
	if p.PackageID, err = e.guid("PackageID"); err != nil {
		return err
	}
	if p.PackageID == uuid.Nil {
		return faultf(e.line, "Properties has no PackageID")
	}
	if p.CreationDate, err = e.time("CreationDate"); err != nil {
		return err
	}
	switch p.PublicationState = e.value("PublicationState"); p.PublicationState {
	case "", "Published", "Expired":
	default:
		return faultf(e.line, "PublicationState is %q, want Published or Expired", p.PublicationState)
	}
	switch p.Type = UpdateType(e.value("UpdateType")); p.Type {
	case "", Software, Driver, Detectoid:
	default:
		return faultf(e.line, "UpdateType is %q, want Software, Driver or Detectoid", p.Type)
	}
	if p.CanSourceBeRequired, err = e.bool("CanSourceBeRequired"); err != nil {
		return err
	}
	if p.RestrictToClientServicingAPI, err = e.bool("RestrictToClientServicingApi"); err != nil {
		return err
	}
	p.VendorName = e.value("VendorName")
	for _, c := range e.children {
		switch c.local {
		case "MoreInfoUrl":
			p.MoreInfoURLs = append(p.MoreInfoURLs, c.content())
		case "SupportUrl":
			p.SupportURL = c.content()
		case "ProductName":
			p.ProductNames = append(p.ProductNames, c.content())
		default:
			p.Other = append(p.Other, Markup{c})
		}
	}
	return nil
}

// readPart reads one child of the root. Those that may stand once are looked up by only, which refuses a second one.
func (p *Package) readPart(root, c *element) (err error) {
	switch c.local {
	case "LocalizedProperties":
		return p.readText(c)
	case "InstallableItem":
		return p.readItem(c)
	}
	if _, err := root.only(c.local); err != nil && c.local != "" {
		return err
	}
	switch c.local {
	case "Properties":
	case "UpdateSpecificData":
		err = p.readUpdateData(c)
	case "ApplicationSpecificData":
		p.Application = true
	case "IsInstalled":
		p.Rules.IsInstalled, err = c.rule()
	case "IsSuperseded":
		p.Rules.IsSuperseded, err = c.rule()
	case "IsInstallable":
		p.Rules.IsInstallable, err = c.rule()
	case "SupersededPackages":
		p.Superseded, err = c.packageIDs()
	case "BundledPackages":
		p.Bundled, err = c.packageIDs()
	case "Prerequisites":
		err = p.readPrerequisites(c)
	default:
		p.Other = append(p.Other, Markup{c})
	}
	return err
}

func (p *Package) readText(e *element) error {
	var t PackageText
	for _, c := range e.children {
		switch c.local {
		case "Language":
			t.Languages = append(t.Languages, c.content())
		case "Title":
			t.Title = c.text
		case "Description":
			t.Description = c.text
		default:
			p.Other = append(p.Other, Markup{c})
		}
	}
	if len(t.Languages) == 0 || t.Languages[0] == "" {
		return faultf(e.line, "LocalizedProperties has no Language")
	}
	if t.Title == "" {
		return faultf(e.line, "LocalizedProperties for language %s has no Title", t.Languages[0])
	}
	p.Texts = append(p.Texts, t)
	return nil
}

func (p *Package) readUpdateData(e *element) error {
	p.MsrcSeverity, p.Classification = e.value("MsrcSeverity"), e.value("UpdateClassification")
	if _, ok := classificationID(p.Classification); !ok {
		return faultf(e.line, "UpdateClassification is %q, which no package may have", p.Classification)
	}
	for _, c := range e.children {
		switch c.local {
		case "SecurityBulletinID":
			p.BulletinIDs = append(p.BulletinIDs, c.content())
		case "CveID":
			p.CveIDs = append(p.CveIDs, c.content())
		case "KBArticleID":
			p.KBArticleIDs = append(p.KBArticleIDs, c.content())
		default:
			p.Other = append(p.Other, Markup{c})
		}
	}
	return nil
}

func classificationID(name string) (uuid.UUID, bool) {
	for _, c := range PackageClassifications() {
		if c.Name == name {
			return c.ID, true
		}
	}
	return uuid.Nil, false
}

func (p *Package) readPrerequisites(e *element) error {
	for _, c := range e.children {
		if c.local != "AtLeastOne" {
			return faultf(c.line, "Prerequisites has an unknown child, %s", c.label())
		}
		ids, err := c.packageIDs()
		if err != nil {
			return err
		}
		p.Prerequisites = append(p.Prerequisites, ids)
	}
	return nil
}

// packageIDs are those inside of an element, also one group deeper, as bundles have them.
func (e *element) packageIDs() ([]uuid.UUID, error) {
	var ids []uuid.UUID
	for _, c := range e.children {
		switch c.local {
		case "PackageID":
			id, err := uuid.Parse(c.content())
			if err != nil || len(c.content()) != 36 {
				return nil, faultf(c.line, "PackageID of %s: %q is not a GUID", e.local, c.content())
			}
			ids = append(ids, id)
		case "AtLeastOne":
			if e.local != "BundledPackages" {
				return nil, faultf(c.line, "%s has an unknown child, AtLeastOne", e.local)
			}
			inner, err := c.packageIDs()
			if err != nil {
				return nil, err
			}
			ids = append(ids, inner...)
		default:
			return nil, faultf(c.line, "%s has an unknown child, %s", e.local, c.label())
		}
	}
	return ids, nil
}
