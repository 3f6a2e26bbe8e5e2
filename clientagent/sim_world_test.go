package clientagent_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// simWorld is a site with its machines, and the queue of what happens to them. All that is random follows from the seed, and no real time passes.
type simWorld struct {
	seed    uint64
	rand    *rand.Rand
	now     time.Time
	queue   simQueue
	trace   *simTrace
	faults  simFaults
	catalog []*simUpdate
	byName  map[string]*simUpdate
	public  []*simUpdate // published so far
	site    *simSite
	agents  []*simAgent
	orders  []simOrder
	// siteAway and serverAway are outages.
	siteAway, serverAway bool
	settings             clientagent.Settings
	windows              []simWindow // of the collection simHalf
	broken               *simBreach
	steps, requests      int
	tally                simTally
	// extra are the random numbers of the actors, which the world has besides.
	extra   *rand.Rand
	actors  []simActor
	points  []*simPoint // besides the site's own
	listed  int         // counts the changes of their list
	customs []updatepoint.CustomSettings
	// fallback are the minutes from one boundary group to another; nil without boundary groups.
	fallback map[string]int
}

// simBreach is an invariant that did not hold.
type simBreach struct{ invariant, text string }

// simOutcome is what came of a run.
type simOutcome struct {
	seed            uint64
	hash            string
	agents          int
	machineDays     float64
	steps, requests int
	installs        int
	breach          *simBreach
	tail            string
	tally           simTally
}

func (o simOutcome) String() string {
	text := fmt.Sprintf("seed %d: %d agents, %.0f machine-days, %d steps, %d requests, %d installations, trace %s",
		o.seed, o.agents, o.machineDays, o.steps, o.requests, o.installs, o.hash)
	if o.breach != nil {
		text += fmt.Sprintf("\ninvariant %q does not hold: %s\n%s", o.breach.invariant, o.breach.text, o.tail)
	}
	return text
}

// simMonth is how long there are faults and decisions; simBegin is a Sunday before daylight saving begins in Europe.
const simMonth = 30 * 24 * time.Hour

func simBegin() time.Time { return time.Date(2026, 3, 8, 6, 0, 0, 0, time.UTC) }

// simulate runs the world of a seed: a month with faults, then quiet, and then everybody must know the truth.
func simulate(seed uint64) (simOutcome, error) {
	w := &simWorld{seed: seed, rand: rand.New(rand.NewPCG(seed, 0)), now: simBegin(), trace: newSimTrace(), byName: map[string]*simUpdate{},
		tally: simTally{}}
	if err := w.make(); err != nil {
		return simOutcome{}, fmt.Errorf("make the world of seed %d: %w", seed, err)
	}
	w.live()
	o := simOutcome{seed: seed, hash: w.trace.hash(), agents: len(w.agents), steps: w.steps, requests: w.requests, breach: w.broken, tail: w.trace.end(), tally: w.tally,
		machineDays: w.now.Sub(simBegin()).Hours() / 24 * float64(len(w.agents))}
	for _, a := range w.agents {
		o.installs += a.machine.installs
	}
	return o, nil
}

// live lets everything happen, up to the first invariant that does not hold.
func (w *simWorld) live() {
	defer func() {
		if fault := recover(); fault != nil && fault != w.broken {
			panic(fault)
		}
	}()
	w.run(w.now.Add(simMonth))
	w.calm()
	w.run(w.now.Add(w.quiet()))
	for _, a := range w.agents {
		a.act("send", a.agent.SendStateMessages) // what happened last may be on its way
	}
	w.checkEnd()
}

func (w *simWorld) make() (err error) {
	w.faults = drawSimFaults(w.rand, w.seed)
	w.catalog = drawSimCatalog(w.rand)
	w.drawActors()
	for _, u := range w.catalog {
		w.byName[u.name] = u
		for _, part := range u.parts {
			w.byName[part.name] = part
		}
		if !u.later {
			w.public = append(w.public, u)
		}
	}
	if w.site, err = newSimSite(context.Background(), w.seed, func() time.Time { return w.now }); err != nil {
		return err
	}
	if err := w.site.publish(context.Background(), w.public); err != nil {
		return err
	}
	if err := w.govern(); err != nil {
		return err
	}
	for number := range drawSimFleet(w.rand, w.seed) {
		a := newSimAgent(w, number)
		w.agents = append(w.agents, a)
		w.queue.plan(w.now.Add(time.Duration(w.rand.IntN(24*3600))*time.Second), a.start)
	}
	w.planOrders()
	w.planFaults()
	return w.planActors()
}

// drawSimFleet is how many machines there are: few in most worlds, so that there are many worlds.
func drawSimFleet(r *rand.Rand, seed uint64) int {
	switch {
	case seed%400 == 399:
		return 300
	case seed%40 == 39:
		return 20 + r.IntN(40)
	case seed%20 == 0:
		return 1
	}
	return 1 + r.IntN(7)
}

// run lets happen what is planned until end.
func (w *simWorld) run(end time.Time) {
	for {
		event, found := w.queue.next(end)
		if !found {
			break
		}
		w.now = event.at
		event.do()
	}
	w.now = end
}

func (w *simWorld) update(name string) *simUpdate { return w.byName[name] }

func (w *simWorld) log(format string, args ...any) { w.trace.add(w.now, format, args...) }

// breach ends the world with the invariant that does not hold, from wherever it is noticed.
func (w *simWorld) breach(invariant, format string, args ...any) {
	w.broken = &simBreach{invariant: invariant, text: fmt.Sprintf(format, args...)}
	w.log("BREACH of %s: %s", invariant, w.broken.text)
	panic(w.broken)
}

func (a *simAgent) breach(invariant, format string, args ...any) {
	a.world.breach(invariant, a.machine.name+": "+format, args...)
}

func (w *simWorld) byID(id uuid.UUID) *simUpdate {
	for _, u := range w.catalog {
		if u.id == id {
			return u
		}
	}
	return nil
}
