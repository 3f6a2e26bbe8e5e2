package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// A policy comes in the middle of a step. What it says of metered connections counts for the rest of that step, be it the first there is or one
// that allows less or more than the last.
func TestPolicyCountsForTheMeteredConnectionAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		first bool
		was   clientagent.MeteredUse
		is    clientagent.MeteredUse
		scans bool
	}{
		"the first blocks":    {first: true, is: clientagent.MeteredBlock},
		"the first limits":    {first: true, is: clientagent.MeteredLimit},
		"the first allows":    {first: true, is: clientagent.MeteredAllow, scans: true},
		"blocked from now on": {was: clientagent.MeteredAllow, is: clientagent.MeteredBlock},
		"limited from now on": {was: clientagent.MeteredAllow, is: clientagent.MeteredLimit},
		"allowed from now on": {was: clientagent.MeteredLimit, is: clientagent.MeteredAllow, scans: true},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, leaf("a"))
			l.config.Machine = &commuter{machine: l.machine, metered: true}
			l.start()
			use := func(use clientagent.MeteredUse) {
				l.site.change(func(p *clientagent.Policy) { p.Settings.MeteredUse = use })
			}
			if !c.first {
				use(c.was)
				l.pass(30 * time.Minute)
			}
			use(c.is)
			l.site.deploy("d", l.now, l.now.Add(24*time.Hour), "a")
			polls, syncs := l.site.polls, len(l.server.syncs)
			for l.site.polls == polls {
				l.now = l.step()
			}
			require.Equal(t, c.scans, len(l.server.syncs) > syncs)
		})
	}
}

// Whoever leaves an update to the night asks for it in Software Center: it passes a metered connection, and nothing else does.
func TestPostponedPassesAMeteredConnection(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	computer := &commuter{machine: l.machine}
	l.config.Machine = computer
	l.start()
	l.site.deploy("d", l.now, l.now.Add(7*24*time.Hour), "a")
	l.site.deploy("e", l.now, l.now.Add(5*time.Hour), "b") // its content comes ahead
	l.pass(time.Hour)
	night := clientagent.ServiceWindow{ID: "night", Type: clientagent.UserDefinedWindow,
		Schedule: clientagent.Daily(1, time.Date(2026, 3, 2, 22, 0, 0, 0, time.UTC)).InUTC().Lasting(2 * time.Hour)}
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), night))
	require.NoError(t, l.agent.Postpone(t.Context(), updateID("a")))
	computer.metered = true
	polls := l.site.polls
	l.pass(12 * time.Hour)
	require.False(t, l.machine.has("a"), "by day")
	l.pass(2 * time.Hour)
	require.True(t, l.machine.has("a"), "at night")
	require.False(t, l.machine.has("b"), "of which nobody has asked")
	require.Equal(t, polls, l.site.polls)

	computer.metered = false
	l.step()
	require.Greater(t, l.site.polls, polls)
	l.step()
	require.True(t, l.machine.has("b"))
}
