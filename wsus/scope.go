package wsus

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// scope is the deployed set D of MS-WUSP §3.1.5.7 for one combination of target groups: every revision that its computers may
// get, with its deployment, and the relationships as indexes, so that a request is answered with bit sets.
type scope struct {
	view    *view
	reach   reach
	entries []entry // ordered: non-leaf first, then by revision id
	// byRevision maps a revision id to its entry, or -1.
	byRevision []int32
	// deliverable knows the entries of the software pass by their prerequisites.
	deliverable deliverable
	drivers     bool
	// A client that has seen both of these has heard of every change.
	leafChanged, sequence int64
	filters               filterCache
	rooms                 sync.Pool // of *syncRoom
}

// entry is one revision of a scope.
type entry struct {
	revision   *catalog.Revision
	deployment clientsync.Deployment
	// A client must hear of the entry when it has seen neither of these: the generation in which its leaf flag last changed, and the
	// newest approval that concerns it.
	leafChanged, sequence int64
	// prerequisites are clauses of entry indexes. An alternative that is not in scope cannot satisfy and is left out.
	prerequisites [][]int32
	bundled       [][]int32
}

// implicitDeployments is where the ids of deployments that nobody approved begin: this plus the revision id. Approvals are
// numbered from 1 and revisions from 1, so the two never meet below it.
const implicitDeployments = 1 << 30

func newScope(v *view, groups []uuid.UUID) *scope {
	sc := &scope{view: v, reach: v.tree.reach(groups)}
	actions := sc.deployedActions()
	sc.order(actions)
	builder := newDeliverableBuilder(len(sc.entries))
	for i := range sc.entries {
		e := &sc.entries[i]
		e.deployment = sc.deployment(e.revision, actions[e.revision.ID])
		e.leafChanged, e.sequence = e.revision.LeafChanged, sc.view.sequenceFor(e.revision.UpdateID, sc.reach)
		sc.leafChanged, sc.sequence = max(sc.leafChanged, e.leafChanged), max(sc.sequence, e.sequence)
		e.prerequisites = sc.clauses(e.revision.Prerequisites)
		e.bundled = sc.clauses(e.revision.Bundled)
		// Everything but drivers comes in the software pass: real servers send categories and detectoids in it too, though the text of
		// the specification names software only.
		if e.revision.Type != metadata.Driver {
			builder.add(int32(i), e.prerequisites)
		}
	}
	sc.deliverable = builder.build(len(sc.entries))
	sc.rooms.New = func() any { return newSyncRoom(sc) }
	return sc
}

// deployedActions walks from what is offered or asked about to all that it depends on.
func (sc *scope) deployedActions() map[int32]clientsync.Action {
	actions := make(map[int32]clientsync.Action)
	var queue []*catalog.Revision
	reach := func(r *catalog.Revision, a clientsync.Action) {
		if _, seen := actions[r.ID]; !seen {
			actions[r.ID] = a
			queue = append(queue, r)
		}
	}
	for r := range sc.view.generation.All() {
		if a, ok := sc.view.rootAction(r, sc.reach); ok {
			reach(r, a)
		}
	}
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		for _, clause := range r.Prerequisites {
			for _, m := range clause.Members {
				if p, ok := sc.view.deployedRevision(m.UpdateID, sc.reach); ok && !sc.view.declined[m.UpdateID] {
					reach(p, dependencyAction(p))
				}
			}
		}
		for _, clause := range r.Bundled {
			for _, m := range clause.Members {
				if b, ok := sc.view.generation.ByIdentity(m); ok {
					reach(b, clientsync.Bundle)
				}
			}
		}
	}
	return actions
}

// rootAction says with what action a revision is deployed by itself, if at all. What has expired is only ever removed.
func (v *view) rootAction(r *catalog.Revision, groups reach) (clientsync.Action, bool) {
	if r.Type != metadata.Software || r.BundledIn || v.declined[r.UpdateID] {
		return "", false
	}
	if deployed, ok := v.deployedRevision(r.UpdateID, groups); !ok || deployed.ID != r.ID {
		return "", false
	}
	action := NotApproved
	if a, ok := v.approvalFor(r.UpdateID, groups); ok {
		action = a.Action
	}
	switch {
	case action == Uninstall:
		return clientsync.Uninstall, true
	case r.Expired:
		return "", false
	case action == Install:
		return clientsync.Install, true
	case action == OptionalInstall:
		return clientsync.OptionalInstall, true
	}
	return clientsync.PreDeploymentCheck, true
}

