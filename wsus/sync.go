package wsus

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// sync answers SyncUpdates by MS-WUSP §3.1.5.7: what is needed and not cached is new, what is cached and not needed is out of
// scope, what is both and has changed is told without its text.
func (s *Server) sync(ctx context.Context, c clientsync.Bearer, p clientsync.SyncParameters) (clientsync.SyncInfo, int64, error) {
	v := s.view.Load()
	sc := v.scope(c.Groups)
	info := clientsync.SyncInfo{DriverSyncNotNeeded: !sc.drivers}
	if p.SkipSoftwareSync {
		return sc.driverPass(info, p, c.Anchor)
	}
	installed, _ := sc.set(p.InstalledNonLeafUpdateIDs)
	cached, unknown := sc.set(p.InstalledNonLeafUpdateIDs, p.OtherCachedUpdateIDs)
	needed := sc.needed(installed)
	var filter bitset
	if len(p.FilterCategoryIDs) > 0 {
		filter = sc.related(p.FilterCategoryIDs)
		info.DriverSyncNotNeeded = true
	}
	info.OutOfScopeRevisionIDs = unknown
	bytes := 0
	for i := range sc.entries {
		i, e := int32(i), &sc.entries[i]
		wanted := needed.has(i) && (filter == nil || filter.has(i))
		switch {
		case cached.has(i) && wanted && e.changedSince(c.Anchor):
			info.ChangedUpdates = append(info.ChangedUpdates, e.info(""))
		case cached.has(i) && !wanted && filter != nil && p.NeedTwoGroupOutOfScopeUpdates:
			info.DeployedOutOfScopeRevisionIDs = append(info.DeployedOutOfScopeRevisionIDs, e.revision.ID)
		case cached.has(i) && !wanted:
			info.OutOfScopeRevisionIDs = append(info.OutOfScopeRevisionIDs, e.revision.ID)
		case !cached.has(i) && wanted && !info.Truncated:
			full := len(info.NewUpdates) >= s.page || bytes >= PageBytes
			if full {
				info.Truncated = true
				continue
			}
			core, err := v.generation.Core(e.revision)
			if err != nil {
				return clientsync.SyncInfo{}, 0, fmt.Errorf("core fragment of revision %d: %w", e.revision.ID, err)
			}
			bytes += len(core)
			info.NewUpdates = append(info.NewUpdates, e.info(core))
		}
	}
	if err := ctx.Err(); err != nil {
		return clientsync.SyncInfo{}, 0, err
	}
	return info, v.anchor(), nil
}

// driverPass has nothing to offer: drivers are imported but not matched to devices yet, and software must never come in this
// pass (0x80240013 on the client). Cached drivers are therefore out of scope.
func (sc *scope) driverPass(info clientsync.SyncInfo, p clientsync.SyncParameters, anchor int64) (clientsync.SyncInfo, int64, error) {
	info.OutOfScopeRevisionIDs = p.CachedDriverIDs
	info.DriverSyncNotNeeded = true
	return info, anchor, nil
}

// set turns revision ids of a request into entries; ids that this scope does not know come back as they are.
func (sc *scope) set(lists ...[]int32) (known bitset, unknown []int32) {
	known = newBitset(len(sc.entries))
	for _, list := range lists {
		for _, id := range list {
			if i, ok := sc.entryOf(id); ok {
				known.add(i)
			} else {
				unknown = append(unknown, id)
			}
		}
	}
	return known, unknown
}

// needed are the revisions whose prerequisites are installed. Everything but drivers comes in the software pass: real servers
// send categories and detectoids in it too, though the text of the specification names software only.
func (sc *scope) needed(installed bitset) bitset {
	needed := newBitset(len(sc.entries))
	for i := range sc.entries {
		e := &sc.entries[i]
		if e.revision.Type != metadata.Driver && installed.holdsOneOfEach(e.prerequisites) {
			needed.add(int32(i))
		}
	}
	return needed
}

func (e *entry) info(core string) clientsync.UpdateInfo {
	return clientsync.UpdateInfo{ID: e.revision.ID, Deployment: e.deployment, IsLeaf: e.revision.Leaf, XML: core}
}
