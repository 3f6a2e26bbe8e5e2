package clientagent_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Row Batching of §7.4, from the policy to the machine.
func TestReachedDeadlineTakesOthersAlong(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"), leaf("c"), leaf("d"), leaf("e"))
	l.site.change(func(p *clientagent.Policy) { p.Settings.BatchDeadlines, p.Settings.BatchingPeriod = true, 23*time.Hour })
	l.site.deploy("inside", l.now, moment("Tue 10:00"), "b")
	l.site.deploy("outside", l.now, moment("Tue 12:00"), "c")
	l.site.deploy("optional", l.now, time.Time{}, "d")
	l.site.deploy("not yet available", moment("Mon 20:00"), moment("Mon 21:00"), "e")
	l.site.deploy("reached", l.now, moment("Mon 12:00"), "a")
	l.until("Mon 11:59")
	require.Empty(t, l.machine.order)
	l.until("Mon 12:00")
	require.ElementsMatch(t, []string{"a", "b"}, l.machine.order)
	l.until("Tue 12:00")
	require.Equal(t, map[string]int{"a": 1, "b": 1, "c": 1, "e": 1}, l.machine.installs)
}

// What batching has pulled along and what waits for its window has its own deadline again when batching is switched off before that, or its period
// becomes too short. (Found by the simulation, seed 765295224922.)
func TestBatchingThatIsSwitchedOffPullsNothing(t *testing.T) {
	for name, off := range map[string]func(s *clientagent.Settings){
		"off":     func(s *clientagent.Settings) { s.BatchDeadlines = false },
		"shorter": func(s *clientagent.Settings) { s.BatchingPeriod = 10 * time.Hour },
	} {
		l := newLab(t, leaf("a"), leaf("b"))
		l.site.change(func(p *clientagent.Policy) {
			p.Settings.BatchDeadlines, p.Settings.BatchingPeriod = true, 2*24*time.Hour
		})
		l.windows(nightly)
		l.site.deploy("pulled", l.now, moment("Wed 10:00"), "b")
		l.site.deploy("reached", l.now, moment("Mon 12:00"), "a")
		l.until("Mon 14:00")
		l.site.change(func(p *clientagent.Policy) { off(&p.Settings) })
		l.until("Tue 12:00")
		require.Equal(t, []string{"a"}, l.machine.order, name)
		l.until("Thu 12:00")
		require.Equal(t, []string{"a", "b"}, l.machine.order, name)
	}
}

// Row Grace of §7.4: the user has until the evening, and can install before.
func TestGracePeriodDelaysTheDeadline(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.site.change(func(p *clientagent.Policy) { p.Settings.ComputerAgent.GracePeriod = 24 * time.Hour })
	l.site.deploy("hard", l.now, moment("Mon 12:00"), "b")
	l.site.deploy("soft", l.now, moment("Mon 12:00"), "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.SoftDeadlineEnabled = true })
	require.Error(t, l.agent.SetNonBusinessHours(t.Context(), nightly), "of another type")
	plain := clientagent.ServiceWindow{Schedule: nightly.Schedule}
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), plain, plain), "type and id need not be said")
	require.Empty(t, plain.ID, "what the caller has stays as it is")
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 19, 2*time.Hour)))
	l.until("Mon 18:59")
	require.Equal(t, []string{"b"}, l.machine.order)
	l.until("Mon 19:00")
	require.Equal(t, []string{"b", "a"}, l.machine.order)
}

// Row Early install of §7.4: the hours that the user chose.
func TestPostponedToNonBusinessHours(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.site.deploy("d", l.now, moment("Fri 12:00"), "a", "b")
	l.step()
	require.ErrorIs(t, l.agent.Postpone(t.Context(), updateID("a")), clientagent.ErrNoBusinessHours)
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 19, 2*time.Hour)))
	require.NoError(t, l.agent.Postpone(t.Context(), updateID("a")))
	require.ErrorIs(t, l.agent.Postpone(t.Context(), updateID("nobody knows it")), clientagent.ErrNotFound)
	listed, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	jobs := map[uuid.UUID]clientagent.JobState{}
	for _, u := range listed {
		jobs[u.ID] = u.Job
	}
	require.Equal(t, clientagent.JobWaitServiceWindow, jobs[updateID("a")])
	l.until("Mon 18:59")
	require.Empty(t, l.machine.order)
	l.until("Mon 19:00")
	require.Equal(t, []string{"a"}, l.machine.order)
	l.until("Fri 12:00")
	require.Equal(t, []string{"a", "b"}, l.machine.order)
}