// deployedRevision is the one revision of an update that computers may get: the one in force, or an older one as long as the approval
// that counts is stale. When the one in force has expired the update has.
func (v *view) deployedRevision(update uuid.UUID, groups reach) (*catalog.Revision, bool) {
	latest, ok := v.generation.Latest(update)
	if !ok || latest.Expired || len(v.approvals[update]) == 0 {
		return latest, ok
	}
	a, ok := v.approvalFor(update, groups)
	if !ok || a.Revision == 0 || a.Revision >= latest.Revision || rank(a.Action) > rank(OptionalInstall) {
		return latest, true
	}
	if approved, ok := v.generation.ByIdentity(metadata.Identity{UpdateID: update, Revision: a.Revision}); ok {
		return approved, true
	}
	return latest, true
}

func dependencyAction(r *catalog.Revision) clientsync.Action {
	if r.BundledIn {
		return clientsync.Bundle
	}
	return clientsync.Evaluate
}

// order lays the entries out as pages are cut: what others wait for comes first.
func (sc *scope) order(actions map[int32]clientsync.Action) {
	var highest int32
	var leaves []entry
	for r := range sc.view.generation.All() {
		if _, ok := actions[r.ID]; !ok {
			continue
		}
		highest = max(highest, r.ID)
		if r.Type == metadata.Driver {
			sc.drivers = true
		}
		if r.Leaf {
			leaves = append(leaves, entry{revision: r})
		} else {
			sc.entries = append(sc.entries, entry{revision: r})
		}
	}
	sc.entries = append(sc.entries, leaves...)
	sc.byRevision = make([]int32, highest+1)
	for i := range sc.byRevision {
		sc.byRevision[i] = -1
	}
	for i, e := range sc.entries {
		sc.byRevision[e.revision.ID] = int32(i)
	}
}

func (sc *scope) deployment(r *catalog.Revision, a clientsync.Action) clientsync.Deployment {
	d := clientsync.Deployment{
		ID:             implicitDeployments + r.ID,
		Action:         a,
		IsAssigned:     true,
		LastChangeTime: r.CreationDate,
	}
	if d.LastChangeTime.IsZero() {
		d.LastChangeTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if approval, ok := sc.view.approvalFor(r.UpdateID, sc.reach); ok && r.Type == metadata.Software && !r.BundledIn {
		d.ID, d.Deadline, d.LastChangeTime = approval.DeploymentID, approval.Deadline, approval.Changed
	}
	return d
}

// changedSince tells whether a client with this anchor has not heard of the entry as it is now. Anchor 0 has heard of nothing.
func (e *entry) changedSince(anchor int64) bool {
	generation, sequence := splitAnchor(anchor)
	return e.leafChanged > generation || e.sequence > sequence
}

// changedSince tells whether anything at all has changed for a client with this anchor.
func (sc *scope) changedSince(anchor int64) bool {
	generation, sequence := splitAnchor(anchor)
	return sc.leafChanged > generation || sc.sequence > sequence
}

func (sc *scope) clauses(in []metadata.Clause) [][]int32 {
	out := make([][]int32, 0, len(in))
	for _, clause := range in {
		members := make([]int32, 0, len(clause.Members))
		for _, m := range clause.Members {
			if i, ok := sc.indexOf(m); ok {
				members = append(members, i)
			}
		}
		out = append(out, members)
	}
	return out
}

// indexOf finds the entry that an identity of a clause means: an exact revision, or the deployed one when it names none.
func (sc *scope) indexOf(id metadata.Identity) (int32, bool) {
	r, ok := sc.view.generation.ByIdentity(id)
	if id.Revision == 0 {
		r, ok = sc.view.deployedRevision(id.UpdateID, sc.reach)
	}
	if !ok {
		return 0, false
	}
	return sc.entryOf(r.ID)
}

// entryOf returns the index of a revision id as a client sends it.
func (sc *scope) entryOf(id int32) (int32, bool) {
	if id < 0 || int(id) >= len(sc.byRevision) || sc.byRevision[id] < 0 {
		return 0, false
	}
	return sc.byRevision[id], true
}
