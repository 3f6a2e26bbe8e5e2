package clientagent_test

import (
	"context"
	"math/rand/v2"
	"time"
)

// simFaults is what goes wrong in a world, and how often.
type simFaults struct {
	// network is how probable it is that a request has another fate than to be delivered.
	network float64
	// killing is how probable the death of the process is at a change of the machine.
	killing    float64
	kills      int // at any write, in the month, for each machine
	outages    int
	restarts   int // of the server
	disks      int // full for a while
	clocks     int
	power      int // machines switched off for a while
	users      int // acts
	drift      int // updates that somebody removes
	purges     int // of the cache
	installers bool
}

// drawSimFaults leaves every eighth world without any.
func drawSimFaults(r *rand.Rand, seed uint64) simFaults {
	if seed%8 == 0 {
		return simFaults{}
	}
	some := func(most int) int {
		if r.IntN(3) == 0 {
			return 0
		}
		return r.IntN(most + 1)
	}
	return simFaults{network: []float64{0, 0.02, 0.1, 0.4}[r.IntN(4)], killing: []float64{0, 0, 0.1, 0.3}[r.IntN(4)], kills: some(6),
		outages: some(3), restarts: some(4), disks: some(2), clocks: some(2), power: some(4), users: some(20), drift: some(6), purges: some(3),
		installers: r.IntN(2) == 0}
}

// fate draws what becomes of a request.
func (a *simAgent) fate(r simRequest) simFate {
	if a.rand.Float64() >= a.world.faults.network {
		return simDelivered
	}
	if r.toContent() {
		return []simFate{simLost, simBusy, simSpoiled, simCut}[a.rand.IntN(4)]
	}
	return []simFate{simDropped, simLost, simTwice, simLate, simBusy, simCut}[a.rand.IntN(6)]
}

// away tells whether nobody answers at the address.
func (w *simWorld) away(r simRequest) bool {
	if r.toSite() {
		return w.siteAway
	}
	if p := w.point(r); p != nil {
		return p.away || p.replica == nil && w.serverAway
	}
	return w.serverAway
}

// planFaults plans what goes wrong in the month.
func (w *simWorld) planFaults() {
	f := w.faults
	for range f.outages {
		from, long := w.moment(), time.Duration(w.rand.IntN(16*3600))*time.Second
		away := []*bool{&w.siteAway, &w.serverAway}[w.rand.IntN(2)]
		w.queue.plan(from, func() { *away = true; w.log("outage begins: site %t, server %t", w.siteAway, w.serverAway) })
		w.queue.plan(from.Add(long), func() { *away = false; w.log("outage ends: site %t, server %t", w.siteAway, w.serverAway) })
	}
	for range f.restarts {
		w.queue.plan(w.moment(), func() {
			if err := w.site.start(context.Background()); err != nil {
				w.breach("administration", "server cannot be started again: %v", err)
			}
			w.happened("fault: server restarts")
			w.log("server restarts")
		})
	}
	for _, a := range w.agents {
		a.killing = f.killing
		a.planFaults(f)
	}
}

func (a *simAgent) planFaults(f simFaults) {
	for range f.kills {
		a.at(a.losePower)
	}
	for range f.disks {
		a.forAWhile(10*time.Hour, func() { a.store.full = a.rand.IntN(2) == 0; a.cache.full = !a.store.full; a.log("disk is full") },
			func() { a.store.full, a.cache.full = false, false; a.log("disk has space") })
	}
	for range f.clocks {
		a.forAWhile(4*24*time.Hour, func() {
			a.skew = []time.Duration{-48 * time.Hour, -time.Hour, 20 * time.Minute, 72 * time.Hour, 3650 * 24 * time.Hour}[a.rand.IntN(5)]
			a.log("clock is off by %v", a.skew)
			a.wake()
		}, func() { a.skew = 0; a.log("clock is right"); a.wake() })
	}
	for range f.power {
		a.forAWhile(12*24*time.Hour, func() { a.off = true; a.world.happened("fault: switched off"); a.log("switched off") }, a.switchOn)
	}
	for range f.purges {
		a.at(func() { a.cache.purge(); a.world.happened("fault: cache is emptied"); a.log("cache is emptied") })
	}
	for range f.drift {
		a.at(func() {
			leaf := pickSimUpdate(a.rand, a.world.catalog).leaves()[0]
			if a.machine.has(leaf) {
				a.machine.put(leaf, false)
				a.world.happened("fault: update is removed")
				a.log("%s is removed by somebody", leaf.name)
			}
		})
	}
	for range f.users {
		a.at(a.useSomething)
	}
}

// at plans something at a time of the month.
func (a *simAgent) at(do func()) {
	a.happens(simBegin().Add(time.Duration(a.rand.Int64N(int64(simMonth)))), do)
}

// losePower lets the process die at one of its next writes.
func (a *simAgent) losePower() {
	if a.store.disk != nil {
		a.store.disk.disk.FailAt(1 + a.rand.IntN(40))
		return
	}
	a.store.kill, a.store.behind = a.rand.IntN(12), a.rand.IntN(2) == 0
}

// forAWhile plans something for a while.
func (a *simAgent) forAWhile(most time.Duration, begin, end func()) {
	from := simBegin().Add(time.Duration(a.rand.Int64N(int64(simMonth))))
	a.happens(from, begin)
	a.happens(from.Add(time.Duration(a.rand.Int64N(int64(most)))), end)
}

func (a *simAgent) switchOn() {
	if !a.off {
		return
	}
	a.off = false
	a.machine.boot()
	a.log("switched on")
	a.start()
}

// useSomething is what a user does at times.
func (a *simAgent) useSomething() {
	if a.agent == nil {
		return
	}
	switch a.rand.IntN(5) {
	case 0:
		a.act("scan", func(ctx context.Context) error { _, err := a.agent.Scan(ctx); return err })
	case 1:
		a.act("send", a.agent.SendStateMessages)
	case 2:
		if !a.off && !a.store.dead {
			a.world.happened("user: restarts the machine by hand")
			a.log("user restarts the machine")
			a.machine.boot()
			a.start()
		}
	default:
		a.act("install", a.installOffered)
	}
}

// installOffered installs one of the updates that Software Center shows.
func (a *simAgent) installOffered(ctx context.Context) error {
	offered, err := a.agent.Updates(ctx)
	if err != nil || len(offered) == 0 {
		return err
	}
	return a.agent.Install(ctx, offered[a.rand.IntN(len(offered))].ID)
}

// calm ends all that goes wrong: from now on the world is as it should be.
func (w *simWorld) calm() {
	w.log("all is well from now on")
	w.faults = simFaults{}
	w.siteAway, w.serverAway = false, false
	w.calmActors()
	if !w.settings.Enabled {
		w.toggle()
	}
	for _, a := range w.agents {
		a.killing, a.skew = 0, 0
		a.store.full, a.cache.full, a.store.kill = false, false, -1
		if a.store.disk != nil {
			a.store.disk.disk.FailAt(0)
		}
		a.switchOn()
		a.wake()
	}
}
