package metadata

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
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
	return p.read(root)
}

// read proves what was written: markup that a program brought may nest too deep or repeat what stands already.
func (p *Package) read(root *element) ([]byte, error) {
	doc := []byte(composed(root))
	if _, err := ParsePackage(doc); err != nil {
		return nil, fmt.Errorf("write package: %w", err)
	}
	return doc, nil
}

// check names everything that neither kind of document could carry.
func (p *Package) check() error {
	var reasons *multierror.Error
	if p.PackageID == uuid.Nil {
		reasons = multierror.Append(reasons, errors.New("it has no PackageID"))
	}
	if len(p.Texts) == 0 {
		reasons = multierror.Append(reasons, errors.New("it has no texts"))
	}
	for i, t := range p.Texts {
		if t.Title == "" || len(t.Languages) == 0 || t.Languages[0] == "" {
			reasons = multierror.Append(reasons, fmt.Errorf("text %d has no title or no language", i+1))
		}
	}
	if _, ok := classificationID(p.Classification); !ok && !p.Application {
		reasons = multierror.Append(reasons, fmt.Errorf("the classification %q is none that packages may have", p.Classification))
	}
	if !slices.Contains([]UpdateType{"", Software, Driver, Detectoid}, p.Type) {
		reasons = multierror.Append(reasons, fmt.Errorf("the type is %q, want Software, Driver or Detectoid", p.Type))
	}
	if len(p.Rules.Metadata) > 0 {
		reasons = multierror.Append(reasons, errors.New("metadata of rules stands with the package, want it with the items"))
	}
	for i, item := range p.Items {
		if item.ID == uuid.Nil {
			reasons = multierror.Append(reasons, fmt.Errorf("item %d has no ID", i+1))
		}
		switch item.Installer.(type) {
		case nil, *CommandLine, *WindowsInstallerApp, *WindowsInstallerPatch, *WindowsPatch:
		default:
			reasons = multierror.Append(reasons, fmt.Errorf("item %d has an installer that packages cannot have, %T", i+1, item.Installer))
		}
	}
	return reasons.ErrorOrNil()
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

// elements holds each rule in an element of space; the metadata is not among them.
func (r *PackageRules) elements(space string) []*element {
	var out []*element
	for _, place := range []struct {
		name string
		rule Markup
	}{{"IsInstalled", r.IsInstalled}, {"IsSuperseded", r.IsSuperseded}, {"IsInstallable", r.IsInstallable}} {
		if !place.rule.IsZero() {
			out = append(out, makeElement(space, place.name).add(place.rule.e))
		}
	}
	return out
}

// whole is the ApplicabilityRules element; nil when there is neither rule nor metadata.
func (r *PackageRules) whole(space string) *element {
	e := makeElement(space, "ApplicabilityRules").add(r.elements(space)...)
	if len(r.Metadata) > 0 {
		data := makeElement(space, "Metadata")
		for _, m := range r.Metadata {
			data.add(m.e)
		}
		e.add(data)
	}
	if len(e.children) == 0 {
		return nil
	}
	return e
}

func (f *OriginFile) element() *element {
	e := makeElement(PackageNamespace, "OriginFile", "Digest", base64.StdEncoding.EncodeToString(f.SHA1[:]), "FileName", f.Name,
		"Size", strconv.FormatInt(f.Size, 10))
	if !f.Modified.IsZero() {
		e.set("Modified", timeText(f.Modified))
	}
	e.setIf("OriginUri", f.URI)
	e.add(f.digestElement(PackageNamespace))
	return e
}

// digestElement carries the SHA-256; nil when it is not known.
func (f *File) digestElement(space string) *element {
	if f.SHA256 == ([32]byte{}) {
		return nil
	}
	e := makeElement(space, "AdditionalDigest", "Algorithm", "SHA256")
	e.text = base64.StdEncoding.EncodeToString(f.SHA256[:])
	return e
}