// "Additional software manages the deployment": nothing is installed or restarted by itself, all else goes on.
func TestAdditionalSoftwareDecides(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	l.site.change(func(p *clientagent.Policy) { p.Settings.ComputerAgent.AdditionalSoftware = true })
	id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
	l.until("Tue 12:00")
	l.flush()
	require.Empty(t, l.machine.order)
	require.Equal(t, [3]int{2, 2, 8}, l.assignment(id))
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	l.until("Wed 12:00")
	require.Zero(t, l.machine.restarted)
}

// What the site has taken back in the meantime is not installed in the evening: whoever withdraws an update has a reason.
func TestPostponedUpdateThatIsWithdrawn(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"), leaf("c"))
	l.site.deploy("withdrawn", l.now, moment("Fri 12:00"), "a")
	l.site.deploy("kept", l.now, moment("Fri 12:00"), "b")
	l.step()
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 19, 2*time.Hour)))
	require.ErrorIs(t, l.agent.Postpone(t.Context(), updateID("c")), clientagent.ErrNotAvailable, "nobody offers it")
	require.NoError(t, l.agent.Postpone(t.Context(), updateID("a"), updateID("b")))
	l.site.change(func(p *clientagent.Policy) { p.Deployments = p.Deployments[1:] })
	l.until("Tue 12:00")
	require.Equal(t, []string{"b"}, l.machine.order)
	found, err := l.agent.LastScan(t.Context())
	require.NoError(t, err)
	for _, u := range found.Updates {
		require.Equal(t, clientagent.JobNone, u.Job, "%s waits for nothing", u.Title)
	}
	l.site.deploy("again", l.now, moment("Fri 12:00"), "a")
	l.until("Wed 12:00")
	require.Equal(t, []string{"b"}, l.machine.order, "postponing is over")
}

// Row Restart of §7.4 with somebody logged on: the countdown is data, and the user may come before it.
func TestCountdownBeforeARestart(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"], l.machine.loggedOn = true, true
	id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
	l.until("Mon 12:00")
	l.flush()
	require.Equal(t, [3]int{2, 2, 5}, l.assignment(id))
	notice, err := l.agent.PendingRestart(t.Context())
	require.NoError(t, err)
	require.Equal(t, clientagent.RestartNotice{Pending: true, Since: moment("Mon 12:00"), At: moment("Mon 13:30"), FinalCountdown: moment("Mon 13:15"),
		ProgressBar: true}, notice)
	l.start()
	l.until("Mon 13:29")
	require.Zero(t, l.machine.restarted, "a restart of the process does not shorten it")
	l.until("Mon 13:30")
	l.flush()
	require.Equal(t, 1, l.machine.restarted)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	notice, err = l.agent.PendingRestart(t.Context())
	require.NoError(t, err)
	require.Zero(t, notice)
}

