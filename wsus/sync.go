package wsus

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// sync answers SyncUpdates by MS-WUSP §3.1.5.7: what is needed and not cached is new, what is cached and not needed is out of
// scope, what is both and has changed is told without its text.
func (s *Server) sync(ctx context.Context, c clientsync.Bearer, p clientsync.SyncParameters) (clientsync.SyncInfo, int64, error) {
	v := s.view.Load()
	s.synced(ctx, v, c, &p)
	if p.SkipSoftwareSync {
		return s.driverPass(ctx, v, c, p)
	}
	if len(p.FilterCategoryIDs) > 0 && c.ScanAnchor == v.anchor() {
		c.Anchor = c.ScanAnchor // nothing has changed, also not what belongs to the categories
	}
	sc, anchor := s.scopeOf(v, c)
	// A client that has drivers cached asks for them once more when none is deployed any longer: only a driver pass tells it to let them go.
	info := clientsync.SyncInfo{DriverSyncNotNeeded: !sc.drivers.deployed && len(p.CachedDriverIDs) == 0}
	room := sc.room()
	defer sc.rooms.Put(room)
	info.OutOfScopeRevisionIDs = sc.set(room.installed, info.OutOfScopeRevisionIDs, p.InstalledNonLeafUpdateIDs)
	info.OutOfScopeRevisionIDs = sc.set(room.cached, info.OutOfScopeRevisionIDs, p.OtherCachedUpdateIDs)
	room.cached.union(room.installed)
	sc.deliverable.find(room.installed, room.satisfied, room.wanted)
	var related bitset
	if len(p.FilterCategoryIDs) > 0 {
		related = sc.related(p.FilterCategoryIDs)
		room.wanted.intersect(related)
		info.DriverSyncNotNeeded = true
	}
	room.scratch.difference(room.cached, room.wanted)
	sc.outOfScope(room.scratch, related, p.NeedTwoGroupOutOfScopeUpdates, &info)
	if sc.changedSince(anchor) {
		room.scratch.intersection(room.cached, room.wanted)
		room.scratch.each(func(i int32) bool {
			if e := &sc.entries[i]; e.changedSince(anchor) {
				info.ChangedUpdates = append(info.ChangedUpdates, e.info(""))
			}
			return true
		})
	}
	room.scratch.difference(room.wanted, room.cached)
	if err := s.newUpdates(v, sc, room.scratch, &info); err != nil {
		return clientsync.SyncInfo{}, 0, err
	}
	if err := ctx.Err(); err != nil {
		return clientsync.SyncInfo{}, 0, err
	}
	return info, v.anchor(), nil
}

// outOfScope tells of entries that a client shall not have. What a category scan only leaves out is told apart for clients that know the
// difference: they keep it, and would not expect it again. What belongs to the categories and waits for something goes like in any scan.
func (sc *scope) outOfScope(entries, related bitset, apart bool, info *clientsync.SyncInfo) {
	entries.each(func(i int32) bool {
		if apart && related != nil && !related.has(i) {
			info.DeployedOutOfScopeRevisionIDs = append(info.DeployedOutOfScopeRevisionIDs, sc.entries[i].revision.ID)
		} else {
			info.OutOfScopeRevisionIDs = append(info.OutOfScopeRevisionIDs, sc.entries[i].revision.ID)
		}
		return true
	})
}

// newUpdates puts one page of the entries into the answer, and says when there are more.
func (s *Server) newUpdates(v *view, sc *scope, entries bitset, info *clientsync.SyncInfo) (err error) {
	bytes := 0
	entries.each(func(i int32) bool {
		if len(info.NewUpdates) >= s.page || bytes >= PageBytes {
			info.Truncated = true
			return false
		}
		e := &sc.entries[i]
		var core string
		if core, err = v.generation.Core(e.revision); err != nil {
			err = fmt.Errorf("core fragment of revision %d: %w", e.revision.ID, err)
			return false
		}
		bytes += len(core)
		info.NewUpdates = append(info.NewUpdates, e.info(core))
		return true
	})
	return err
}

// set adds the entries of revision ids of a request to known; ids that this scope does not know are appended to unknown.
func (sc *scope) set(known bitset, unknown, ids []int32) []int32 {
	for _, id := range ids {
		if i, ok := sc.entryOf(id); ok {
			known.add(i)
		} else {
			unknown = append(unknown, id)
		}
	}
	return unknown
}

func (e *entry) info(core string) clientsync.UpdateInfo {
	return clientsync.UpdateInfo{ID: e.revision.ID, Deployment: e.deployment, IsLeaf: e.revision.Leaf, XML: core}
}

// syncRoom is the room that one request needs and the next can use again.
type syncRoom struct{ installed, cached, wanted, scratch, satisfied bitset }

func newSyncRoom(sc *scope) *syncRoom {
	n := len(sc.entries)
	return &syncRoom{newBitset(n), newBitset(n), newBitset(n), newBitset(n), newBitset(sc.deliverable.clauses)}
}

// room returns empty sets.
func (sc *scope) room() *syncRoom {
	room := sc.rooms.Get().(*syncRoom)
	for _, set := range []bitset{room.installed, room.cached, room.wanted, room.scratch, room.satisfied} {
		clear(set)
	}
	return room
}
