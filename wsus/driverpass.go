package wsus

import (
	"context"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// driverPass answers SyncUpdates with SkipSoftwareSync (MS-WUSP §3.1.5.7): for each device the best driver, when it is better than the one
// that the device has. Software never comes in this pass (0x80240013 on the client). What a cached driver matches may change without
// a deployment having changed; the client is not told of that, since nothing says what it was told before.
func (s *Server) driverPass(ctx context.Context, v *view, c clientsync.Bearer, p clientsync.SyncParameters) (clientsync.SyncInfo, int64, error) {
	c.Anchor = c.DriverAnchor
	sc, anchor := s.scopeOf(v, c)
	room := sc.room()
	defer sc.rooms.Put(room)
	contest := newDriverContest(sc, room, &p)
	for i := range p.SystemSpec {
		if err := ctx.Err(); err != nil {
			return clientsync.SyncInfo{}, 0, err
		}
		contest.device(&p.SystemSpec[i])
	}
	note := contest.outcome(v)
	info, err := s.driverAnswer(v, sc, room, &p, contest.related, anchor)
	if err != nil {
		return clientsync.SyncInfo{}, 0, err
	}
	for _, list := range [][]clientsync.UpdateInfo{info.NewUpdates, info.ChangedUpdates} {
		for i := range list {
			list[i].Deployment.HardwareIDs = contest.matched(list[i].ID)
		}
	}
	if contest.related != nil { // what is outside of the filter has not been told of
		return info, c.DriverAnchor, ctx.Err()
	}
	s.noteDrivers(ctx, c, note)
	return info, v.anchor(), ctx.Err()
}

// driverAnswer compares the drivers that room.wanted has with those that a client has cached. related is that of a category scan; nil: all.
func (s *Server) driverAnswer(v *view, sc *scope, room *syncRoom, p *clientsync.SyncParameters, related bitset, anchor int64) (
	clientsync.SyncInfo, error) {
	info := clientsync.SyncInfo{DriverSyncNotNeeded: !sc.drivers.deployed}
	clear(room.cached)
	info.OutOfScopeRevisionIDs = sc.set(room.cached, info.OutOfScopeRevisionIDs, p.CachedDriverIDs)
	room.scratch.difference(room.cached, room.wanted)
	sc.outOfScope(room.scratch, related, p.NeedTwoGroupOutOfScopeUpdates, &info)
	room.scratch.intersection(room.cached, room.wanted)
	room.scratch.each(func(i int32) bool {
		if e := &sc.entries[i]; e.changedSince(anchor) {
			info.ChangedUpdates = append(info.ChangedUpdates, e.info(""))
		}
		return true
	})
	room.scratch.difference(room.wanted, room.cached)
	return info, s.newUpdates(v, sc, room.scratch, &info)
}

// driverContest finds the drivers that the devices of one request need, in room.wanted.
type driverContest struct {
	sc      *scope
	room    *syncRoom
	p       *clientsync.SyncParameters
	related bitset // of a category scan; nil: all
	index   map[string][]driverMatch
	ids     map[int32][]string // the hardware ids that were best, by revision
	key     []byte
	// best by hardware id, and by what a printer has: matches that many devices share are compared once.
	best map[string]finalists
	met  []int32 // the entries that have an id of a device, some of them repeatedly
}

// finalists are the best that are offered, and the best that are only looked at: those must not hide the others from a device.
type finalists [2]struct {
	match *driverMatch
	rank  driverRank
}

func newDriverContest(sc *scope, room *syncRoom, p *clientsync.SyncParameters) *driverContest {
	c := &driverContest{sc: sc, room: room, p: p, index: sc.drivers.of(sc), ids: make(map[int32][]string), best: make(map[string]finalists)}
	for _, id := range p.InstalledNonLeafUpdateIDs {
		if i, ok := sc.entryOf(id); ok {
			room.installed.add(i)
		}
	}
	if len(p.FilterCategoryIDs) > 0 {
		c.related = sc.related(p.FilterCategoryIDs)
	}
	return c
}

func (c *driverContest) device(d *clientsync.Device) {
	c.recovery(d)
	if len(c.index) == 0 {
		return
	}
	have, has := installedRank(d, c.p.ComputerHardwareIDs)
	var best finalists
	place := 0
	for _, list := range [][]string{d.HardwareIDs, d.CompatibleIDs} {
		for _, id := range list {
			best.join(c.of(d, id, place))
			place++
		}
	}
	for _, f := range best {
		if f.match == nil || has && f.rank.compare(have) >= 0 {
			continue
		}
		c.room.wanted.add(f.match.entry)
		c.note(f.match)
	}
}

// of returns the best for one id of a device. Their place is that of the id.
func (c *driverContest) of(d *clientsync.Device, id string, place int) finalists {
	c.key = appendLower(c.key[:0], id)
	matches := c.index[string(c.key)]
	if len(matches) == 0 {
		return finalists{}
	}
	if bound(d) {
		c.key = append(append(append(c.key, 0), d.Installed.Provider...), 0)
		c.key = append(c.key, d.Installed.Manufacturer...)
	}
	if best, ok := c.best[string(c.key)]; ok {
		return best.at(place)
	}
	var best finalists
	for i := range matches {
		m := &matches[i]
		e := &c.sc.entries[m.entry]
		c.met = append(c.met, m.entry)
		if e.deployment.Action == clientsync.Uninstall || !c.available(m.entry) || !replaces(m.driver, d) {
			continue
		}
		if rank, ok := m.rankFor(c.p.ComputerHardwareIDs, c.p.FeatureScoreMatchingKey, place); ok {
			best.enter(m, rank, e.deployment.Action)
		}
	}
	c.best[string(c.key)] = best
	return best
}

// available says that the client may get an entry: what it asks for is installed, and a category scan asks for it.
func (c *driverContest) available(entry int32) bool {
	if c.related != nil && !c.related.has(entry) {
		return false
	}
	for _, clause := range c.sc.entries[entry].prerequisites {
		if !slices.ContainsFunc(clause, c.room.installed.has) {
			return false
		}
	}
	return true
}

// recovery wants the drivers that are to be removed of a device to which the agent itself gave them.
func (c *driverContest) recovery(d *clientsync.Device) {
	for _, id := range d.RecoveryIDs {
		i, ok := c.sc.indexOf(metadata.Identity{UpdateID: id})
		if !ok || !c.available(i) {
			continue
		}
		if e := &c.sc.entries[i]; e.revision.Type == metadata.Driver && e.deployment.Action == clientsync.Uninstall {
			c.room.wanted.add(i)
		}
	}
}

func (c *driverContest) note(m *driverMatch) {
	revision := c.sc.entries[m.entry].revision.ID
	if !slices.Contains(c.ids[revision], m.hardwareID) {
		c.ids[revision] = append(c.ids[revision], m.hardwareID)
	}
}

func (c *driverContest) matched(revision int32) []string { return c.ids[revision] }

// at returns the finalists of one id at another place of a device.
func (f finalists) at(place int) finalists {
	for i := range f {
		f[i].rank.place = place
	}
	return f
}

// enter puts a match among the finalists if it is better than the one there. Of equals the first stays, which is the older revision.
func (f *finalists) enter(m *driverMatch, rank driverRank, action clientsync.Action) {
	kind := 1
	if action == clientsync.Install || action == clientsync.OptionalInstall {
		kind = 0
	}
	if f[kind].match == nil || rank.compare(f[kind].rank) < 0 {
		f[kind].match, f[kind].rank = m, rank
	}
}

func (f *finalists) join(o finalists) {
	for i := range f {
		if o[i].match != nil && (f[i].match == nil || o[i].rank.compare(f[i].rank) < 0) {
			f[i] = o[i]
		}
	}
}
