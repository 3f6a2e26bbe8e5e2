package clientagent_test

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/clientagent"
)

var simWithout = flag.String("sim.without", "", "actors to leave out of every world, with commas between, or all: to find out which one a failure needs")

// simActor is something that only some worlds have. Each has random numbers of its own, so that the rest of a world is the same without it. What is
// nil does not concern the actor.
type simActor struct {
	name string
	// catalog is called when the updates are drawn, settings before the site has its settings, prepare when it has them and no agent is there yet.
	catalog  func(w *simWorld)
	settings func(w *simWorld, s *clientagent.Settings)
	prepare  func(w *simWorld) error
	// plan plans what happens in the month to the world, planAgent what happens to a machine; calm brings all of it to rest.
	plan      func(w *simWorld)
	planAgent func(a *simAgent)
	calm      func(w *simWorld)
}

func simActors() []simActor {
	return []simActor{
		{name: "special", catalog: (*simWorld).drawSpecial},
		{name: "cache", settings: (*simWorld).drawCacheLimit},
		{name: "logons", settings: (*simWorld).drawCountdown, planAgent: (*simAgent).planLogons, calm: (*simWorld).logEverybodyOff},
		{name: "hours", planAgent: (*simAgent).planHours},
		{name: "metered", settings: (*simWorld).drawMetering, planAgent: (*simAgent).planMeter, calm: (*simWorld).unmeter},
		{name: "domain", planAgent: (*simAgent).planDomain, calm: (*simWorld).leaveDomain},
		{name: "options", planAgent: (*simAgent).planCancelling},
		{name: "disabling", plan: (*simWorld).planDisabling},
		{name: "declining", plan: (*simWorld).planDeclining},
		{name: "customs", prepare: (*simWorld).drawCustoms, plan: (*simWorld).planCustoms},
		{name: "points", prepare: (*simWorld).drawPoints, plan: (*simWorld).planPoints, calm: (*simWorld).calmPoints},
		{name: "groups", prepare: (*simWorld).drawGroups, planAgent: (*simAgent).planMoves},
	}
}

// drawActors switches each actor on in a third of the worlds; every fifth has none of them.
func (w *simWorld) drawActors() {
	w.extra = rand.New(rand.NewPCG(w.seed, 1<<40))
	left := strings.Split(*simWithout, ",")
	for _, actor := range simActors() {
		// Each by itself: an actor that is added later changes no world that it is not in.
		name := fnv.New64()
		name.Write([]byte(actor.name))
		on := rand.New(rand.NewPCG(w.seed, name.Sum64())).IntN(3) == 0
		if on && w.seed%5 != 0 && !slices.Contains(left, actor.name) && *simWithout != "all" {
			w.actors = append(w.actors, actor)
			w.happened("actor: %s", actor.name)
			if actor.catalog != nil {
				actor.catalog(w)
			}
		}
	}
}

// calmActors brings what the actors have begun to rest.
func (w *simWorld) calmActors() {
	for _, actor := range w.actors {
		if actor.calm != nil {
			actor.calm(w)
		}
	}
}

func (w *simWorld) has(actor string) bool {
	return slices.ContainsFunc(w.actors, func(a simActor) bool { return a.name == actor })
}

// adjust lets the actors change settings that the site is about to get.
func (w *simWorld) adjust(s *clientagent.Settings) {
	for _, actor := range w.actors {
		if actor.settings != nil {
			actor.settings(w, s)
		}
	}
}

// planActors plans what the actors do in the month.
func (w *simWorld) planActors() error {
	for _, actor := range w.actors {
		if actor.prepare != nil {
			if err := actor.prepare(w); err != nil {
				return err
			}
		}
	}
	for _, actor := range w.actors {
		if actor.plan != nil {
			actor.plan(w)
		}
		if actor.planAgent == nil {
			continue
		}
		for _, a := range w.agents {
			actor.planAgent(a)
		}
	}
	return nil
}
