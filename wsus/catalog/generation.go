package catalog

import (
	"iter"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Generation is one state of the catalogue. It never changes and is safe for concurrent use; it can be read until its Catalog
// is closed.
type Generation struct {
	number    int64
	nextID    int32
	revisions []*Revision // by id
	segments  []segment
	// lacksDrivers says that the index is of the time before drivers were kept; see readDrivers.
	lacksDrivers bool

	byIdentity map[metadata.Identity]*Revision
	latest     map[uuid.UUID]*Revision
	dependents map[uuid.UUID][]*Revision
	files      map[content.SHA1]content.Ref
}

// Number is the version of the catalogue's content. It grows by one with every import that adds something, from 0 for an empty
// catalogue.
func (g *Generation) Number() int64 { return g.number }

// Len is how many revisions there are.
func (g *Generation) Len() int { return len(g.revisions) }

// All yields every revision in the order of ids, which is that of arrival.
func (g *Generation) All() iter.Seq[*Revision] { return slices.Values(g.revisions) }

// Revision returns the revision with an id.
func (g *Generation) Revision(id int32) (*Revision, bool) {
	i, ok := slices.BinarySearchFunc(g.revisions, id, func(r *Revision, id int32) int { return int(r.ID) - int(id) })
	if !ok {
		return nil, false
	}
	return g.revisions[i], true
}

// ByIdentity returns exactly the revision that an identity names.
func (g *Generation) ByIdentity(id metadata.Identity) (*Revision, bool) {
	r, ok := g.byIdentity[id]
	return r, ok
}

// Latest returns the revision of an update that is in force: the one with the highest revision number. When that one has
// expired the update has, and no older revision takes its place.
func (g *Generation) Latest(updateID uuid.UUID) (*Revision, bool) {
	r, ok := g.latest[updateID]
	return r, ok
}

// Dependents returns the revisions that name an update as a prerequisite, in the order of ids. The caller must not change the
// slice.
func (g *Generation) Dependents(updateID uuid.UUID) []*Revision { return g.dependents[updateID] }

// File returns what the metadata says of a file, from whichever revision says most.
func (g *Generation) File(sha1 content.SHA1) (content.Ref, bool) {
	ref, ok := g.files[sha1]
	return ref, ok
}
