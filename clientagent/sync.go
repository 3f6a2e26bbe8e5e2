package clientagent

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// maxServerTrips is after how many calls a scan gives up (MS-WUSP §2.2.2.2.4; 0x80244010).
const maxServerTrips = 200

// syncUpdates brings the catalogue up to date, level by level: what is installed unlocks what the server sends next (MS-WUSP §3.1.5.7).
// Every answer is stored before the next call, so that a scan cut short goes on where it was. It returns the scan that
// holds the facts asked for on the way.
func (a *Agent) syncUpdates(ctx context.Context, s *serverSession, all catalogue) (*applicability.Scan, error) {
	facts := a.newScan()
	facts.Add(all.cores()...)
	for range maxServerTrips {
		refreshes := s.refreshes
		parameters, err := a.cachedLists(ctx, facts, all)
		if err != nil {
			return nil, err
		}
		answer, err := s.SyncUpdates(ctx, parameters)
		if err != nil {
			return nil, err
		}
		added, removed, unlocked := all.takeOver(answer)
		if err := a.keepAnswer(ctx, s, all, answer); err != nil {
			return nil, err
		}
		// The lists of this call were not made of a cache that was mapped in it.
		refreshed := s.refreshes != refreshes
		if refreshed || len(removed) > 0 {
			facts = a.newScan()
			facts.Add(all.cores()...)
		} else {
			facts.Add(added.cores()...)
		}
		if !refreshed && !answer.Truncated && !unlocked {
			return facts, nil
		}
	}
	return nil, &InstallError{Code: CodeTooManyServerTrips, Reason: fmt.Sprintf("catalogue was not complete after %d calls", maxServerTrips)}
}

// cachedLists are the lists of a call: installed revisions that others may depend on, and all others.
func (a *Agent) cachedLists(ctx context.Context, facts *applicability.Scan, all catalogue) (p clientsync.SyncParameters, err error) {
	for _, id := range all.ids() {
		r := all[id]
		installed := false
		if !r.Leaf && r.core != nil {
			if installed, err = facts.IsInstalled(ctx, r.Identity.UpdateID); err != nil {
				return p, fmt.Errorf("evaluate update %s: %w", r.Identity.UpdateID, err)
			}
		}
		if installed {
			p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, id)
		} else {
			p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, id)
		}
	}
	return p, nil
}

// takeOver applies an answer to the catalogue in memory. It unlocks more when it changed what the next call may list as installed.
func (all catalogue) takeOver(answer clientsync.SyncInfo) (added, removed catalogue, unlocked bool) {
	added, removed = make(catalogue), make(catalogue)
	for _, id := range answer.OutOfScopeRevisionIDs {
		if r := all[id]; r != nil {
			removed[id] = r
			delete(all, id)
			unlocked = unlocked || !r.Leaf
		}
	}
	for _, update := range answer.ChangedUpdates {
		if r := all[update.ID]; r != nil {
			unlocked = unlocked || r.Leaf && !update.IsLeaf
			r.Leaf, r.Deployment = update.IsLeaf, update.Deployment
		}
	}
	for _, update := range answer.NewUpdates {
		r := &revision{ID: update.ID, Leaf: update.IsLeaf, Deployment: update.Deployment, Fragment: update.XML}
		if r.read(); r.core != nil {
			r.Identity = clientsync.UpdateIdentity{UpdateID: r.core.UpdateID, RevisionNumber: r.core.Revision}
		}
		if all[update.ID] != nil {
			removed[update.ID] = all[update.ID]
		}
		all[update.ID], added[update.ID] = r, r
		unlocked = unlocked || !r.Leaf
	}
	return added, removed, unlocked
}

// keepAnswer stores what an answer changed, with the cookie that came in it.
func (a *Agent) keepAnswer(ctx context.Context, s *serverSession, all catalogue, answer clientsync.SyncInfo) error {
	c := a.begin()
	c.keepSession(s)
	for _, id := range answer.OutOfScopeRevisionIDs {
		c.remove(revisionKey(id))
	}
	for _, list := range [][]clientsync.UpdateInfo{answer.ChangedUpdates, answer.NewUpdates} {
		for _, update := range list {
			r := all[update.ID]
			if r == nil {
				continue
			}
			c.set(revisionKey(update.ID), r)
			if r.fault != nil {
				a.log.WarnContext(ctx, "revision cannot be read", "revision", update.ID, "error", r.fault)
			}
		}
	}
	return c.commit(ctx)
}
