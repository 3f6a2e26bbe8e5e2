package clientagent_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// options changes the options of the newest deployment.
func (l *lab) options(edit func(o *clientagent.DeploymentOptions)) {
	l.site.change(func(p *clientagent.Policy) {
		all := append([]clientagent.Deployment{}, p.Deployments...)
		edit(&all[len(all)-1].DeploymentOptions)
		p.Deployments = all
	})
}

// windows gives the machine maintenance windows.
func (l *lab) windows(windows ...clientagent.ServiceWindow) {
	l.site.change(func(p *clientagent.Policy) { p.ServiceWindows = windows })
}

// runs sets a maximum run time.
func (l *lab) runs(name string, limit time.Duration) {
	l.site.change(func(p *clientagent.Policy) {
		all := map[uuid.UUID]time.Duration{updateID(name): limit}
		for id, other := range p.MaxRunTimes {
			if id != updateID(name) {
				all[id] = other
			}
		}
		p.MaxRunTimes = all
	})
}

// until lets time pass up to a time of the first week.
func (l *lab) until(text string) {
	l.Helper()
	require.False(l, moment(text).Before(l.now), "%s is over", text)
	l.pass(moment(text).Sub(l.now))
	l.step()
}

var nightly = daily("night", clientagent.SoftwareUpdateWindow, 22, time.Hour)