// Row Available time of §7.4 and rule 17: pre-download fetches an optional deployment, and shows it when the content is there.
func TestPreDownloadOfAnOptionalDeployment(t *testing.T) {
	a := leaf("a")
	l := newLab(t)
	l.server.publish(a)
	l.machine.want("a")
	l.server.files = content.Memory()
	id := l.site.deploy("d", l.now, time.Time{}, "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.PreDownload = true })
	l.passWith(time.Hour, clientagent.CodeNotDownloaded)
	listed, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Empty(t, listed, "hidden until the content is there")
	require.NoError(t, l.server.files.Put(t.Context(), a.ref(), bytes.NewReader(a.file)))
	l.pass(time.Hour)
	l.flush()
	require.Equal(t, [3]int{2, 2, 8}, l.assignment(id))
	listed, err = l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.Empty(t, l.machine.order, "nothing is installed without the user")
}

func TestHiddenDeploymentsAreNotListed(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.site.deploy("shown", l.now, moment("Fri 12:00"), "b")
	l.site.deploy("hidden", l.now, moment("Fri 12:00"), "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.UserExperience = clientagent.HideAll })
	l.step()
	listed, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.Equal(t, updateID("b"), listed[0].ID)
	l.site.change(func(p *clientagent.Policy) { p.Settings.HideDeployments = true }) // 2007
	l.pass(2 * time.Hour)
	listed, err = l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Empty(t, listed)
}

// A user who installs one of two updates does not spare the other its deadline, and one that is not available cannot be had early.
func TestUserInstallsOneOfTwo(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"), leaf("c"))
	id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a", "b")
	l.site.deploy("to come", moment("Tue 00:00"), moment("Tue 12:00"), "c")
	l.step()
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	require.ErrorIs(t, l.agent.Install(t.Context(), updateID("c")), clientagent.ErrNotAvailable)
	require.False(t, l.machine.has("b"))
	l.until("Mon 12:00")
	l.flush()
	require.True(t, l.machine.has("b"))
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// Software updates deployment re-evaluation behavior upon restart: what the restart has made required is installed at once.
func TestReevaluationAfterRestart(t *testing.T) {
	for _, wanted := range []bool{false, true} {
		second := leaf("second")
		second.needs = "first"
		first := leaf("first")
		first.leaf = false
		l := newLab(t, first, second)
		l.machine.restarts["first"] = true
		l.site.deploy("d", l.now, moment("Mon 12:00"), "first", "second")
		l.options(func(o *clientagent.DeploymentOptions) { o.ReevaluateAfterRestart = wanted })
		l.until("Mon 12:00")
		require.Equal(t, 1, l.machine.restarted)
		if wanted {
			require.True(t, l.machine.has("second"))
		}
	}
}

// One file that nobody has stops no other update; it is tried until ContentDownloadTimeout, and then with the re-evaluations.
func TestContentThatNeverComes(t *testing.T) {
	a := leaf("a")
	l := newLab(t, leaf("b"))
	l.server.publish(a)
	l.machine.want("a")
	missing := l.server.files
	l.server.files = content.Memory()
	b := leaf("b")
	require.NoError(t, l.server.files.Put(t.Context(), b.ref(), bytes.NewReader(b.file)))
	l.site.change(func(p *clientagent.Policy) { p.Settings.Content.ContentDownloadTimeout = 24 * time.Hour })
	id := l.site.deploy("d", l.now, moment("Mon 12:00"), "a", "b")
	l.passWith(5*time.Hour, clientagent.CodeNotDownloaded)
	l.flushWith()
	require.True(t, l.machine.has("b"))
	require.Equal(t, [3]int{2, 2, 9}, l.assignment(id))
	require.Equal(t, 14, l.job("a"))
	l.passWith(30*time.Hour, clientagent.CodeNotDownloaded)
	tried := l.server.fetched
	l.pass(2 * 24 * time.Hour)
	require.Equal(t, tried, l.server.fetched, "given up for now")
	l.server.files = missing
	l.pass(8 * 24 * time.Hour)
	l.flush()
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// flushWith steps and sends, whatever fails.
func (l *lab) flushWith() {
	l.Helper()
	_, _ = l.agent.Step(l.Context(), l.now) // failures are the point
	require.NoError(l, l.agent.SendStateMessages(l.Context()))
}

// While an update waits for a window, the site knows it, whatever becomes of the download of another one in the meantime. (Found by the
// simulation, seed 21108.)
func TestDownloadBesideAWaitLeavesTheWaitTold(t *testing.T) {
	a, b := leaf("a"), leaf("b")
	l := newLab(t, a, b)
	l.windows(nightly)
	missing := l.server.files
	l.server.files = content.Memory()
	require.NoError(t, l.server.files.Put(t.Context(), b.ref(), bytes.NewReader(b.file)))
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a", "b")
	requireWait := func() {
		t.Helper()
		l.passWith(3*time.Hour, clientagent.CodeNotDownloaded)
		require.Equal(t, int(compliance.EnforcementWaitingForWindow), l.assignment(id)[2])
		require.Equal(t, int(compliance.CIWaitingForWindow), l.job("b"))
	}
	requireWait()
	requireWait()
	l.server.files = missing
	requireWait()
	l.until("Mon 23:00")
	require.True(t, l.machine.has("a") && l.machine.has("b"))
}
