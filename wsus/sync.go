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
	sc, anchor := s.scopeOf(v, c)
	info := clientsync.SyncInfo{DriverSyncNotNeeded: !sc.drivers}
	if p.SkipSoftwareSync {
		return sc.driverPass(info, p, c.Anchor)
	}
	room := sc.room()
	defer sc.rooms.Put(room)
	info.OutOfScopeRevisionIDs = sc.set(room.installed, info.OutOfScopeRevisionIDs, p.InstalledNonLeafUpdateIDs)
	info.OutOfScopeRevisionIDs = sc.set(room.cached, info.OutOfScopeRevisionIDs, p.OtherCachedUpdateIDs)
	room.cached.union(room.installed)
	sc.deliverable.find(room.installed, room.satisfied, room.wanted)
	filtered := len(p.FilterCategoryIDs) > 0
	heard := v.anchor()
	if filtered {
		related := sc.related(p.FilterCategoryIDs)
		room.scratch.intersection(room.cached, room.wanted)
		if sc.changedBeside(related, room.scratch, anchor) {
			heard = c.Anchor // this answer does not tell of it
		}
		room.wanted.intersect(related)
		info.DriverSyncNotNeeded = true
	}
	gone := &info.OutOfScopeRevisionIDs
	if filtered && p.NeedTwoGroupOutOfScopeUpdates {
		gone = &info.DeployedOutOfScopeRevisionIDs
	}
	room.scratch.difference(room.cached, room.wanted)
	room.scratch.each(func(i int32) bool {
		*gone = append(*gone, sc.entries[i].revision.ID)
		return true
	})
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
	return info, heard, nil
}

// changedBeside tells whether a client with this anchor has not heard of one of the entries that is not related.
func (sc *scope) changedBeside(related, entries bitset, anchor int64) bool {
	changed := false
	entries.each(func(i int32) bool {
		changed = !related.has(i) && sc.entries[i].changedSince(anchor)
		return !changed
	})
	return changed
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

// driverPass has nothing to offer: drivers are imported but not matched to devices yet, and software must never come in this
// pass (0x80240013 on the client). Cached drivers are therefore out of scope.
func (sc *scope) driverPass(info clientsync.SyncInfo, p clientsync.SyncParameters, anchor int64) (clientsync.SyncInfo, int64, error) {
	info.OutOfScopeRevisionIDs = p.CachedDriverIDs
	info.DriverSyncNotNeeded = true
	return info, anchor, nil
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