// §7.5 rules 3 and 5: a deadline before the window; each installation takes its whole run time, so that the second does not fit any more, and a third never will.
func TestDeadlineWaitsForWindows(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"), leaf("c"))
	l.windows(nightly)
	l.runs("b", time.Hour)
	l.runs("c", time.Hour+time.Minute)
	l.machine.hook = func() { l.now = l.now.Add(10 * time.Minute) }
	id := l.site.deploy("d", l.now, moment("Mon 12:00"), "c", "b", "a")
	l.until("Mon 21:59")
	l.flush()
	require.Empty(t, l.machine.order, "download ignores windows, installation does not")
	require.Equal(t, 3, l.server.fetched)
	require.Equal(t, [3]int{2, 2, 10}, l.assignment(id))
	require.Equal(t, 4, l.job("a"))
	require.Equal(t, 4, l.job("c"))
	require.Equal(t, clientagent.StatusNoWindow, l.site.current["402/"+updateID("c").String()].ErrorCode)

	l.until("Mon 22:00")
	require.Equal(t, []string{"a"}, l.machine.order, "50 minutes are left, not an hour")
	l.until("Tue 22:00")
	require.Equal(t, []string{"a", "b"}, l.machine.order)
	l.pass(20 * 24 * time.Hour)
	l.flush()
	require.Equal(t, []string{"a", "b"}, l.machine.order, "status message 11717")
	require.Equal(t, [3]int{2, 2, 10}, l.assignment(id))
	require.Equal(t, clientagent.StatusNoWindow, l.site.current["301/"+id.String()].ErrorCode)

	// A window that is long enough ends the wait with the next policy.
	l.windows(daily("long", clientagent.SoftwareUpdateWindow, 22, 2*time.Hour))
	l.pass(25 * time.Hour)
	l.flush()
	require.Equal(t, []string{"a", "b", "c"}, l.machine.order)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// A window that takes effect in years is waited for in peace; that the clock was ahead when the wait began is noticed.
func TestWaitForAWindowThatBeginsInYears(t *testing.T) {
	for _, ahead := range []bool{false, true} {
		l := newLab(t, leaf("a"))
		l.site.change(func(p *clientagent.Policy) { p.Settings.ScanInterval = 300 * 24 * time.Hour })
		l.windows(clientagent.ServiceWindow{ID: "later", Type: clientagent.SoftwareUpdateWindow,
			Schedule: clientagent.Daily(1, wall("2029-06-10 12:00")).Lasting(time.Hour)})
		id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		l.until("Mon 13:00")
		if ahead {
			right := l.now
			l.now = l.now.AddDate(1, 0, 0)
			l.windows(nightly)
			l.pass(90 * time.Minute) // the policy comes, and the night of the wrong year is waited for
			l.now = right
			l.until("Mon 22:00")
			require.True(t, l.machine.has("a"))
			continue
		}
		scans := len(l.server.syncs)
		l.pass(5 * 24 * time.Hour)
		l.flush()
		require.Len(t, l.server.syncs, scans, "nobody looks before the window")
		require.Equal(t, [3]int{2, 2, 10}, l.assignment(id))
		require.Zero(t, l.site.current["301/"+id.String()].ErrorCode, "not never")
	}
}

// §7.5 rule 5: what a user starts ignores windows.
func TestUpdatesThatWaitForAWindowAreListedSo(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.windows(nightly)
	l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
	l.until("Mon 13:00")
	listed, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Equal(t, clientagent.JobWaitServiceWindow, listed[0].Job)
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")), "user-initiated installs ignore windows")
	require.True(t, l.machine.has("a"))
}

// §7.5 rule 4: OverrideServiceWindows installs outside, and leaves the restart to the window; RebootOutsideOfServiceWindows takes that along.
func TestDeploymentsOverrideWindows(t *testing.T) {
	for _, outside := range []bool{false, true} {
		l := newLab(t, leaf("a"))
		l.machine.restarts["a"] = true
		l.windows(nightly)
		id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		l.options(func(o *clientagent.DeploymentOptions) {
			o.OverrideServiceWindows, o.RebootOutsideOfServiceWindows = true, outside
		})
		l.until("Mon 12:00")
		require.Equal(t, 1, l.machine.installs["a"])
		require.Equal(t, outside, l.machine.restarted == 1)
		l.until("Mon 22:00")
		l.flush()
		require.Equal(t, 1, l.machine.restarted)
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	}
}

// §7.5 rule 2: a type 4 window keeps the type 1 window out, unless the setting of 1810 makes both count.
func TestSetting1810AddsWindowsForAllDeployments(t *testing.T) {
	for _, both := range []bool{false, true} {
		l := newLab(t, leaf("a"))
		l.windows(nightly, daily("noon", clientagent.AllProgramWindow, 13, time.Hour))
		l.site.change(func(p *clientagent.Policy) { p.Settings.UseAllDeploymentsWindows = both })
		l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		l.until("Mon 14:00")
		require.Equal(t, both, l.machine.has("a"))
		l.until("Mon 22:00")
		require.True(t, l.machine.has("a"))
	}
}

// Servicing stack first, then a new look; the batch, the shortest first; the restart; the exclusive one alone, with a restart of its own.
func TestOrderOfInstallation(t *testing.T) {
	stack, big := leaf("Servicing Stack Update"), leaf("feature")
	big.exclusive = true
	l := newLab(t, big, leaf("long"), leaf("short"), stack)
	l.machine.restarts["long"], l.machine.restarts["feature"] = true, true
	l.runs("long", 30*time.Minute)
	l.runs("feature", 5*time.Minute)
	id := l.site.deploy("d", l.now, moment("Mon 12:00"), "feature", "long", "short", "Servicing Stack Update")
	l.machine.hook = func() {
		if len(l.machine.order) == 4 {
			require.Equal(t, 1, l.machine.restarted, "restarted before the exclusive one")
		}
	}
	l.until("Mon 12:00")
	l.flush()
	require.Equal(t, []string{"Servicing Stack Update", "short", "long", "feature"}, l.machine.order)
	require.Equal(t, 2, l.machine.restarted)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// The restart before the exclusive one is suppressed: it waits for the user, and says so.
func TestExclusiveUpdateWaitsForASuppressedRestart(t *testing.T) {
	big := leaf("feature")
	big.exclusive = true
	l := newLab(t, big, leaf("a"))
	l.machine.restarts["a"] = true
	id := l.site.deploy("d", l.now, moment("Mon 12:00"), "feature", "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.SuppressReboot = clientagent.SuppressWorkstations })
	l.until("Mon 12:00")
	l.flush()
	require.Equal(t, []string{"a"}, l.machine.order)
	require.Equal(t, [3]int{2, 2, int(compliance.EnforcementWaitingForRestart)}, l.assignment(id))
	require.Equal(t, int(compliance.CIRestartBeforeInstalling), l.job("feature"))
	require.ErrorIs(t, l.agent.Install(t.Context(), updateID("feature")), clientagent.ErrRestartFirst)
	notice, err := l.agent.PendingRestart(t.Context())
	require.NoError(t, err)
	require.Equal(t, clientagent.RestartNotice{Pending: true, Suppressed: true}, notice)

	require.NoError(t, l.agent.Restart(t.Context()))
	l.step()
	l.flush()
	require.Equal(t, []string{"a", "feature"}, l.machine.order)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// §7.5 rule 6: an installation beyond its run time fails (11709, 0x87D0070C), unless the scan finds it in place all the same.
func TestRunTimeLimit(t *testing.T) {
	for _, blank := range []bool{true, false} {
		l := newLab(t, leaf("a"))
		l.machine.blank["a"] = blank
		l.machine.hook = func() { l.now = l.now.Add(10*time.Minute + time.Second) }
		id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
		if !blank {
			l.until("Mon 13:00")
			l.flush()
			require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
			continue
		}
		l.passWith(5*time.Hour, clientagent.CodeExecutionTimeout)
		l.flush()
		require.Equal(t, [3]int{2, 2, 6}, l.assignment(id))
		require.Equal(t, clientagent.CodeExecutionTimeout, l.site.current["301/"+id.String()].ErrorCode)
	}
}
