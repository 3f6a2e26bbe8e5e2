package catalog

import (
	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// newGeneration relates revisions, which are ordered by id and belong to nobody else yet, to each other.
func newGeneration(number int64, nextID int32, revisions []*Revision) *Generation {
	g := &Generation{
		number: number, nextID: nextID, revisions: revisions,
		byIdentity: make(map[metadata.Identity]*Revision, len(revisions)),
		latest:     make(map[uuid.UUID]*Revision, len(revisions)),
		dependents: make(map[uuid.UUID][]*Revision),
		files:      make(map[content.SHA1]content.Ref),
	}
	for _, r := range revisions {
		g.byIdentity[r.Identity] = r
		if best := g.latest[r.UpdateID]; best == nil || best.Revision < r.Revision {
			g.latest[r.UpdateID] = r
		}
		for _, f := range r.Files {
			if known, ok := g.files[f.SHA1]; !ok || known.SHA256.IsZero() {
				g.files[f.SHA1] = f
			}
		}
	}
	g.relatePrerequisites()
	g.relateBundles()
	g.relateSupersedence()
	return g
}

func (g *Generation) relatePrerequisites() {
	for _, r := range g.revisions {
		for _, clause := range r.Prerequisites {
			for _, m := range clause.Members {
				// A revision may name an update in several clauses; it is one dependent all the same.
				if known := g.dependents[m.UpdateID]; len(known) == 0 || known[len(known)-1] != r {
					g.dependents[m.UpdateID] = append(known, r)
				}
			}
		}
	}
	for _, r := range g.revisions {
		leaf := len(g.dependents[r.UpdateID]) == 0
		if r.Since == g.number || r.Leaf != leaf {
			r.LeafChanged = g.number
		}
		r.Leaf = leaf
	}
}

func (g *Generation) relateBundles() {
	for _, r := range g.revisions {
		r.BundledIn = false
	}
	for _, r := range g.revisions {
		for _, clause := range r.Bundled {
			for _, m := range clause.Members {
				if member, ok := g.byIdentity[m]; ok {
					member.BundledIn = true
				}
			}
		}
	}
}

func (g *Generation) relateSupersedence() {
	by := make(map[uuid.UUID][]uuid.UUID)
	for _, r := range g.revisions {
		if r.Expired || g.latest[r.UpdateID] != r {
			continue
		}
		for _, old := range r.Superseded {
			// An update may name another one repeatedly; it replaces it once.
			if known := by[old]; len(known) == 0 || known[len(known)-1] != r.UpdateID {
				by[old] = append(known, r.UpdateID)
			}
		}
	}
	for _, r := range g.revisions {
		r.SupersededBy = by[r.UpdateID]
	}
}

// next returns copies of the revisions of g, for the generation after it.
func (g *Generation) next() []*Revision {
	copies := make([]Revision, len(g.revisions))
	out := make([]*Revision, len(g.revisions), len(g.revisions)+1)
	for i, r := range g.revisions {
		copies[i] = *r
		out[i] = &copies[i]
	}
	return out
}
