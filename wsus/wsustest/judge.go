package wsustest

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// judge compares one answer with its request and with what came before, before the cache changes. It returns the new revisions as the cache
// takes them, each once.
func (p *pass) judge(request clientsync.SyncParameters, answer clientsync.SyncInfo) []*Revision {
	a := p.agent
	listed := listedIn(request)
	if len(answer.NewUpdates) > a.computer.MaxPage {
		a.findf("sync-page-size", "%s: the answer holds %d updates; WSUS truncates at %d", p, len(answer.NewUpdates), a.computer.MaxPage)
	}
	if answer.Truncated && len(answer.NewUpdates) == 0 {
		a.findf("sync-empty-page", "%s: Truncated is true, yet NewUpdates is empty: an agent would ask for ever", p)
	}
	if len(answer.NewCookie.EncryptedData) == 0 {
		a.findf("sync-new-cookie", "%s: the answer has no NewCookie", p)
	}
	fresh := p.judgeNew(listed, answer)
	p.judgeGone(request, listed, fresh, answer)
	p.judgeChanged(listed, answer)
	p.judgePrerequisites(request, fresh)
	p.judgeLeaves(fresh, answer)
	p.judgeDeploymentIDs(fresh)
	return fresh
}

// String says which answer is meant.
func (p *pass) String() string {
	switch {
	case p.drivers:
		return "driver pass, trip " + strconv.Itoa(p.trip)
	case len(p.filter) > 0:
		return "category scan, trip " + strconv.Itoa(p.trip)
	default:
		return "software pass, trip " + strconv.Itoa(p.trip)
	}
}

func listedIn(request clientsync.SyncParameters) map[int32]bool {
	listed := map[int32]bool{}
	for _, list := range [][]int32{request.InstalledNonLeafUpdateIDs, request.OtherCachedUpdateIDs, request.CachedDriverIDs} {
		for _, id := range list {
			listed[id] = true
		}
	}
	return listed
}

func (p *pass) judgeNew(listed map[int32]bool, answer clientsync.SyncInfo) []*Revision {
	a := p.agent
	byUpdate := map[uuid.UUID]*Revision{}
	for _, r := range a.cache {
		if r.core != nil && !slices.Contains(answer.OutOfScopeRevisionIDs, r.ID) {
			byUpdate[r.core.UpdateID] = r
		}
	}
	var fresh []*Revision
	here := map[int32]bool{}
	for _, u := range answer.NewUpdates {
		r := &Revision{ID: u.ID, Leaf: u.IsLeaf, Deployment: u.Deployment, XML: u.XML}
		core, err := metadata.ParseCore(u.XML)
		switch {
		case u.ID <= 0:
			a.findf("sync-core", "%s: revision id %d is not positive", p, u.ID)
		case u.XML == "":
			a.findf("sync-core", "%s: new update %d has no Xml", p, u.ID)
		case err != nil:
			a.findf("sync-core", "%s: the Xml of %d is no Core fragment: %v", p, u.ID, err)
		default:
			r.core = core
		}
		switch {
		case here[u.ID]:
			a.findf("sync-once", "%s: %v is in the answer twice (0x80240013)", p, r)
			continue
		case listed[u.ID]:
			a.findf("sync-once", "%s: %v is in NewUpdates although the request lists it as cached", p, r)
			continue
		case p.outside[u.ID]:
			a.findf("sync-once", "%s: %v is in NewUpdates after it was called deployed out of scope, which agents keep", p, r)
		}
		here[u.ID] = true
		p.judgeDeployment(r)
		p.judgeKind(r)
		if r.core != nil {
			if other := byUpdate[core.UpdateID]; other != nil && other.ID != r.ID && !p.outside[other.ID] {
				a.findf("sync-one-revision", "%s: %v arrives while %v of the same update is deployed; clients get the highest only (0x80240013)",
					p, r, other)
			}
			byUpdate[core.UpdateID] = r
		}
		fresh = append(fresh, r)
	}
	return fresh
}

// judgeDeployment is for the element that native agents fail without (0x80070057).
func (p *pass) judgeDeployment(r *Revision) {
	d := r.Deployment
	switch {
	case d.Action == "" && d.ID == 0:
		p.agent.findf("sync-deployment", "%s: %v has no Deployment; an agent ends with 0x80070057", p, r)
		return
	case d.ID <= 0:
		p.agent.findf("sync-deployment", "%s: the Deployment of %v has the id %d, want a positive one", p, r, d.ID)
	}
	if d.LastChangeTime.IsZero() {
		p.agent.findf("sync-deployment", "%s: the Deployment of %v has no LastChangeTime", p, r)
	}
	actions := []clientsync.Action{clientsync.OptionalInstall, clientsync.Install, clientsync.Uninstall, clientsync.PreDeploymentCheck,
		clientsync.Evaluate, clientsync.Bundle}
	if !slices.Contains(actions, d.Action) {
		p.agent.findf("sync-action", "%s: %v has the action %q, want one of %v", p, r, d.Action, actions)
	}
}

// judgeKind is for actions and passes that do not fit the type of an update.
func (p *pass) judgeKind(r *Revision) {
	if r.core == nil {
		return
	}
	group := r.core.Type == metadata.Category || r.core.Type == metadata.Detectoid
	switch {
	case group && r.Deployment.Action != clientsync.Evaluate && r.Deployment.Action != "":
		p.agent.findf("sync-action", "%s: %s %v has the action %s; it is Evaluate always", p, r.core.Type, r, r.Deployment.Action)
	case p.drivers && !r.isDriver():
		p.agent.findf("driver-only", "%s: %v is %s; a driver pass brings drivers only", p, r, r.core.Type)
	case !p.drivers && r.isDriver():
		p.agent.findf("driver-only", "%s: %v is a driver; drivers come in the driver pass", p, r)
	}
}
