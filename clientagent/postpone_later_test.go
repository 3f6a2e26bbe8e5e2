package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// What a user has left to the night is not installed when its deployment has been put off since: it waits for its available time, and then for
// the next night. (Found by the simulation, seed 300199, where the clock of the machine went back.)
func TestPostponedWaitsForAnAvailableTimeThatHasBeenPutOff(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.site.deploy("a", l.now, time.Time{}, "a")
	l.site.deploy("b", l.now, time.Time{}, "b")
	l.pass(time.Hour)
	nights := clientagent.ServiceWindow{Schedule: clientagent.Daily(1, time.Date(2026, 3, 2, 22, 0, 0, 0, time.UTC)).InUTC().Lasting(2 * time.Hour)}
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), nights))
	require.NoError(t, l.agent.Postpone(t.Context(), updateID("a"), updateID("b")))
	available := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	l.site.change(func(p *clientagent.Policy) { p.Deployments[0].StartTime = available })
	for end := available; l.now.Before(end); l.pass(time.Hour) {
		require.Zero(t, l.machine.installs["a"])
	}
	require.Equal(t, 1, l.machine.installs["b"], "in the first night")
	l.pass(8 * time.Hour)
	require.Zero(t, l.machine.installs["a"], "it is not the night")
	l.pass(4 * time.Hour)
	require.Equal(t, 1, l.machine.installs["a"])
}
