package wsustest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// positive reads a positive number; 0 means that it is none.
func positive(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// scan lets the agent scan twice: from nothing, and again as it would the next day.
func scan(e *examination) {
	first, err := e.agent.Scan(e.ctx)
	e.result.Trips, e.result.Updates = first.Trips, len(first.New)
	if err != nil {
		if errors.Is(err, clientsync.ErrTooManyTrips) {
			err = fmt.Errorf("%w (0x80244010)", err)
		}
		e.failf("%v", err)
	}
	e.scanned = len(first.New) > 0
	if e.scanned && e.result.Trips < clientsync.DefaultMaxTrips {
		e.scanAgain()
	}
	pass := &pass{agent: e.agent}
	if e.last, err = pass.request(e.ctx); err != nil {
		e.blockf("evaluate: %v", err)
	}
}

// scanAgain wants nothing of a second scan: the first has brought it all, and nothing has changed since.
func (e *examination) scanAgain() {
	again, err := e.agent.Scan(e.ctx)
	switch {
	case err != nil:
		e.failf("a second scan: %v", err)
	case len(again.New) > 0:
		e.failf("a second scan brings %d updates that the first did not, %d among them", len(again.New), again.New[0])
	case len(again.Gone) > 0:
		e.failf("a second scan takes %d updates back that the first brought, %d among them", len(again.Gone), again.Gone[0])
	}
	if n := len(again.Changed); err == nil && n > 0 {
		e.agent.findf("sync-anchor", "a second scan tells %d updates as changed, %d among them, although nothing has changed", n, again.Changed[0])
	}
}

// wantScan skips the check that runs when there is nothing to look at.
func (e *examination) wantScan() bool {
	if len(e.agent.cache) == 0 {
		e.skipf("the scan has left no updates in the cache")
		return false
	}
	return true
}

// ask makes one call with the agent's cookie, outside of its cache.
func (e *examination) ask(p clientsync.SyncParameters) (clientsync.SyncInfo, bool) {
	answer, err := e.agent.Session().SyncUpdates(e.ctx, p)
	if err != nil {
		e.failf("%v", err)
	}
	return answer, err == nil
}

// bundles wants the members of what was delivered. One that waits for a prerequisite that the computer lacks may be missing.
func bundles(e *examination) {
	if !e.wantScan() {
		return
	}
	held := map[uuid.UUID]*Revision{}
	for _, r := range e.agent.Cache() {
		if r.core != nil {
			held[r.core.UpdateID] = r
		}
	}
	seen := false
	for _, r := range held {
		for _, clause := range r.core.Relationships.Bundled {
			seen = true
			there := slices.DeleteFunc(slices.Clone(clause.Members), func(m metadata.Identity) bool { return held[m.UpdateID] == nil })
			if len(there) == 0 && e.complete() {
				e.failf("%v is a bundle of %s, none of which was delivered", r, membersOf(clause))
			}
			for _, m := range there {
				if action := held[m.UpdateID].Deployment.Action; action != clientsync.Bundle {
					e.failf("%v is a member of the bundle %v and has the action %q, want Bundle", held[m.UpdateID], r, action)
				}
			}
		}
	}
	if !seen {
		e.skipf("the scan has brought no bundle")
	}
}

// complete says that the computer is one on which whatever was delivered satisfies prerequisites, so that nothing waits.
func (e *examination) complete() bool {
	return e.config.playsEverything && e.result.Trips < clientsync.DefaultMaxTrips
}

// mostInstalled is how many installed ids a probe names; servers refuse more than 400.
const mostInstalled = 390

// leaves says of what is called a leaf that it is installed, which no agent does. Whatever comes only then names it as a prerequisite: an agent
// that believes IsLeaf never sees those updates.
func leaves(e *examination) {
	if !e.wantScan() {
		return
	}
	p := e.last
	p.OtherCachedUpdateIDs, p.InstalledNonLeafUpdateIDs = nil, slices.Clone(p.InstalledNonLeafUpdateIDs)
	claimed := map[uuid.UUID]*Revision{}
	for _, id := range e.last.OtherCachedUpdateIDs {
		r := e.agent.cache[id]
		if r == nil || r.core == nil || !r.Leaf || len(p.InstalledNonLeafUpdateIDs) >= mostInstalled {
			p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, id)
			continue
		}
		claimed[r.core.UpdateID] = r
		p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, id)
	}
	answer, ok := e.ask(p)
	if !ok {
		return
	}
	for _, u := range answer.NewUpdates {
		core, err := metadata.ParseCore(u.XML)
		if err != nil {
			continue // sync-core has seen such before
		}
		for _, clause := range core.Relationships.Prerequisites {
			for _, m := range clause.Members {
				if r := claimed[m.UpdateID]; r != nil {
					e.failf("%v has IsLeaf true although %d (%s;%d) names it as a prerequisite: an agent never lists it as installed, and never sees %[2]d",
						r, u.ID, core.UpdateID, core.Revision)
				}
			}
		}
	}
}

