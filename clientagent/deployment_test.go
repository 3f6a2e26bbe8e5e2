package clientagent_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Where a deployment stands at moments around its available time and its deadline. Assignment is topics 302, 300 and 301, -1 for
// what was not told.
func TestDeploymentLifeCycle(t *testing.T) {
	const never = -1
	type moment struct {
		at         time.Duration // since the policy
		assignment [3]int
		fetched    bool
		installed  bool
	}
	cases := map[string]struct {
		start, deadline time.Duration // a zero deadline is none
		moments         []moment
	}{
		"required": {start: 4 * time.Hour, deadline: 8 * time.Hour, moments: []moment{
			{at: time.Minute, assignment: [3]int{2, 2, never}},
			{at: 4*time.Hour - time.Nanosecond, assignment: [3]int{2, 2, never}},
			{at: 4 * time.Hour, assignment: [3]int{2, 2, 8}, fetched: true},
			{at: 8*time.Hour - time.Nanosecond, assignment: [3]int{2, 2, 8}, fetched: true},
			{at: 8 * time.Hour, assignment: [3]int{2, 1, 4}, fetched: true, installed: true},
			{at: 20 * 24 * time.Hour, assignment: [3]int{2, 1, 4}, fetched: true, installed: true},
		}},
		"deadline missed": {start: -4 * time.Hour, deadline: -time.Hour, moments: []moment{
			{at: 0, assignment: [3]int{2, 1, 4}, fetched: true, installed: true},
		}},
		"available and due at once": {start: time.Hour, deadline: time.Hour, moments: []moment{
			{at: time.Hour - time.Nanosecond, assignment: [3]int{2, 2, never}},
			{at: time.Hour, assignment: [3]int{2, 1, 4}, fetched: true, installed: true},
		}},
		"optional": {start: time.Hour, moments: []moment{
			{at: time.Minute, assignment: [3]int{2, 2, never}},
			{at: time.Hour, assignment: [3]int{2, 2, never}},
			{at: 60 * 24 * time.Hour, assignment: [3]int{2, 2, never}},
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, leaf("a"))
			begin := l.now
			deadline := time.Time{}
			if c.deadline != 0 {
				deadline = begin.Add(c.deadline)
			}
			id := l.site.deploy("d", begin.Add(c.start), deadline, "a")
			for _, m := range c.moments {
				if at := begin.Add(m.at); at.After(l.now) {
					l.pass(at.Sub(l.now))
				}
				l.step()
				l.flush()
				require.Equal(t, m.assignment, l.assignment(id), "at %v", m.at)
				require.Equal(t, m.fetched, l.server.fetched > 0, "fetched at %v", m.at)
				require.Equal(t, m.installed, l.machine.has("a"), "installed at %v", m.at)
			}
			require.Empty(t, l.site.breach)
			require.LessOrEqual(t, l.server.fetched, 1, "content is fetched once")
		})
	}
}

// flush makes the state message cycle due, and sends.
func (l *lab) flush() {
	l.Helper()
	_, err := l.agent.Step(l.Context(), l.now)
	require.NoError(l, err)
	require.NoError(l, l.agent.SendStateMessages(l.Context()))
}

func TestStatesOfTopicsAreToldInOrder(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.config.Pace = clientagent.Pace{StateMessages: time.Minute}
	l.start()
	id := l.site.deploy("d", l.now.Add(2*time.Hour), l.now.Add(4*time.Hour), "a")
	l.pass(5 * time.Hour)
	deployment, update := id.String(), updateID("a").String()
	require.Subset(t, l.site.history, []string{
		"301/" + deployment + "=8", "301/" + deployment + "=4", "402/" + update + "=13", "402/" + update + "=10",
		"500/" + update + "=2", "500/" + update + "=3", "300/" + deployment + "=2", "300/" + deployment + "=1"})
}

func TestUserInstallsAnOptionalUpdate(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	id := l.site.deploy("d", l.now, time.Time{}, "a")
	later := l.site.deploy("later", l.now.Add(50*time.Hour), time.Time{}, "b")
	l.step()
	offered, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, offered, 1, "b is not available yet")
	require.Equal(t, "Update a", offered[0].Title)
	require.Equal(t, clientagent.JobAvailable, offered[0].Job)

	require.NoError(t, l.agent.Install(t.Context(), offered[0].ID))
	require.Equal(t, "content of a", l.machine.content["a"])
	l.flush()
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, 10, l.job("a"))
	require.Equal(t, [3]int{2, 2, -1}, l.assignment(later))
	offered, err = l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Empty(t, offered)
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")), "once more does nothing")
	require.Equal(t, 1, l.machine.installs["a"])
	require.ErrorIs(t, l.agent.Install(t.Context(), updateID("nobody knows it")), clientagent.ErrNotFound)
}

