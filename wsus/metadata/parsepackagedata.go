package metadata

import "github.com/google/uuid"

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
