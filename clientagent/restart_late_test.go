package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// An installation that hangs beyond the end of its window leaves the restart that another one needs to the next window, although the step began
// inside the first.
// (Found by the simulation, seed 79.)
func TestRestartAfterALongInstallationWaitsForTheNextWindow(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.config.Zone = time.UTC
	l.start()
	l.pass(3 * time.Hour)
	began := l.now.Add(2 * time.Hour).Truncate(time.Hour)
	window := daily("day", clientagent.SoftwareUpdateWindow, began.Hour(), time.Hour)
	l.site.change(func(p *clientagent.Policy) { p.ServiceWindows = clientagent.ServiceWindows{window} })
	l.site.deploy("d", l.now, l.now.Add(time.Hour), "a", "b")
	l.machine.restarts["a"] = true
	l.machine.hook = func() {
		if l.machine.installs["b"] > 0 {
			l.now = l.now.Add(61 * time.Minute)
		}
	}
	for l.machine.installs["b"] == 0 {
		next, err := l.agent.Step(t.Context(), l.now)
		require.NoError(t, err)
		if next.After(l.now) {
			l.now = next
		}
	}
	require.True(t, l.now.After(began.Add(time.Hour)))
	require.Zero(t, l.machine.restarted)
	l.machine.hook = nil
	l.pass(24 * time.Hour)
	require.Equal(t, 1, l.machine.restarted)
	require.True(t, l.machine.has("a"))
}
