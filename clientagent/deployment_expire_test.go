package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// Configmgr.md §5.4, ExpirationTime: an expired deployment does nothing any more, whatever it was about to do, and says so once.
func TestExpiredDeploymentDoesNothingAnyMore(t *testing.T) {
	expires := func(l *lab, at time.Time) {
		l.site.change(func(p *clientagent.Policy) {
			all := append([]clientagent.Deployment{}, p.Deployments...)
			all[len(all)-1].ExpirationTime = at
			p.Deployments = all
		})
	}
	t.Run("before its deadline", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		expires(l, moment("Mon 11:00"))
		l.pass(20 * 24 * time.Hour)
		require.Empty(t, l.machine.installs)
		require.Equal(t, [3]int{2, 2, 8}, l.assignment(id), "what was told stays")
		expires(l, moment("Fri 12:00").AddDate(1, 0, 0))
		l.pass(2 * time.Hour)
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id), "put off, it goes on")
	})
	t.Run("from the start", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		id := l.site.deploy("d", moment("Mon 08:00"), moment("Mon 09:00"), "a")
		expires(l, l.now)
		l.pass(10 * 24 * time.Hour)
		require.Empty(t, l.machine.installs)
		require.Zero(t, l.server.fetched)
		require.Equal(t, [3]int{-1, -1, -1}, l.assignment(id))
		expires(l, time.Time{})
		l.pass(2 * time.Hour)
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	})
	t.Run("while it waits for a window", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.windows(daily("night", clientagent.SoftwareUpdateWindow, 22, 3*time.Hour))
		l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		expires(l, moment("Mon 22:00"))
		l.pass(10 * 24 * time.Hour)
		require.Empty(t, l.machine.installs)
	})
	t.Run("during the countdown of its restart", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.machine.restarts["a"], l.machine.loggedOn = true, true
		l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		expires(l, moment("Mon 13:00"))
		l.until("Mon 12:30")
		notice, err := l.agent.PendingRestart(t.Context())
		require.NoError(t, err)
		require.Equal(t, moment("Mon 13:30"), notice.At)
		l.pass(10 * 24 * time.Hour)
		require.Zero(t, l.machine.restarted, "left to the user")
		notice, err = l.agent.PendingRestart(t.Context())
		require.NoError(t, err)
		require.Equal(t, clientagent.RestartNotice{Pending: true}, notice)
	})
	t.Run("after the user has postponed it", func(t *testing.T) {
		l := newLab(t, leaf("a"), leaf("b"))
		l.site.deploy("d", l.now, time.Time{}, "a")
		expires(l, moment("Mon 12:00"))
		l.site.deploy("another", l.now, time.Time{}, "b")
		require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 18, 3*time.Hour)))
		l.step()
		require.NoError(t, l.agent.Postpone(t.Context(), updateID("a")))
		l.pass(48 * time.Hour)
		require.Empty(t, l.machine.installs)
		offered, err := l.agent.Updates(t.Context())
		require.NoError(t, err)
		require.Len(t, offered, 1, "the other one")
		require.ErrorIs(t, l.agent.Postpone(t.Context(), updateID("a")), clientagent.ErrNotAvailable)
	})
	t.Run("in the time of the machine", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		l.config.Zone = time.FixedZone("", 3*3600)
		l.start()
		l.site.deploy("d", moment("Mon 00:00"), moment("Mon 12:00"), "a") // 09:00 and 10:00 UTC by the clock of the machine
		l.options(func(o *clientagent.DeploymentOptions) { o.LocalTime = true })
		expires(l, moment("Mon 13:00"))
		l.until("Mon 10:30")
		require.True(t, l.machine.has("a"))
		l.machine.set("a", false)
		l.pass(20 * 24 * time.Hour)
		require.Equal(t, 1, l.machine.installs["a"], "no re-evaluation")
	})
}
