package wsustest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Scan is what one scan brought.
type Scan struct {
	// Trips are round trips, those of the handshake among them.
	Trips int
	// New, Changed and Gone are revision ids: added to the cache, told as changed, and out of scope.
	New, Changed, Gone []int32
	// DriverPass says that the server was asked for drivers.
	DriverPass bool
}

// Scan brings the cache up to date: the software pass level by level, then the driver pass when the computer has devices and the server does
// not say that it is not needed (MS-WUSP §3.2.4). Faults are recovered from as the protocol asks. An error ends the scan; what was received
// until then is kept, and the next scan goes on from there.
func (a *Agent) Scan(ctx context.Context) (Scan, error) {
	a.session.Trips = 0
	return a.scan(ctx, nil)
}

// ScanCategories is a scan limited to categories that StartCategoryScan prefers of those requested; each is a group of its own. What it
// finds deployed outside of them stays in the cache. When the server prefers none, it is a whole scan.
func (a *Agent) ScanCategories(ctx context.Context, requested ...uuid.UUID) (Scan, error) {
	a.session.Trips = 0
	var relationships []clientsync.CategoryRelationship
	for i, id := range requested {
		relationships = append(relationships, clientsync.CategoryRelationship{IndexOfAndGroup: i, CategoryID: id})
	}
	answer, err := a.session.StartCategoryScan(ctx, relationships)
	if err != nil {
		return Scan{Trips: a.session.Trips}, fmt.Errorf("scan: %w", err)
	}
	return a.scan(ctx, answer.PreferredCategoryIDs)
}

// pass is one run of the loop: a software pass or a driver pass.
type pass struct {
	agent     *Agent
	facts     *applicability.Scan
	filter    []uuid.UUID
	drivers   bool
	trip      int
	delivered map[int32]int // in which trip of this pass
	outside   map[int32]bool
	result    *Scan
}

func (a *Agent) scan(ctx context.Context, filter []uuid.UUID) (Scan, error) {
	var result Scan
	p := &pass{agent: a, facts: a.judgeOfRules(), filter: filter, delivered: map[int32]int{}, outside: map[int32]bool{}, result: &result}
	notNeeded, err := p.run(ctx)
	if err == nil && !notNeeded && len(a.computer.Devices) > 0 {
		result.DriverPass = true
		d := *p
		d.drivers, d.trip, d.delivered = true, 0, map[int32]int{}
		_, err = d.run(ctx)
	}
	result.Trips = a.session.Trips
	if errors.Is(err, clientsync.ErrTooManyTrips) {
		a.findf("sync-trips", "after %d round trips the server still wants another; an agent gives up with 0x80244010", result.Trips)
	}
	if err != nil {
		return result, fmt.Errorf("scan: %w", err)
	}
	return result, nil
}

// run repeats SyncUpdates while the answer is truncated or brought something that can unlock more.
func (p *pass) run(ctx context.Context) (driversNotNeeded bool, err error) {
	for {
		request, err := p.request(ctx)
		if err != nil {
			return false, err
		}
		p.trip++
		p.agent.asking = true
		answer, err := p.agent.session.SyncUpdates(ctx, request)
		p.agent.asking = false
		if errors.Is(err, errRefreshed) {
			p.agent.session.State.RefreshPending = false
			p.trip, p.delivered = 0, map[int32]int{} // a server that knows nothing of the cache begins anew
			continue
		}
		if err != nil {
			return false, err
		}
		again := p.take(request, answer)
		if err := p.agent.checkSize(); err != nil || !again {
			return answer.DriverSyncNotNeeded, err
		}
	}
}

// request lists the cache as the protocol has it: installed ones that others wait for, drivers, and all the rest.
func (p *pass) request(ctx context.Context) (clientsync.SyncParameters, error) {
	a := p.agent
	r := clientsync.SyncParameters{SkipSoftwareSync: p.drivers, FilterCategoryIDs: p.filter, NeedTwoGroupOutOfScopeUpdates: true}
	for _, revision := range a.Cache() {
		switch {
		case p.outside[revision.ID]:
		case revision.isDriver():
			r.CachedDriverIDs = append(r.CachedDriverIDs, revision.ID)
		case revision.Leaf:
			r.OtherCachedUpdateIDs = append(r.OtherCachedUpdateIDs, revision.ID)
		default:
			state, err := a.evaluate(ctx, p.facts, revision)
			if err != nil {
				return r, err
			}
			if state == applicability.Installed {
				r.InstalledNonLeafUpdateIDs = append(r.InstalledNonLeafUpdateIDs, revision.ID)
			} else {
				r.OtherCachedUpdateIDs = append(r.OtherCachedUpdateIDs, revision.ID)
			}
		}
	}
	if p.drivers {
		r.SystemSpec, r.ComputerHardwareIDs = a.computer.Devices, a.computer.HardwareIDs
		r.FeatureScoreMatchingKey = a.computer.FeatureScoreMatchingKey
	}
	return r, nil
}

// take judges an answer, puts it into the cache and says whether to ask again.
func (p *pass) take(request clientsync.SyncParameters, answer clientsync.SyncInfo) bool {
	a := p.agent
	fresh := p.judge(request, answer)
	again := answer.Truncated
	for _, id := range answer.OutOfScopeRevisionIDs {
		delete(a.cache, id)
	}
	for _, id := range answer.DeployedOutOfScopeRevisionIDs {
		p.outside[id] = true
	}
	for _, u := range answer.ChangedUpdates {
		if r := a.cache[u.ID]; r != nil {
			again = again || r.Leaf && !u.IsLeaf
			r.Deployment, r.Leaf = u.Deployment, u.IsLeaf
		}
		p.result.Changed = append(p.result.Changed, u.ID)
	}
	for _, r := range fresh {
		a.cache[r.ID] = r
		delete(p.outside, r.ID)
		p.delivered[r.ID] = p.trip
		if r.core != nil && p.facts != nil {
			p.facts.Add(r.core)
		}
		p.result.New = append(p.result.New, r.ID)
		again = again || !r.Leaf
	}
	p.result.Gone = append(p.result.Gone, answer.OutOfScopeRevisionIDs...)
	return again && !p.drivers || answer.Truncated
}

// Evaluate says what an update of the cache is on this computer.
func (a *Agent) Evaluate(ctx context.Context, r *Revision) (applicability.State, error) {
	return a.evaluate(ctx, a.judgeOfRules(), r)
}

// judgeOfRules is nil when somebody else than the rules decides.
func (a *Agent) judgeOfRules() *applicability.Scan {
	if a.computer.Evaluate != nil || a.computer.Facts == nil {
		return nil
	}
	facts := applicability.NewScan(a.computer.Facts, applicability.Options{})
	for _, r := range a.Cache() {
		if r.core != nil {
			facts.Add(r.core)
		}
	}
	return facts
}

func (a *Agent) evaluate(ctx context.Context, facts *applicability.Scan, r *Revision) (applicability.State, error) {
	switch {
	case r.core == nil:
		return applicability.NotApplicable, nil
	case a.computer.Evaluate != nil:
		state, err := a.computer.Evaluate(ctx, r.core)
		if err != nil {
			return state, fmt.Errorf("evaluate %v: %w", r, err)
		}
		return state, nil
	case facts != nil:
		verdict, err := facts.Verdict(ctx, r.core.UpdateID)
		return verdict.State, err
	case slices.Contains([]metadata.UpdateType{metadata.Category, metadata.Detectoid}, r.core.Type):
		return applicability.Installed, nil
	default:
		return applicability.Required, nil
	}
}
