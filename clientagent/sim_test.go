package clientagent_test

import (
	"flag"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// simFixed are how many seeds are simulated each time; in them, everything that there is in these worlds happens at least once.
const simFixed = 16

var (
	simSeeds = flag.Int("sim.seeds", simFixed, "how many seeds are simulated, from -sim.first on")
	simFirst = flag.Uint64("sim.first", 1, "the first seed")
	simStop  = flag.Bool("sim.stop", false, "stop at the first invariant that does not hold")
	simFresh = flag.Int("sim.fresh", 0, "how many random seeds are simulated besides")
)

// Worlds of a month in which everything goes wrong that can: whatever the seed, every invariant holds after every event. A failure names its
// seed; -sim.first=<seed> -sim.seeds=1 replays it.
func TestSimulation(t *testing.T) {
	seeds := make([]uint64, 0, *simSeeds+*simFresh)
	for i := range *simSeeds {
		seeds = append(seeds, *simFirst+uint64(i))
	}
	for range *simFresh {
		seeds = append(seeds, 40*rand.Uint64N(1<<40)+1+rand.Uint64N(19)) //nolint:gosec // any seed of a small world will do
	}
	all, fixed, wide := simOutcome{tally: simTally{}}, simTally{}, simTally{}
	begin := time.Now()
	for i, seed := range seeds {
		o := simulateSeed(t, seed)
		if o.breach != nil {
			t.Errorf("%v", o)
		} else if testing.Verbose() {
			t.Log(o)
		}
		if o.breach != nil && *simStop {
			return
		}
		all.machineDays, all.steps, all.agents, all.installs = all.machineDays+o.machineDays, all.steps+o.steps, all.agents+o.agents, all.installs+o.installs
		all.tally.add(o.tally)
		if i < *simSeeds && seed <= simFixed {
			fixed.add(o.tally)
		}
		if i < *simSeeds && seed <= simWide {
			wide.add(o.tally)
		}
	}
	t.Logf("%d seeds, %d agents, %.0f machine-days, %d steps, %d installations in %v; fresh seeds %v", len(seeds), all.agents, all.machineDays,
		all.steps, all.installs, time.Since(begin), seeds[*simSeeds:])
	if testing.Verbose() {
		t.Log(all.tally)
	}
	if *simFirst != 1 || *simWithout != "" {
		return
	}
	if *simSeeds >= simFixed {
		require.Empty(t, fixed.without(simMustHappen()), "what never happened in the seeds 1 to %d", simFixed)
	}
	if *simSeeds >= simWide {
		require.Empty(t, wide.without(simRare), "what never happened in the seeds 1 to %d", simWide)
	}
}

// simulateSeed runs a seed in a bubble, so that what waits in real time costs none.
func simulateSeed(t *testing.T, seed uint64) (o simOutcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var err error
		o, err = simulate(seed)
		require.NoError(t, err)
	})
	return o
}

// A seed is the same world every time, down to each record of each agent, and no two seeds are.
func TestSimulationReplays(t *testing.T) {
	seen := map[string]bool{}
	for _, seed := range []uint64{3, 5, 17} {
		o := simulateSeed(t, seed)
		require.Equal(t, o, simulateSeed(t, seed))
		require.False(t, seen[o.hash])
		seen[o.hash] = true
	}
}
