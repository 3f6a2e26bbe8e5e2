package metadata

import (
	"strconv"

	"github.com/google/uuid"
)

func (b *publishing) properties(item *InstallableItem, files []File, part bool) *element {
	kind := b.Type
	if kind == "" {
		kind = Software
	}
	state := b.PublicationState
	if state == "" {
		state = "Published"
	}
	e := makeElement(UpdateNamespace, "Properties", "DefaultPropertiesLanguage", b.Texts[0].Languages[0])
	if !b.CreationDate.IsZero() {
		e.set("CreationDate", timeText(b.CreationDate))
	}
	if b.options.PublisherID != uuid.Nil {
		e.set("PublisherID", b.options.PublisherID.String())
	}
	e.set("IsLocallyPublished", "true")
	e.set("UpdateType", string(kind))
	e.set("ExplicitlyDeployable", boolText(kind != Detectoid && !part))
	e.set("PublicationState", state)
	var size int64
	for _, f := range files {
		size += f.Size
	}
	e.set("MinDownloadSize", "0")
	e.set("MaxDownloadSize", strconv.FormatInt(size, 10))
	if item.Installer != nil {
		e.set("Handler", item.Installer.HandlerURI())
	} else if kind == Driver {
		e.set("Handler", HandlerWindowsDriver)
	}
	e.setIf("MsrcSeverity", b.MsrcSeverity)
	if b.CanSourceBeRequired {
		e.set("CanSourceBeRequired", "true")
	}
	e.add(item.Installation.element(UpdateNamespace, "InstallationBehavior"),
		item.Uninstallation.element(UpdateNamespace, "UninstallationBehavior"))
	e.texts("MoreInfoUrl", first(b.MoreInfoURLs)...)
	if b.SupportURL != "" {
		e.texts("SupportUrl", b.SupportURL)
	}
	e.texts("SecurityBulletinID", first(b.BulletinIDs)...)
	e.texts("CveID", first(b.CveIDs)...)
	e.texts("KBArticleID", first(b.KBArticleIDs)...)
	e.texts("Language", item.Languages...)
	return e
}

// first is what the transform takes of a list.
func first(values []string) []string { return values[:min(1, len(values))] }

// relationships: the product first, then the class, then what the package itself asks for.
func (b *publishing) relationships(bundled []Identity, part bool) *element {
	e := makeElement(UpdateNamespace, "Relationships")
	if len(b.Superseded) > 0 && !part {
		e.add(makeElement(UpdateNamespace, "SupersededUpdates").add(identityElements(b.Superseded)...))
	}
	products := b.options.Products
	if len(products) == 0 {
		products = []uuid.UUID{LocallyPublishedPackages}
	}
	e.add(makeElement(UpdateNamespace, "Prerequisites").add(atLeastOne(true, products), atLeastOne(true, b.class())))
	prerequisites := e.children[len(e.children)-1]
	if b.RestrictToClientServicingAPI {
		prerequisites.add(atLeastOne(false, []uuid.UUID{ServicingConsumer}))
	}
	for _, clause := range b.Prerequisites {
		prerequisites.add(atLeastOne(false, clause))
	}
	if len(bundled) > 0 {
		members := makeElement(UpdateNamespace, "AtLeastOne")
		for _, m := range bundled {
			members.add(makeElement(UpdateNamespace, "UpdateIdentity", "UpdateID", m.UpdateID.String(), "RevisionNumber",
				strconv.FormatInt(int64(m.Revision), 10)))
		}
		e.add(makeElement(UpdateNamespace, "BundledUpdates").add(members))
	}
	return e
}

// class is empty for hotfixes, whose clause the transform leaves empty.
func (p *Package) class() []uuid.UUID {
	if p.Application {
		return []uuid.UUID{Applications}
	}
	if id, _ := classificationID(p.Classification); id != uuid.Nil {
		return []uuid.UUID{id}
	}
	return nil
}

func atLeastOne(category bool, ids []uuid.UUID) *element {
	e := makeElement(UpdateNamespace, "AtLeastOne")
	if category {
		e.set("IsCategory", "true")
	}
	return e.add(identityElements(ids)...)
}

func identityElements(ids []uuid.UUID) []*element {
	out := make([]*element, len(ids))
	for i, id := range ids {
		out[i] = makeElement(UpdateNamespace, "UpdateIdentity", "UpdateID", id.String())
	}
	return out
}
