package wsustest

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// judgeGone wants out of scope only what the request listed, and nothing that was delivered a moment ago and still has its prerequisites.
func (p *pass) judgeGone(request clientsync.SyncParameters, listed map[int32]bool, fresh []*Revision, answer clientsync.SyncInfo) {
	a := p.agent
	installed := p.installedIn(request)
	for _, list := range [][]int32{answer.OutOfScopeRevisionIDs, answer.DeployedOutOfScopeRevisionIDs} {
		for _, id := range list {
			switch {
			case slices.ContainsFunc(fresh, func(r *Revision) bool { return r.ID == id }):
				a.findf("sync-out-of-scope", "%s: %d is new and out of scope in the same answer", p, id)
			case !listed[id]:
				a.findf("sync-out-of-scope", "%s: %d is out of scope, yet the request does not list it", p, id)
			}
		}
	}
	for _, id := range answer.OutOfScopeRevisionIDs {
		r := a.cache[id]
		if trip, now := p.delivered[id]; now && r != nil && r.core != nil && unsatisfied(r.core, installed) == nil {
			a.findf("sync-out-of-scope", "%s: %v is out of scope although it was delivered in trip %d and has its prerequisites", p, r, trip)
		}
	}
}

// judgeChanged wants changes of what the request listed, without metadata, and each once: the cookie says what the agent has seen. What
// comes in the first trip may repeat what the cache has, since a server that got no old cookie cannot know.
func (p *pass) judgeChanged(listed map[int32]bool, answer clientsync.SyncInfo) {
	a := p.agent
	for _, u := range answer.ChangedUpdates {
		r := a.cache[u.ID]
		switch {
		case !listed[u.ID] || r == nil:
			a.findf("sync-changed", "%s: ChangedUpdates names %d, which the request does not list", p, u.ID)
			continue
		case u.XML != "":
			a.findf("sync-changed", "%s: ChangedUpdates gives %v with Xml", p, r)
		case u.Deployment.Action == "" || u.Deployment.LastChangeTime.IsZero():
			a.findf("sync-deployment", "%s: ChangedUpdates gives %v without a complete Deployment", p, r)
		}
		same := u.IsLeaf == r.Leaf && sameDeployment(u.Deployment, r.Deployment)
		if same && (p.trip > 1 || p.delivered[u.ID] > 0) {
			a.findf("sync-anchor", "%s: ChangedUpdates names %v, which has not changed: the anchor in the cookie is not kept", p, r)
		}
	}
}

func sameDeployment(d, e clientsync.Deployment) bool {
	return d.ID == e.ID && d.Action == e.Action && d.IsAssigned == e.IsAssigned && d.Deadline.Equal(e.Deadline) &&
		d.LastChangeTime.Equal(e.LastChangeTime) && slices.Equal(d.HardwareIDs, e.HardwareIDs)
}

// installedIn are the updates that the request names as installed.
func (p *pass) installedIn(request clientsync.SyncParameters) map[uuid.UUID]bool {
	installed := map[uuid.UUID]bool{}
	for _, id := range request.InstalledNonLeafUpdateIDs {
		if r := p.agent.cache[id]; r != nil && r.core != nil {
			installed[r.core.UpdateID] = true
		}
	}
	return installed
}

// unsatisfied returns the first clause without an installed member; nil when there is none.
func unsatisfied(core *metadata.Core, installed map[uuid.UUID]bool) *metadata.Clause {
	for _, clause := range core.Relationships.Prerequisites {
		met := slices.ContainsFunc(clause.Members, func(m metadata.Identity) bool { return installed[m.UpdateID] })
		if !met {
			return &clause
		}
	}
	return nil
}

func (p *pass) judgePrerequisites(request clientsync.SyncParameters, fresh []*Revision) {
	installed := p.installedIn(request)
	if p.drivers { // what a driver waits for was found in the software pass
		for _, r := range p.agent.cache {
			if r.core != nil && !r.Leaf && !r.isDriver() {
				installed[r.core.UpdateID] = true
			}
		}
	}
	for _, r := range fresh {
		if r.core == nil {
			continue
		}
		if clause := unsatisfied(r.core, installed); clause != nil {
			p.agent.findf("sync-prerequisites", "%s: %v came too early: the request names none of its prerequisites %s as installed",
				p, r, membersOf(*clause))
		}
	}
}

func membersOf(c metadata.Clause) string {
	text := ""
	for i, m := range c.Members {
		if i > 0 {
			text += " or "
		}
		text += m.UpdateID.String()
	}
	return text
}

// judgeLeaves knows of an update that it is no leaf as soon as anybody names it as a prerequisite. That nobody at all does cannot be seen
// from outside, so a leaf that is called none is not found.
func (p *pass) judgeLeaves(fresh []*Revision, answer clientsync.SyncInfo) {
	a := p.agent
	revisions := slices.Concat(slices.Collect(maps.Values(a.cache)), fresh)
	named := map[uuid.UUID]*Revision{}
	for _, r := range revisions {
		if r.core == nil {
			continue
		}
		for _, clause := range r.core.Relationships.Prerequisites {
			for _, m := range clause.Members {
				named[m.UpdateID] = r
			}
		}
	}
	corrected := map[int32]bool{} // the answer itself may say that something is no leaf any more, or take it away
	for _, u := range answer.ChangedUpdates {
		corrected[u.ID] = !u.IsLeaf
	}
	for _, id := range answer.OutOfScopeRevisionIDs {
		corrected[id] = true
	}
	for _, r := range revisions {
		if r.core == nil || !r.Leaf || corrected[r.ID] {
			continue
		}
		if by := named[r.core.UpdateID]; by != nil {
			a.findf("sync-leaf", "%v has IsLeaf true although %v names it as a prerequisite: an agent never lists it as installed", r, by)
		}
	}
}

// judgeDeploymentIDs wants an id to mean one deployment of one revision.
func (p *pass) judgeDeploymentIDs(fresh []*Revision) {
	owner := map[int32]*Revision{}
	for _, r := range p.agent.cache {
		owner[r.Deployment.ID] = r
	}
	for _, r := range fresh {
		if other := owner[r.Deployment.ID]; other != nil && other.ID != r.ID && r.Deployment.ID > 0 {
			p.agent.findf("sync-deployment-id", "%s: deployment id %d of %v is also that of %v", p, r.Deployment.ID, r, other)
		}
		owner[r.Deployment.ID] = r
	}
}