func unknownID(e *examination) {
	if !e.wantScan() {
		return
	}
	const unknown = 2147480001
	p := e.last
	p.OtherCachedUpdateIDs = append(slices.Clone(p.OtherCachedUpdateIDs), unknown)
	answer, ok := e.ask(p)
	if ok && !slices.Contains(answer.OutOfScopeRevisionIDs, unknown) {
		e.failf("the id %d, which no server has, is not out of scope; the answer names %v", unknown, shortened(answer.OutOfScopeRevisionIDs))
	}
	for _, id := range answer.OutOfScopeRevisionIDs {
		if id != unknown {
			e.failf("%d is out of scope when an unknown id is asked along with it", id)
		}
	}
}

// lostPrerequisites says that nothing is installed any more. What has prerequisites must go then, and what has none must stay.
func lostPrerequisites(e *examination) {
	if !e.wantScan() {
		return
	}
	p := clientsync.SyncParameters{NeedTwoGroupOutOfScopeUpdates: true}
	var gone, kept []*Revision
	for _, r := range e.agent.Cache() {
		if r.core == nil || r.isDriver() {
			continue
		}
		p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, r.ID)
		if len(r.core.Relationships.Prerequisites) > 0 {
			gone = append(gone, r)
		} else {
			kept = append(kept, r)
		}
	}
	if len(gone) == 0 {
		e.skipf("nothing that was delivered has prerequisites")
		return
	}
	answer, ok := e.ask(p)
	if !ok {
		return
	}
	out := map[int32]bool{}
	for _, id := range answer.OutOfScopeRevisionIDs {
		out[id] = true
	}
	for _, r := range gone {
		if !out[r.ID] {
			e.failf("%v stays in scope although nothing is installed and it waits for %s", r, membersOf(r.core.Relationships.Prerequisites[0]))
		}
	}
	for _, r := range kept {
		if out[r.ID] {
			e.failf("%v goes out of scope although it waits for nothing", r)
		}
	}
}

func syncParameters(e *examination) {
	if !e.wantScan() {
		return
	}
	_, err := e.agent.Session().SyncUpdates(e.ctx, clientsync.SyncParameters{SystemSpec: []clientsync.Device{noDevice()}})
	e.wantFault("SystemSpec without SkipSoftwareSync", err, clientsync.InvalidParameters)
	_, err = e.post(clientsync.ClientPath, clientsync.ClientNamespace, "SyncUpdates", cookieXML(e.agent.Session().State.Cookie))
	e.wantFault("SyncUpdates without parameters", err, clientsync.InvalidParameters)
}

// shortened keeps a list of ids readable.
func shortened(ids []int32) string {
	if len(ids) > 10 {
		return fmt.Sprintf("%v and %d more", ids[:10], len(ids)-10)
	}
	return fmt.Sprint(ids)
}
