package clientagent_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// diced is a lab with dice of its own.
func diced(t *testing.T, seed uint64) *lab {
	l := newLab(t, leaf("a"))
	l.config.Rand = rand.New(rand.NewPCG(seed, 7))
	l.start()
	return l
}

// requireSpread wants delays of many machines over the whole of two hours, and none beyond.
func requireSpread(t *testing.T, delays []time.Duration) {
	t.Helper()
	slices.Sort(delays)
	require.GreaterOrEqual(t, delays[0], time.Duration(0))
	require.Less(t, delays[len(delays)-1], 2*time.Hour)
	for quarter := range 4 { // of 40, each quarter is empty once in 100,000 times, and these dice are always the same
		from := time.Duration(quarter) * 30 * time.Minute
		require.True(t, slices.ContainsFunc(delays, func(d time.Duration) bool { return d >= from && d < from+30*time.Minute }), "none from %v: %v", from, delays)
	}
}

// Rule 13 and 14 of configmgr.md §10, §7.1: the policy that enables the components brings a scan within two hours, and so does the one that
// enables them again.
func TestScansOfClientsThatAreEnabledAreSpread(t *testing.T) {
	var first, again []time.Duration
	for seed := range uint64(40) {
		l := diced(t, seed)
		l.step()
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		first = append(first, status.NextScan.Sub(l.now))

		l.site.change(func(p *clientagent.Policy) { p.Settings.Enabled = false })
		l.pass(61 * time.Minute)
		status, err = l.agent.Status(t.Context())
		require.NoError(t, err)
		require.Zero(t, status.NextScan)
		l.site.change(func(p *clientagent.Policy) { p.Settings.Enabled = true })
		for !status.Enabled {
			l.now = l.step()
			if status, err = l.agent.Status(t.Context()); status.Enabled {
				again = append(again, status.NextScan.Sub(l.now.Truncate(time.Second)))
			}
			require.NoError(t, err)
		}
	}
	requireSpread(t, first)
	require.Greater(t, slices.Max(again)-slices.Min(again), time.Hour)
}

// Rule 16 of configmgr.md §10: deadline and a delay of up to 120 minutes, drawn once: neither a restart of the process nor another change
// of the policy draws again.
func TestDeadlinesAreRandomizedOnce(t *testing.T) {
	var delays []time.Duration
	for seed := range uint64(40) {
		l := diced(t, seed)
		l.site.change(func(p *clientagent.Policy) { p.Settings.RandomizeDeadline = true })
		deadline := l.now.Add(10 * time.Hour)
		l.site.deploy("d", l.now, deadline, "a")
		l.options(func(o *clientagent.DeploymentOptions) { o.RandomizationEnabled = true })
		l.machine.hook = func() { delays = append(delays, l.now.Sub(deadline)) }
		for !l.machine.has("a") {
			l.site.change(func(p *clientagent.Policy) { p.SiteCode += "." })
			l.start()
			l.now = l.step()
		}
	}
	require.Len(t, delays, 40)
	requireSpread(t, delays)
}
