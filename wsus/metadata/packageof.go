package metadata

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// PackageOf makes a package of an update and of the parts that it bundles, and tells what that loses: an update knows neither
// the names of its vendor and product, which the caller fills in, nor where its files come from. Bundled updates that are not
// among parts stay bundled by their ids. Rules are carried with their namespaces; those of the package itself are part of the
// rules of its items. The classes that packages do not have become Updates.
//
// Detectoids, drivers and software have packages; categories do not. Parts that are no member of the bundle are an error.
func PackageOf(u *Update, parts ...*Update) (*Package, []Loss, error) {
	if u.Type == Category {
		return nil, nil, fmt.Errorf("make package of update %s: it is a category", u.UpdateID)
	}
	p := &Package{SchemaVersion: "1.0", PackageID: u.UpdateID, CreationDate: u.CreationDate, PublicationState: u.PublicationState,
		Type: u.Type, SupportURL: u.Extended.SupportURL, MoreInfoURLs: u.Extended.MoreInfoURLs,
		CanSourceBeRequired: u.Extended.CanSourceBeRequired, MsrcSeverity: u.Extended.MsrcSeverity,
		BulletinIDs: u.Extended.BulletinIDs, CveIDs: u.Extended.CveIDs, KBArticleIDs: u.Extended.KBArticleIDs,
		Superseded: u.Relationships.Superseded}
	var l losses
	p.textsOf(u, &l)
	p.classOf(u, &l)
	if err := p.itemsOf(u, parts, &l); err != nil {
		return nil, nil, fmt.Errorf("make package of update %s: %w", u.UpdateID, err)
	}
	u.lost(&l)
	if err := p.check(); err != nil {
		return nil, nil, fmt.Errorf("make package of update %s: %w", u.UpdateID, err)
	}
	return p, l, nil
}

// textsOf puts the default language first.
func (p *Package) textsOf(u *Update, l *losses) {
	for _, t := range u.Localized {
		text := PackageText{Languages: []string{t.Language}, Title: t.Title, Description: t.Description}
		if t.Language == u.Extended.DefaultPropertiesLanguage {
			p.Texts = slices.Insert(p.Texts, 0, text)
		} else {
			p.Texts = append(p.Texts, text)
		}
		l.values("LocalizedProperties/MoreInfoUrl", t.MoreInfoURL, noPlace)
		l.value("LocalizedProperties/SupportUrl", t.SupportURL, noPlace)
		l.value("LocalizedProperties/UninstallNotes", t.UninstallNotes, noPlace)
		l.nodes("LocalizedProperties", t.Other)
	}
}

// classOf sorts the prerequisites: products, the class, the consumer of the servicing API, and the others.
func (p *Package) classOf(u *Update, l *losses) {
	for _, clause := range u.Relationships.Prerequisites {
		var ids []uuid.UUID
		for _, m := range clause.Members {
			ids = append(ids, m.UpdateID)
		}
		if len(ids) == 0 {
			continue
		}
		switch known, ok := Known(ids[0]); {
		case ok && known.Kind == KnownClassification && len(ids) == 1:
			p.setClass(known, l)
		case ok && known.ID == ServicingConsumer && len(ids) == 1:
			p.RestrictToClientServicingAPI = true
		case clause.IsCategory || ok && known.Kind == KnownProduct:
			p.setProducts(ids, l)
		default:
			p.Prerequisites = append(p.Prerequisites, ids)
		}
	}
	if p.Classification == "" && !p.Application {
		p.Classification = "Hotfixes"
	}
}

func (p *Package) setClass(known KnownID, l *losses) {
	if known.ID == Applications {
		p.Application = true
		return
	}
	for _, c := range PackageClassifications() {
		if c.ID == known.ID {
			p.Classification = c.Name
			return
		}
	}
	p.Classification = "Updates"
	l.value("Prerequisites", known.Name, "packages do not have this classification; it became Updates")
}

func (p *Package) setProducts(ids []uuid.UUID, l *losses) {
	for _, id := range ids {
		if id == LocallyPublishedPackages {
			continue
		}
		if known, ok := Known(id); ok {
			p.ProductNames = append(p.ProductNames, known.Name)
			continue
		}
		l.value("Prerequisites", id.String(), "packages name products, and the name of this category is not known")
	}
}

// lost is what a package has no place for.
func (u *Update) lost(l *losses) {
	x := &u.Extended
	l.value("UpdateIdentity/@RevisionNumber", strconv.FormatInt(int64(u.Revision), 10), "servers number the revisions of packages")
	if u.PublisherID != uuid.Nil {
		l.value("Properties/@PublisherID", u.PublisherID.String(), "it is the server's own")
	}
	if u.EulaID != uuid.Nil {
		l.value("Properties/@EulaID", u.EulaID.String(), noPlace)
	}
	l.flag("Properties/@RequiresReacceptanceOfEula", u.RequiresReacceptanceOfEula, noPlace)
	if !u.ExplicitlyDeployable && u.Type != Detectoid {
		l.value("Properties/@ExplicitlyDeployable", "false", "what is published on its own can be approved")
	}
	l.flag("Properties/@AutoSelectOnWebSites", u.AutoSelectOnWebSites, noPlace)
	l.flag("Properties/@BrowseOnly", x.BrowseOnly, noPlace)
	l.flag("Properties/@IsBeta", x.IsBeta, noPlace)
	l.flag("Properties/@IsPublic", u.IsPublic, noPlace)
	l.flag("Properties/@PerUser", u.PerUser, noPlace)
	l.value("Properties/@OSUpgrade", u.OSUpgrade, noPlace)
	l.value("Properties/@LegacyName", u.LegacyName, noPlace)
	l.value("Properties/@DetectoidType", u.DetectoidType, noPlace)
	l.value("Properties/@CompatibleProtocolVersion", x.CompatibleProtocolVersion, noPlace)
	l.value("Properties/@ProductName", x.ProductName, noPlace)
	l.value("Properties/@ReleaseVersion", x.ReleaseVersion, noPlace)
	for _, n := range []struct {
		name  string
		value int64
	}{
		{"RecommendedCpuSpeed", x.RecommendedCPUSpeed}, {"RecommendedMemory", x.RecommendedMemory},
		{"RecommendedHardDiskSpace", x.RecommendedHardDiskSpace}, {"ReleaseRevision", x.ReleaseRevision},
	} {
		if n.value != 0 {
			l.value("Properties/@"+n.name, strconv.FormatInt(n.value, 10), noPlace)
		}
	}
	l.attributes("Properties", x.OtherAttrs)
	l.nodes("Properties", x.Other)
	for _, f := range u.EulaFiles {
		l.value("EulaFile/@FileName", f.Name, noPlace)
	}
	l.nodes("Relationships", u.Relationships.Other)
	l.nodes("ApplicabilityRules", u.Rules.Other)
	l.nodes("Update", u.Other)
}
