package clientagent_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// The example of configmgr.md §1.5: A = 10 min, B = 130 min. Minute 0–120 original only; 120 add current + A; 130 add B.
//
// Rule 15 of configmgr.md §10, its second half: the 120-minute rule of §1.5. The first half is row 4 of the scan states.
func TestBoundaryGroupsExample(t *testing.T) {
	l := newScanLab(t, in("current", "original", 0), in("A", "a", 10), in("B", "b", 130))
	require.NoError(t, l.scan())
	l.site.change(func(p *clientagent.Policy) { p.Locations = append(p.Locations, in("current", "second", 0)) })
	l.run(61 * time.Minute)
	for _, host := range []string{"original", "second", "a", "b"} {
		l.down[host] = true
	}
	l.restart()
	require.Error(t, l.scan())
	l.run(135 * time.Minute)
	require.Equal(t, []string{
		"0m original", "30m original", "60m original", "90m original", // the original only
		"120m second", "122m a", // the current group and A, which may be used since minute 10 and is not before 120
		"124m original", "126m second", "128m a", // there are no others yet
		"130m b", // B
		"132m original", "134m second",
	}, l.asked)
	l.down["b"] = false
	l.run(10 * time.Minute)
	require.NoError(t, l.scan())
	require.Equal(t, "145m b", l.asked[len(l.asked)-1], "a server that worked is kept, although it is not of the current group")
}

// A group that falls back at 120 minutes or before comes at 120.
func TestFallbackAt120Minutes(t *testing.T) {
	for _, minutes := range []int{0, 10, 119, 120} {
		l := newScanLab(t, in("current", "original", 0))
		require.NoError(t, l.scan())
		l.site.change(func(p *clientagent.Policy) { p.Locations = append(p.Locations, in("A", "a", minutes)) })
		l.run(61 * time.Minute)
		l.down["original"] = true
		l.restart()
		require.Error(t, l.scan())
		l.run(121 * time.Minute)
		require.Equal(t, []string{"0m original", "30m original", "60m original", "90m original", "120m a"}, l.asked, "%d minutes", minutes)
	}
}

func TestNeverFallback(t *testing.T) {
	l := newScanLab(t, in("current", "original", 0), in("far", "far", clientagent.NeverFallback))
	require.NoError(t, l.scan())
	l.down["original"] = true
	l.asked = nil
	l.run(31 * 24 * time.Hour) // until the next scheduled scan, and some more
	require.NotEmpty(t, l.asked)
	for _, attempt := range l.asked {
		require.Contains(t, attempt, "original")
	}
}

// A client that has no server of its own waits for the first whose time comes, and keeps the one it is used to when the groups change.
func TestClientWithoutServerInItsGroup(t *testing.T) {
	l := newScanLab(t, in("A", "a", 20), in("B", "b", 40))
	l.down["a"] = true
	require.ErrorIs(t, l.scan(), clientagent.ErrNoLocation)
	require.Equal(t, "1", l.states.take())
	l.down["a"] = false
	l.run(25 * time.Minute)
	require.Equal(t, []string{"20m a"}, l.asked)
	l.site.change(func(p *clientagent.Policy) {
		p.Locations = []clientagent.Location{in("current", "near", 0), in("far", "a", clientagent.NeverFallback)}
	})
	l.run(61 * time.Minute)
	require.NoError(t, l.scan())
	require.Contains(t, l.asked[len(l.asked)-1], " a", "affinity")
	l.site.change(func(p *clientagent.Policy) { p.Locations = p.Locations[:1] })
	l.run(61 * time.Minute)
	require.NoError(t, l.scan())
	require.Contains(t, l.asked[len(l.asked)-1], " near", "the site does not know it any more")
}

// Without boundary groups the choice is random, the own forest first, and a server that worked is kept (§1.5.1 and 2).
func TestFirstServerIsDrawnFromTheOwnForest(t *testing.T) {
	drawn := map[string]int{}
	for range 40 {
		l := newScanLab(t, at("sup1"), at("sup2"), clientagent.Location{WSUSURL: "http://foreign.test:8530", OtherForest: true})
		for range drawn["sup1"] + drawn["sup2"] {
			l.config.Rand.Uint64() // other dice for every client
		}
		require.NoError(t, l.scan())
		first := l.asked[0][len("0m "):]
		drawn[first]++
		for range 3 {
			l.now = l.now.Add(time.Minute)
			require.NoError(t, l.scan())
			require.Contains(t, l.asked[len(l.asked)-1], first)
		}
	}
	require.Len(t, drawn, 2, "%v", drawn)
	require.Greater(t, min(drawn["sup1"], drawn["sup2"]), 5, "%v", drawn)
}