func TestRestartIsMadeAtTheDeadline(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	id := l.site.deploy("d", l.now, l.now.Add(24*time.Hour), "a")
	l.step()
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	l.pass(23 * time.Hour)
	l.flush()
	require.Zero(t, l.machine.restarted, "installed early: the restart waits")
	require.Equal(t, [3]int{2, 2, 5}, l.assignment(id))
	require.Equal(t, 9, l.job("a"))
	require.Equal(t, compliance.Required, l.site.update("a"), "required until the restart is over")
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.True(t, status.PendingRestart)

	l.pass(time.Hour)
	l.flush()
	require.Equal(t, 1, l.machine.restarted)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, 10, l.job("a"))
	require.Equal(t, compliance.Installed, l.site.update("a"))
	require.Equal(t, 1, l.machine.installs["a"])
}

func TestSuppressedRestartIsLeftToTheUser(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.site.change(func(p *clientagent.Policy) { p.Deployments[0].SuppressReboot = clientagent.SuppressAll })
	l.pass(20 * 24 * time.Hour)
	l.flush()
	require.Zero(t, l.machine.restarted)
	require.Equal(t, [3]int{2, 2, 5}, l.assignment(id))
	require.Equal(t, 1, l.machine.installs["a"])
	require.NoError(t, l.machine.Restart(t.Context()))
	l.pass(time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// A machine that cannot say whether a restart is pending: the next process asks the rules.
func TestRestartIsNoticedByTheNextProcess(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	l.config.Machine = rigid{l.machine}
	l.start()
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.pass(2 * time.Hour)
	require.Equal(t, [3]int{2, 2, 5}, l.assignment(id))
	l.start()
	l.pass(time.Hour)
	require.Equal(t, [3]int{2, 2, 5}, l.assignment(id), "the process alone was restarted")
	require.NoError(t, l.machine.Restart(t.Context()))
	l.start()
	l.pass(time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, 1, l.machine.installs["a"])
}

func TestReevaluationInstallsAgainWhatWentMissing(t *testing.T) {
	l := newLab(t, leaf("a"))
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.pass(2 * time.Hour)
	require.True(t, l.machine.has("a"))
	fetched := l.server.fetched

	l.machine.set("a", false)
	l.pass(6 * 24 * time.Hour)
	require.False(t, l.machine.has("a"), "not before the cycle")
	l.pass(2 * 24 * time.Hour)
	l.flush()
	require.True(t, l.machine.has("a"))
	require.Equal(t, fetched, l.server.fetched, "from the cache")
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, compliance.Installed, l.site.update("a"))
	require.Equal(t, 2, l.machine.installs["a"])
}

func TestFailedInstallationIsTriedAgainAtReevaluation(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.machine.fail["a"] = failing(clientagent.CodeExecutionTimeout)
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a", "b")
	l.passWith(2*time.Hour, clientagent.CodeExecutionTimeout)
	require.True(t, l.machine.has("b"), "one failure stops no other")
	require.Equal(t, [3]int{2, 2, 6}, l.assignment(id))
	require.Equal(t, 11, l.job("a"))
	require.Equal(t, clientagent.CodeExecutionTimeout, l.site.current["301/"+id.String()].ErrorCode)
	l.pass(5 * 24 * time.Hour)
	require.Equal(t, 1, l.machine.installs["a"])

	l.machine.fail["a"] = nil
	l.pass(3 * 24 * time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, 10, l.job("a"))
}

// An installer that says it is done and changes nothing: only the scan is believed.
func TestScanDecidesWhatCameOfAnInstallation(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.blank["a"] = true
	_, err := l.agent.Scan(t.Context())
	require.NoError(t, err)
	err = l.agent.Install(t.Context(), updateID("a"))
	var failed *clientagent.InstallError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, clientagent.CodeStillActionable, failed.Code)
	l.flush()
	require.Equal(t, 11, l.job("a"))
}

