package metadata

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// PublishOptions is what a server adds to a package that it publishes. The zero value works.
type PublishOptions struct {
	// PublisherID names the server.
	PublisherID uuid.UUID
	// Revision is 1 when it is 0. Parts of a bundle have the same.
	Revision int32
	// Products are the ids of the categories that stand for the vendor's products on the server; Locally Published Packages when
	// there are none.
	Products []uuid.UUID
	// Files are the payloads of an item by its id: the signed cabinet that the publisher made of its OriginFile, with a SHA-256,
	// without which agents since Windows 8 refuse it. An item that is not in it lists its OriginFile as it is.
	Files map[uuid.UUID][]File
	// BundledRevisions are those of the updates that a package bundles; 1 for one that is not in it.
	BundledRevisions map[uuid.UUID]int32
}

// Published are the update documents of a package, in UTF-8.
type Published struct {
	Document []byte
	// Parts are the documents of the items when the package has several, in their order. Document bundles them.
	Parts [][]byte
	// Lost says what the documents do not carry.
	Lost []Loss
}

// Update makes the update documents of the package, as WSUS transforms packages that it publishes. An update may be removed and
// installed by its only item; several items become updates of their own, each with the package's rules besides its own, in one
// clause of a bundle that has no rules. An error names all that is wrong with the package.
func (p *Package) Update(o PublishOptions) (*Published, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("publish package %s: %w", p.PackageID, err)
	}
	if o.Revision == 0 {
		o.Revision = 1
	}
	b := publishing{Package: p, options: o}
	item := &InstallableItem{}
	var parts []Identity
	out := &Published{}
	switch len(p.Items) {
	case 0:
		item.Rules = p.Rules
	case 1:
		item = b.combined(&p.Items[0])
	default:
		for i := range p.Items {
			part := b.combined(&p.Items[i])
			doc, err := b.finish(b.document(part.ID, part, nil, true))
			if err != nil {
				return nil, fmt.Errorf("publish item %s: %w", part.ID, err)
			}
			out.Parts = append(out.Parts, doc)
			parts = append(parts, Identity{part.ID, o.Revision})
			item.Languages = union(item.Languages, part.Languages)
		}
	}
	for _, id := range p.Bundled {
		parts = append(parts, Identity{id, max(1, o.BundledRevisions[id])})
	}
	var err error
	if out.Document, err = b.finish(b.document(p.PackageID, item, parts, false)); err != nil {
		return nil, fmt.Errorf("publish package %s: %w", p.PackageID, err)
	}
	out.Lost = p.lost(o)
	return out, nil
}

// publishing is one package on its way.
type publishing struct {
	*Package
	options PublishOptions
}

// finish writes a document and reads it again: what Parse would refuse is refused here.
func (b *publishing) finish(root *element) ([]byte, error) {
	doc := []byte(composed(root, UpdateNamespace, xsiNamespace, vendorCommand, vendorPatch, vendorPSF))
	_, err := Parse(doc)
	return doc, err
}

// combined is the item with the rules of the package besides its own.
func (b *publishing) combined(item *InstallableItem) *InstallableItem {
	out := *item
	out.Rules.IsInstalled = both(b.Rules.IsInstalled, item.Rules.IsInstalled)
	out.Rules.IsSuperseded = both(b.Rules.IsSuperseded, item.Rules.IsSuperseded)
	out.Rules.IsInstallable = both(b.Rules.IsInstallable, item.Rules.IsInstallable)
	return &out
}

func both(a, b Markup) Markup {
	if a.IsZero() {
		return b
	}
	if b.IsZero() {
		return a
	}
	return Markup{makeElement(vendorLogical, "And").add(a.e, b.e)}
}

// document makes the update of an item, or of the whole package. Parts are not for administrators to approve, and what they
// replace the bundle replaces.
func (b *publishing) document(id uuid.UUID, item *InstallableItem, bundled []Identity, part bool) *element {
	root := makeElement(UpdateNamespace, "Update")
	root.add(makeElement(UpdateNamespace, "UpdateIdentity", "UpdateID", id.String(), "RevisionNumber",
		strconv.FormatInt(int64(b.options.Revision), 10)))
	files := b.files(item)
	root.add(b.properties(item, files, part))
	texts := makeElement(UpdateNamespace, "LocalizedPropertiesCollection")
	for _, t := range b.Texts {
		e := makeElement(UpdateNamespace, "LocalizedProperties")
		e.texts("Language", t.Languages[0])
		e.texts("Title", t.Title)
		if t.Description != "" {
			e.texts("Description", t.Description)
		}
		texts.add(e)
	}
	root.add(texts, b.relationships(bundled, part), item.Rules.whole(UpdateNamespace))
	if len(files) > 0 {
		list := makeElement(UpdateNamespace, "Files")
		for i := range files {
			list.add(files[i].element())
		}
		root.add(list)
	}
	return root.add(item.handlerData())
}

func (b *publishing) files(item *InstallableItem) []File {
	files, ok := b.options.Files[item.ID]
	if !ok {
		for _, f := range item.Files {
			files = append(files, f.File)
		}
	}
	files = slices.Clone(files)
	if _, patch := item.Installer.(*WindowsInstallerPatch); patch {
		for i := range files {
			files[i].PatchingType = "SelfContained"
		}
	}
	return files
}

func (f *File) element() *element {
	e := makeElement(UpdateNamespace, "File", "Digest", base64.StdEncoding.EncodeToString(f.SHA1[:]), "DigestAlgorithm", "SHA1",
		"FileName", f.Name, "Size", strconv.FormatInt(f.Size, 10))
	if !f.Modified.IsZero() {
		e.set("Modified", timeText(f.Modified))
	}
	e.setIf("PatchingType", f.PatchingType)
	e.setIf("PatchingTypePreferred", f.PatchingTypePreferred)
	return e.add(f.digestElement(UpdateNamespace))
}

// union appends what is not there yet.
func union(to, more []string) []string {
	for _, s := range more {
		if !slices.Contains(to, s) {
			to = append(to, s)
		}
	}
	return to
}
