package metadata

import (
	"fmt"

	"github.com/google/uuid"
)

// Document writes the package in UTF-8; [ParsePackage] reads the same package again, but for elements of Other, which all end at
// the root. It fails with every reason at once when the package is not one that ParsePackage would accept.
func (p *Package) Document() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("write package: %w", err)
	}
	version := p.SchemaVersion
	if version == "" {
		version = "1.0"
	}
	root := makeElement(PackageNamespace, "SoftwareDistributionPackage", "SchemaVersion", version)
	root.add(p.propertiesElement())
	for _, t := range p.Texts {
		e := makeElement(PackageNamespace, "LocalizedProperties")
		e.texts("Language", t.Languages...)
		e.texts("Title", t.Title)
		if t.Description != "" {
			e.texts("Description", t.Description)
		}
		root.add(e)
	}
	root.add(p.dataElement())
	root.add(p.Rules.elements(PackageNamespace)...)
	root.add(packageIDsElement("SupersededPackages", p.Superseded))
	if len(p.Prerequisites) > 0 {
		prerequisites := makeElement(PackageNamespace, "Prerequisites")
		for _, clause := range p.Prerequisites {
			group := makeElement(PackageNamespace, "AtLeastOne")
			prerequisites.add(group.add(idElements(clause)...))
		}
		root.add(prerequisites)
	}
	root.add(packageIDsElement("BundledPackages", p.Bundled))
	for i := range p.Items {
		root.add(p.Items[i].element())
	}
	for _, other := range p.Other {
		root.add(other.e)
	}
	return finishPackage(root)
}

// finishPackage writes and reads again: markup that a program brought may nest too deep or repeat what stands already.
func finishPackage(root *element) ([]byte, error) {
	doc := []byte(composed(root))
	if _, err := ParsePackage(doc); err != nil {
		return nil, fmt.Errorf("write package: %w", err)
	}
	return doc, nil
}

func (p *Package) propertiesElement() *element {
	e := makeElement(PackageNamespace, "Properties", "PackageID", p.PackageID.String())
	if !p.CreationDate.IsZero() {
		e.set("CreationDate", timeText(p.CreationDate))
	}
	e.setIf("PublicationState", p.PublicationState)
	e.setIf("UpdateType", string(p.Type))
	e.setIf("VendorName", p.VendorName)
	if p.CanSourceBeRequired {
		e.set("CanSourceBeRequired", "true")
	}
	if p.RestrictToClientServicingAPI {
		e.set("RestrictToClientServicingApi", "true")
	}
	e.texts("MoreInfoUrl", p.MoreInfoURLs...)
	if p.SupportURL != "" {
		e.texts("SupportUrl", p.SupportURL)
	}
	e.texts("ProductName", p.ProductNames...)
	return e
}

func (p *Package) dataElement() *element {
	if p.Application {
		return makeElement(PackageNamespace, "ApplicationSpecificData")
	}
	e := makeElement(PackageNamespace, "UpdateSpecificData", "UpdateClassification", p.Classification)
	e.setIf("MsrcSeverity", p.MsrcSeverity)
	e.texts("SecurityBulletinID", p.BulletinIDs...)
	e.texts("CveID", p.CveIDs...)
	e.texts("KBArticleID", p.KBArticleIDs...)
	return e
}

func packageIDsElement(local string, ids []uuid.UUID) *element {
	if len(ids) == 0 {
		return nil
	}
	return makeElement(PackageNamespace, local).add(idElements(ids)...)
}

func idElements(ids []uuid.UUID) []*element {
	out := make([]*element, len(ids))
	for i, id := range ids {
		out[i] = &element{space: PackageNamespace, local: "PackageID", text: id.String()}
	}
	return out
}
