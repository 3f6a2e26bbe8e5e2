package clientagent_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// simAgent is one machine of a world with its agent, disk, network and user.
type simAgent struct {
	world   *simWorld
	rand    *rand.Rand
	id      string
	number  int
	zone    *time.Location
	machine *simMachine
	store   *simStore
	cache   *simCache
	agent   *clientagent.Agent
	site    *clientagent.HTTPSite
	client  *http.Client
	// until is how far the machine is ahead of the world: an installation has lasted, and the others live in the meantime.
	until time.Time
	// skew is how wrong the clock of the machine is.
	skew time.Duration
	// off is a machine that is switched off, user says that the user acts at this moment.
	off, user bool
	// plan is the number of the step that is planned last; earlier ones are void.
	plan int
	// killing is how probable the death of the process is where the machine is changed.
	killing float64
	told    simTold
	budget  simBudget
	// policyRead is policyText, the record, as it was read last.
	policyText []byte
	policyRead clientagent.Policy
	// extra are the random numbers of the actors; the rest is theirs, too. turned is when the present turn began, turns counts them.
	extra  *rand.Rand
	turned time.Time
	turns  int
	group  string // boundary group
	moves  int
	choice simChoice
	// cutScan says that a process has died since the scan last ran, maybe in its middle.
	cutScan       bool
	hours         []simWindow // non-business hours
	unsureOfHours bool
	postponed     []*simUpdate
	cancelled     []*simUpdate
	cleaner       *simCleaner
}

func newSimAgent(w *simWorld, number int) *simAgent {
	r := rand.New(rand.NewPCG(w.seed, uint64(number)+1))
	zone, err := time.LoadLocation(simZones[r.IntN(len(simZones))])
	if err != nil {
		panic(err) // the zones are constants
	}
	a := &simAgent{world: w, rand: r, number: number, zone: zone, store: newSimStore(w.trace), cache: newSimCache(),
		id: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "client %d of %d", number, w.seed)).String()}
	a.extra = rand.New(rand.NewPCG(w.seed, 1<<41+uint64(number)))
	a.group = simGroups[a.extra.IntN(len(simGroups))]
	a.store.watch, a.store.happened, a.cache.happened = a.watch, w.happened, w.happened
	a.machine = &simMachine{owner: a, name: fmt.Sprintf("pc%03d.lab.example", number), keys: map[string]bool{},
		broken: map[*simUpdate]int{}, idle: map[*simUpdate]int{}}
	a.client = &http.Client{Transport: &simNet{owner: a}}
	a.site = clientagent.HTTPWith("http://"+simServer+":8530", a.client)
	if w.faults.kills > 0 && r.IntN(6) == 0 {
		a.store.disk = newSimDisk()
	}
	a.furnish()
	return a
}

// furnish draws what the machine has and wants in the beginning.
func (a *simAgent) furnish() {
	for _, platform := range []string{"north", "south"} {
		a.machine.keys[registryKey(platform)] = a.rand.IntN(3) > 0
	}
	for _, u := range a.world.catalog {
		wanted, there := a.rand.IntN(4) > 0, a.rand.IntN(6) == 0
		for _, leaf := range u.leaves() {
			a.machine.keys[registryKey("wants "+leaf.name)] = wanted
			a.machine.put(leaf, wanted && there)
			if !a.world.faults.installers {
				continue
			}
			switch a.rand.IntN(20) {
			case 0:
				a.machine.broken[leaf] = []int{1, 2, -1}[a.rand.IntN(3)]
			case 1:
				a.machine.idle[leaf] = []int{1, -1}[a.rand.IntN(2)]
			}
		}
	}
}

// now is the time on the machine, clock what the machine takes for it.
func (a *simAgent) now() time.Time {
	if a.until.After(a.world.now) {
		return a.until
	}
	return a.world.now
}

func (a *simAgent) clock() time.Time { return a.now().Add(a.skew) }

// pass lets time pass in the middle of an event.
func (a *simAgent) pass(d time.Duration) { a.until = a.now().Add(d) }

// happens plans something on the machine, behind what keeps it busy then.
func (a *simAgent) happens(at time.Time, do func()) {
	a.world.queue.plan(at, func() {
		if a.until.After(a.world.now) {
			a.happens(a.until, do)
			return
		}
		do()
	})
}

func (a *simAgent) log(format string, args ...any) {
	a.world.trace.add(a.now(), "%s "+format, append([]any{a.machine.name[:5]}, args...)...)
}

// start makes the process: an agent on what the disk holds.
func (a *simAgent) start() {
	if a.store.disk != nil && a.store.dead {
		a.world.happened("fault: power lost with what was not synced")
	}
	if !a.store.revive(context.Background(), a.rand) {
		a.breach("durable", "a record is gone that was acknowledged")
	}
	agent, err := clientagent.New(clientagent.Config{Site: a.site, Machine: a.machine, Store: a.store, Cache: a.kept(), HTTPClient: a.client,
		Now: a.clock, Zone: a.zone, Rand: a.rand, ClientID: a.id})
	if err != nil {
		panic(err) // nothing of the configuration depends on the seed
	}
	a.agent = agent
	a.log("starts")
	a.schedule(a.now())
}

// turn begins a step, or what a user asks for.
func (a *simAgent) turn() time.Time {
	a.turns++
	a.turned = a.clock()
	if a.skew != 0 {
		a.world.happened("fault: clock")
	}
	return a.turned
}

func (a *simAgent) schedule(at time.Time) {
	a.plan++
	plan := a.plan
	a.happens(at, func() {
		if plan == a.plan && !a.off {
			a.step()
		}
	})
}

// wake steps a process that is there, now.
func (a *simAgent) wake() {
	if a.agent != nil && !a.off && !a.store.dead {
		a.schedule(a.now())
	}
}

func (a *simAgent) step() {
	a.world.steps++
	began := a.turn()
	next, err := a.agent.Step(context.Background(), began)
	if a.store.dead {
		a.died()
		return
	}
	a.outcome("step", err)
	a.world.trace.count("%d steps at %v, next %v", a.number, began.UTC(), next.UTC())
	a.checkStep(began, next)
	a.schedule(next.Add(-a.skew))
}

// outcome traces whether what was done has failed; the words are not part of the digest.
func (a *simAgent) outcome(what string, err error) {
	if a.user || err != nil {
		a.log("%s: failed %t", what, err != nil)
	}
	if err != nil {
		a.world.trace.note("- " + err.Error())
	}
}

// died starts the next process after a while; sometimes the machine has restarted.
func (a *simAgent) died() {
	a.log("process died")
	a.cutScan = true
	a.world.happened("fault: process died")
	if len(a.machine.waiting) > 0 && a.rand.IntN(3) == 0 {
		a.machine.boot()
		a.log("machine restarted")
	}
	a.plan++
	a.happens(a.now().Add(time.Duration(1+a.rand.IntN(7200))*time.Second), a.start)
}

// dies says whether the process dies here, and makes it so.
func (a *simAgent) dies() bool {
	if a.killing > 0 && a.rand.Float64() < a.killing {
		a.store.dead = true
	}
	return a.store.dead
}

// act calls what a user or a tool calls.
func (a *simAgent) act(what string, do func(ctx context.Context) error) {
	if a.agent == nil || a.off || a.store.dead {
		return
	}
	a.user = true
	a.turn()
	a.world.happened("user: %s", what)
	a.outcome("user: "+what, do(context.Background()))
	a.user = false
	if a.store.dead {
		a.died()
		return
	}
	a.schedule(a.now())
}
