package clientagent_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// leave takes the only deployment out of the policy, as disabling does, and answers how to bring it back.
func (l *lab) leave() (comeBack func()) {
	var away []clientagent.Deployment
	l.site.change(func(p *clientagent.Policy) { away, p.Deployments = p.Deployments, nil })
	return func() { l.site.change(func(p *clientagent.Policy) { p.Deployments = away }) }
}

// What was installed for a deployment and not told when it was disabled is told when it is enabled again: until then the site believes what it was
// told before. (Found by the simulation, seed 8.)
func TestEnabledAgainDeploymentTellsItsEnd(t *testing.T) {
	begin := func(t *testing.T) (*lab, uuid.UUID) {
		l := newLab(t, leaf("a"))
		l.site.change(func(p *clientagent.Policy) { p.Settings.StateMessageInterval = 3 * time.Hour })
		id := l.site.deploy("d", l.now, moment("Mon 12:30"), "a")
		l.until("Mon 12:29")
		l.flush()
		require.Equal(t, [3]int{2, 2, 8}, l.assignment(id))
		l.until("Mon 12:31")
		require.Equal(t, []string{"a"}, l.machine.order)
		require.Equal(t, [3]int{2, 2, 8}, l.assignment(id), "the end waits for its cycle")
		return l, id
	}
	t.Run("what was not sent is sent", func(t *testing.T) {
		l, id := begin(t)
		comeBack := l.leave()
		l.pass(4 * time.Hour)
		require.Equal(t, [3]int{2, 2, 8}, l.assignment(id), "nothing is told of what is disabled")
		comeBack()
		l.pass(4 * time.Hour)
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	})
	t.Run("also when it is installed in the meantime", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		id := l.site.deploy("d", l.now, moment("Fri 12:00"), "a")
		l.until("Mon 12:00")
		require.Equal(t, [3]int{2, 2, 8}, l.assignment(id))
		comeBack := l.leave()
		l.until("Mon 14:00")
		require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
		comeBack()
		l.until("Mon 16:00")
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	})
	t.Run("also when it comes back expired, and is put off", func(t *testing.T) {
		l, id := begin(t)
		comeBack := l.leave()
		l.pass(4 * time.Hour)
		comeBack()
		l.site.change(func(p *clientagent.Policy) { p.Deployments[0].ExpirationTime = l.now })
		l.pass(4 * time.Hour)
		require.Equal(t, 8, l.assignment(id)[2], "nothing is told of what has expired")
		l.site.change(func(p *clientagent.Policy) { p.Deployments[0].ExpirationTime = time.Time{} })
		l.pass(4 * time.Hour)
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	})
	t.Run("a full report does not name it", func(t *testing.T) {
		l, id := begin(t)
		comeBack := l.leave()
		l.pass(time.Hour)
		l.site.resync = true
		_, err := l.agent.Scan(t.Context())
		require.NoError(t, err)
		l.pass(4 * time.Hour)
		require.Equal(t, [3]int{-1, -1, -1}, l.assignment(id))
		comeBack()
		l.pass(4 * time.Hour)
		require.Equal(t, [3]int{2, 1, -1}, l.assignment(id), "the site knows no enforcement any more, and there was none since")
	})
	t.Run("what is away for more than a year is forgotten", func(t *testing.T) {
		l, id := begin(t)
		comeBack := l.leave()
		l.pass(4 * time.Hour)
		l.now = l.now.Add(366 * 24 * time.Hour)
		l.site.change(func(p *clientagent.Policy) { p.Settings.BatchDeadlines = true })
		l.pass(4 * time.Hour)
		comeBack()
		l.pass(4 * time.Hour)
		require.Equal(t, [3]int{2, 1, 8}, l.assignment(id))
	})
}

// The end of an optional deployment is told after the restart, also when the installation was left to the night: the work on other deployments in
// that step does not forget that there was one. (Found by the simulation, seeds 40116, 60059 and 60104.)
func TestPostponedInstallationTellsItsEnd(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	id := l.site.deploy("d", l.now, time.Time{}, "a")
	l.step()
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 19, 2*time.Hour)))
	require.NoError(t, l.agent.Postpone(t.Context(), updateID("a")))
	l.until("Mon 20:00")
	require.Equal(t, [3]int{2, 2, 5}, l.assignment(id))
	require.NoError(t, l.machine.Restart(t.Context()))
	l.until("Mon 22:00")
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}
