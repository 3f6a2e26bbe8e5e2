package wsustest_test

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// model is what MS-WUSP says of a catalogue with approvals, written down with sets: no indexes, no pages, no anchors. It knows the newest
// revision of each update only.
type model struct {
	updates   map[int]sample
	declined  map[int]bool
	approvals map[int]map[uuid.UUID]decision
	parents   map[uuid.UUID]uuid.UUID // of target groups
}

// decision is what an administrator says of an update for a group; count grows with each, as deployment ids do.
type decision struct {
	action   wsus.Action
	deadline time.Time
	count    int
}

// told is what a client is told to do with an update.
type told struct {
	action   clientsync.Action
	deadline time.Time
}

func newModel() *model {
	return &model{updates: map[int]sample{}, declined: map[int]bool{}, approvals: map[int]map[uuid.UUID]decision{},
		parents: map[uuid.UUID]uuid.UUID{wsus.UnassignedComputers: wsus.AllComputers}}
}

// isPrerequisite and isMember tell whether any update names n as that.
func (m *model) isPrerequisite(n int) bool {
	return m.any(func(s sample) bool { return slices.Contains(slices.Concat(s.clauses()...), n) })
}

func (m *model) isMember(n int) bool {
	return m.any(func(s sample) bool { return slices.Contains(s.bundled, n) })
}

func (m *model) any(is func(sample) bool) bool {
	for _, s := range m.updates {
		if is(s) {
			return true
		}
	}
	return false
}

// decided is the decision that counts for a computer in groups: that of the nearest group, then an installation or a removal before an offer
// and that before a look, then the earlier deadline, then what is not a removal, then the older one.
func (m *model) decided(n int, groups []uuid.UUID) (decision, bool) {
	distance := map[uuid.UUID]int{}
	for _, group := range groups {
		for d := 0; ; d++ {
			distance[group] = max(distance[group], d)
			if group == wsus.AllComputers {
				break
			}
			group = m.parents[group]
		}
	}
	rank := func(group uuid.UUID, d decision) []int64 {
		action := map[wsus.Action]int64{wsus.Install: 1, wsus.Uninstall: 1, wsus.OptionalInstall: 2, wsus.Scan: 3, wsus.NotApproved: 4}[d.action]
		deadline, removal := int64(1<<62), int64(0)
		if !d.deadline.IsZero() {
			deadline = d.deadline.Unix()
		}
		if d.action == wsus.Uninstall {
			removal = 1
		}
		return []int64{int64(distance[group]), action, deadline, removal, int64(d.count)}
	}
	var best decision
	var bestRank []int64
	for group, d := range m.approvals[n] {
		if _, reaches := distance[group]; !reaches {
			continue
		}
		if r := rank(group, d); bestRank == nil || slices.Compare(r, bestRank) < 0 {
			best, bestRank = d, r
		}
	}
	return best, bestRank != nil
}

func (m *model) approved(n int, groups []uuid.UUID) told {
	d, _ := m.decided(n, groups)
	action, known := map[wsus.Action]clientsync.Action{wsus.Install: clientsync.Install, wsus.OptionalInstall: clientsync.OptionalInstall,
		wsus.Uninstall: clientsync.Uninstall}[d.action]
	if !known || d.count == 0 {
		return told{action: clientsync.PreDeploymentCheck}
	}
	return told{action, d.deadline}
}

// deployed is the set D with its actions: roots, and all that they name, however far. Drivers are roots only where somebody has said so. What is
// declined is not there, whoever names it.
func (m *model) deployed(groups []uuid.UUID) map[int]told {
	d := map[int]told{}
	for n, s := range m.updates {
		decision, decided := m.decided(n, groups)
		wanted := s.kind == "Software" && !m.isMember(n) || s.kind == "Driver" && decided && decision.action != wsus.NotApproved
		if wanted && !s.expired && !m.declined[n] {
			d[n] = m.approved(n, groups)
		}
	}
	for grown := true; grown; {
		grown = false
		for n := range d {
			for _, p := range m.names(n) {
				if _, known := d[p]; !known && !m.declined[p] {
					d[p] = told{action: clientsync.Evaluate}
					if m.isMember(p) {
						d[p] = told{action: clientsync.Bundle}
					}
					grown = true
				}
			}
		}
	}
	return d
}

// names are all updates that n names.
func (m *model) names(n int) []int {
	return append(slices.Concat(m.updates[n].clauses()...), m.updates[n].bundled...)
}

// holding is what a computer holds in the end: what is deployed and has in each clause an update that the computer holds and has installed;
// of drivers, the best for each device.
func (m *model) holding(groups []uuid.UUID, installed func(n int) bool, devices []clientsync.Device) map[int]told {
	d := m.deployed(groups)
	held := map[int]told{}
	for grown := true; grown; {
		grown = false
		for n := range d {
			if _, already := held[n]; !already && m.updates[n].kind != "Driver" && m.ready(n, held, installed) {
				held[n], grown = d[n], true
			}
		}
	}
	var drivers []int
	for n := range d {
		if m.updates[n].kind == "Driver" && m.ready(n, held, installed) {
			drivers = append(drivers, n)
		}
	}
	for _, device := range devices {
		for _, offered := range []bool{true, false} { // what is only looked at hides nothing
			if best := m.bestDriver(device, drivers, func(n int) bool { return (d[n].action != clientsync.PreDeploymentCheck) == offered }); best > 0 {
				held[best] = d[best]
			}
		}
	}
	return held
}

func (m *model) ready(n int, held map[int]told, installed func(n int) bool) bool {
	for _, clause := range m.updates[n].clauses() {
		if !slices.ContainsFunc(clause, func(p int) bool { _, there := held[p]; return there && installed(p) }) {
			return false
		}
	}
	return true
}

// bestDriver is for the id of the device that comes first, and the newest of those; 0: none.
func (m *model) bestDriver(device clientsync.Device, drivers []int, counts func(n int) bool) int {
	for _, id := range slices.Concat(device.HardwareIDs, device.CompatibleIDs) {
		best := 0
		for _, n := range drivers {
			if m.updates[n].hardwareID == id && counts(n) && (best == 0 || m.updates[n].driverDate().After(m.updates[best].driverDate())) {
				best = n
			}
		}
		if best > 0 {
			return best
		}
	}
	return 0
}

// printers are those that a user can choose from.
func (m *model) printers(groups []uuid.UUID, held map[int]told, installed func(n int) bool) map[int]told {
	all := map[int]told{}
	for n, t := range m.deployed(groups) {
		if m.updates[n].printer && m.ready(n, held, installed) {
			all[n] = t
		}
	}
	return all
}

// related is what a scan that is limited to a category may bring of D: the category, what belongs to it, and all that those name.
func (m *model) related(category int, d map[int]told) map[int]bool {
	related := map[int]bool{}
	var reach func(n int)
	reach = func(n int) {
		if _, deployed := d[n]; deployed && !related[n] {
			related[n] = true
			for _, p := range m.names(n) {
				reach(p)
			}
		}
	}
	reach(category)
	for n, s := range m.updates {
		if slices.Contains(slices.Concat(s.clauses()...), category) {
			reach(n)
		}
	}
	return related
}