func TestDownloadThatFailsIsTriedAgain(t *testing.T) {
	a := leaf("a")
	l := newLab(t)
	l.server.publish(a)
	l.machine.want("a")
	l.server.files = content.Memory()
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.passWith(2*time.Hour, clientagent.CodeNotDownloaded)
	require.Equal(t, [3]int{2, 2, 9}, l.assignment(id))
	require.Equal(t, 14, l.job("a"))
	require.NoError(t, l.server.files.Put(t.Context(), a.ref(), bytes.NewReader(a.file)))
	l.pass(time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// A user who installs is told the product's code of whatever fails, and each deployment that of its own update.
func TestUserIsToldTheCodeOfEachFailure(t *testing.T) {
	a := leaf("a")
	l := newLab(t, leaf("b"))
	l.server.publish(a)
	l.machine.want("a")
	require.NoError(t, l.server.files.Remove(t.Context(), a.ref().SHA1))
	l.machine.fail["b"] = failing(clientagent.CodeDiskFull)
	lost := l.site.deploy("lost", l.now, time.Time{}, "a")
	broken := l.site.deploy("broken", l.now, time.Time{}, "b")
	l.step()
	var failure *clientagent.InstallError
	require.ErrorAs(t, l.agent.Install(t.Context(), updateID("a")), &failure)
	require.Equal(t, clientagent.CodeNotDownloaded, failure.Code)
	err := l.agent.Install(t.Context(), updateID("a"), updateID("b"))
	require.ErrorContains(t, err, "0x80070070")
	l.flush()
	require.Equal(t, clientagent.CodeNotDownloaded, l.site.current["301/"+lost.String()].ErrorCode)
	require.Equal(t, clientagent.CodeDiskFull, l.site.current["301/"+broken.String()].ErrorCode)
}

func TestBundleInstallsItsRequiredParts(t *testing.T) {
	l := newLab(t,
		published{name: "bundle", deployable: true, leaf: true, bundles: []string{"p", "q"}},
		published{name: "p", leaf: true, action: "Bundle", file: []byte("p")},
		published{name: "q", leaf: true, action: "Bundle", file: []byte("q")})
	l.machine.set("q", true)
	result, err := l.agent.Scan(t.Context())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{updateID("bundle")}, result.Required(), "parts are not listed")
	require.NoError(t, l.agent.Install(t.Context(), result.Required()...))
	require.Equal(t, map[string]int{"p": 1}, l.machine.installs)
	result, err = l.agent.LastScan(t.Context())
	require.NoError(t, err)
	require.Equal(t, compliance.Installed, result.Updates[0].State)
}

func TestChangedDeploymentIsTakenOver(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	id := l.site.deploy("d", l.now, l.now.Add(100*time.Hour), "a")
	l.pass(2 * time.Hour)
	l.site.change(func(p *clientagent.Policy) {
		p.Deployments[0].EnforcementDeadline = l.now
		p.Deployments[0].Updates = []uuid.UUID{updateID("a"), updateID("b")}
	})
	l.pass(2 * time.Hour)
	require.True(t, l.machine.has("a") && l.machine.has("b"))
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))

	l.site.change(func(p *clientagent.Policy) { p.Deployments = nil })
	l.pass(2 * time.Hour)
	l.site.resync = true
	l.machine.set("a", false)
	_, err := l.agent.Scan(t.Context())
	require.NoError(t, err)
	l.flush()
	require.Equal(t, [3]int{-1, -1, -1}, l.assignment(id), "a full report does not name it any more")
	require.Equal(t, compliance.Required, l.site.update("a"))
}

// passWith lets time pass with failures of one code.
func (l *lab) passWith(d time.Duration, code int32) {
	l.Helper()
	end := l.now.Add(d)
	for {
		next, err := l.agent.Step(l.Context(), l.now)
		var known *clientagent.InstallError
		if err != nil && errors.As(err, &known) {
			require.Equal(l, code, known.Code)
		}
		require.True(l, next.After(l.now))
		if next.After(end) {
			l.now = end
			return
		}
		l.now = next
	}
}

// A server sends an update only once its prerequisite is installed. When a deployment holds both, its deadline installs both.
func TestPrerequisiteAndWhatItUnlocksAreInstalledTogether(t *testing.T) {
	stack := leaf("stack")
	stack.leaf = false
	patch := leaf("patch")
	patch.needs = "stack"
	l := newLab(t, stack, patch)
	deadline := l.now.Add(time.Hour)
	id := l.site.deploy("d", l.now, deadline, "patch", "stack")
	l.pass(30 * time.Minute)
	require.False(t, l.machine.has("stack"))
	l.pass(30 * time.Minute)
	l.step()
	require.True(t, l.machine.has("stack"))
	require.True(t, l.machine.has("patch"), "it was not even known before")
	l.flush()
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, compliance.Installed, l.site.update("patch"))
}

// Of a batch, one update brings another along: that one is done without an installation of its own.
func TestUpdateThatAnotherBringsAlongIsDone(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.machine.hook = func() { l.machine.keys[registryKey("b")] = true }
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a", "b")
	l.pass(2 * time.Hour)
	l.flush()
	require.Equal(t, map[string]int{"a": 1}, l.machine.installs)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, 10, l.job("b"))
}
