package wsus

import (
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// explainBundle says which clauses of a bundle have no member that the computer gets: without one of each an agent has nothing to install.
func (e *explainer) explainBundle(x *Explanation, r *catalog.Revision) {
	for i, clause := range r.Bundled {
		if e.hasMember(clause, 0) {
			continue
		}
		reason := Reason{Kind: BundleIncomplete, Clause: i + 1}
		for _, m := range clause.Members {
			reason.Alternatives = append(reason.Alternatives, e.member(m, 0))
		}
		texts := reason.nameAlternatives()
		x.stop(Installable, reason, "It is a bundle, and the computer gets no member of part %d of %d, of which one must be installed: %s.",
			i+1, len(r.Bundled), texts)
	}
}

// hasMember says that the computer gets a member of a clause.
func (e *explainer) hasMember(clause metadata.Clause, depth int) bool {
	return slices.ContainsFunc(clause.Members, func(m metadata.Identity) bool { return e.member(m, depth).Kind == "" })
}

// member is how it stands with a member of a bundle, which is an exact revision, and with what that bundles itself.
func (e *explainer) member(m metadata.Identity, depth int) Alternative {
	a := Alternative{UpdateID: m.UpdateID}
	r, ok := e.view.generation.ByIdentity(m)
	if !ok {
		a.Kind = NotSynchronized
		return a
	}
	a.Title = r.Title
	i, ok := e.scope.entryOf(r.ID)
	if !ok {
		a.Kind = NotNeeded
		return a
	}
	a.Stage, a.Kind = e.stageOf(r, &e.scope.entries[i], true)
	whole := depth < maxBundleDepth || len(r.Bundled) == 0
	for _, clause := range r.Bundled {
		whole = whole && e.hasMember(clause, depth+1)
	}
	if a.Kind == "" && !whole {
		a.Kind = BundleIncomplete
	}
	return a
}
