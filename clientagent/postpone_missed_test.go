package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// Hours that the machine slept through are not made up for by day: without others to come, the deadline decides.
func TestPostponedWaitsForItsDeadlineWhenTheHoursWereMissed(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.deploy("d", l.now, l.now.Add(4*24*time.Hour), "a")
	l.pass(time.Hour)
	tonight := clientagent.ServiceWindow{ID: "tonight", Type: clientagent.UserDefinedWindow,
		Schedule: clientagent.Once(time.Date(2026, 3, 2, 19, 0, 0, 0, time.UTC)).InUTC().Lasting(2 * time.Hour)}
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), tonight))
	require.NoError(t, l.agent.Postpone(t.Context(), updateID("a")))
	l.now = l.now.Add(24 * time.Hour)
	l.pass(2 * 24 * time.Hour)
	require.Zero(t, l.machine.installs["a"])
	l.pass(2 * 24 * time.Hour)
	require.Equal(t, 1, l.machine.installs["a"], "at the deadline")
}