func TestForeignForestComesLast(t *testing.T) {
	l := newScanLab(t, clientagent.Location{WSUSURL: "http://foreign.test:8530", OtherForest: true}, at("sup1"))
	l.down["sup1"] = true
	require.Error(t, l.scan())
	l.run(93 * time.Minute)
	require.Equal(t, []string{"0m sup1", "30m sup1", "60m sup1", "90m sup1", "92m foreign"}, l.asked)
}

// §1.5.6: the switch action takes effect at the next scan cycle, and starts none.
func TestSwitchToNextSoftwareUpdatePoint(t *testing.T) {
	for name, locations := range map[string][]clientagent.Location{
		"without boundary groups": {at("sup1"), at("sup2")},
		"with boundary groups":    {in("current", "sup1", 0), in("current", "sup2", 0), in("far", "sup3", clientagent.NeverFallback)},
	} {
		t.Run(name, func(t *testing.T) {
			l := newScanLab(t, locations...)
			require.NoError(t, l.scan())
			used := l.asked[0][len("0m "):]
			other := map[string]string{"sup1": "sup2", "sup2": "sup1"}[used]
			l.site.change(func(p *clientagent.Policy) { p.SwitchPoint++ })
			l.run(61 * time.Minute)
			require.Len(t, l.asked, 1, "no scan of its own")
			require.NoError(t, l.scan())
			require.Contains(t, l.asked[1], other)
			require.NoError(t, l.scan())
			require.Contains(t, l.asked[len(l.asked)-1], other, "and it stays there")
		})
	}
}

// roaming is a machine that knows whether it is on the intranet.
type roaming struct {
	*machine
	away bool
}

func (r *roaming) OnIntranet(context.Context) (bool, error) { return !r.away, nil }

// §1.5.5: off the intranet the failure of an intranet server causes no switch.
func TestNoSwitchOffTheIntranet(t *testing.T) {
	l := newScanLab(t, at("sup1"))
	traveller := &roaming{machine: l.machine, away: true}
	l.config.Machine = traveller
	l.lab.start()
	require.NoError(t, l.scan())
	l.site.change(func(p *clientagent.Policy) { p.Locations = append(p.Locations, at("sup2")) })
	l.run(61 * time.Minute)
	l.down["sup1"] = true
	l.restart()
	require.Error(t, l.scan())
	l.run(5 * time.Hour)
	require.Len(t, l.asked, 11, "every 30 minutes")
	require.NotContains(t, l.asked[10], "sup2")
	traveller.away = false
	l.asked = nil
	l.run(2*time.Hour + 2*time.Minute)
	require.Equal(t, "422m sup2", l.asked[len(l.asked)-1], "two minutes after the fourth failure on the intranet")
}

// A user who scans again and again does not wear a server out.
func TestScansByHandDoNotCountTowardsTheSwitch(t *testing.T) {
	l := newScanLab(t, at("sup1"))
	require.NoError(t, l.scan())
	l.site.change(func(p *clientagent.Policy) { p.Locations = append(p.Locations, at("sup2")) })
	l.run(61 * time.Minute)
	l.down["sup1"] = true
	l.restart()
	for range 10 {
		require.Error(t, l.scan())
		l.now = l.now.Add(time.Minute)
	}
	l.run(19 * time.Minute)
	for _, attempt := range l.asked {
		require.Contains(t, attempt, "sup1")
	}
	l.run(70 * time.Minute)
	require.Equal(t, "92m sup2", l.asked[len(l.asked)-1])
}

// A timer of fallback that began in the future of a wrong clock begins anew.
func TestFallbackAfterAWrongClock(t *testing.T) {
	l := newScanLab(t, in("A", "a", 20))
	right := l.now
	l.now = l.now.AddDate(10, 0, 0)
	require.ErrorIs(t, l.scan(), clientagent.ErrNoLocation)
	l.now = right
	require.ErrorIs(t, l.scan(), clientagent.ErrNoLocation)
	l.run(19 * time.Minute)
	require.ErrorIs(t, l.scan(), clientagent.ErrNoLocation)
	l.run(time.Minute)
	require.NoError(t, l.scan())
}
