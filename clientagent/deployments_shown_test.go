package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// Where deployments stand, in words, at moments of a week that was worked out by hand.
func TestDeploymentsAreListedByName(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"), leaf("c"), leaf("e"))
	l.machine.restarts["a"], l.machine.loggedOn = true, true
	l.machine.fail["b"] = failing(clientagent.CodeExecutionTimeout)
	l.machine.set("e", true)
	end := moment("Mon 14:00")
	l.site.deploy("b fails", l.now, moment("Mon 10:00"), "b")
	l.site.deploy("a restarts", moment("Mon 09:00"), moment("Mon 12:00"), "a")
	l.site.deploy("c chosen", l.now, time.Time{}, "c")
	l.site.change(func(p *clientagent.Policy) { p.Deployments[2].ExpirationTime = end })
	l.site.deploy("d detects", l.now, time.Time{}, "c", "e")
	l.options(func(o *clientagent.DeploymentOptions) { o.AssignmentAction = clientagent.ActionDetect })
	l.site.deploy("e is there", l.now, moment("Mon 10:00"), "e")
	none, err := l.agent.Deployments(t.Context())
	require.NoError(t, err)
	require.Empty(t, none, "no policy yet")
	reasons := func(at string, want ...string) {
		t.Helper()
		l.passWith(moment(at).Sub(l.now), clientagent.CodeExecutionTimeout)
		_, err := l.agent.Step(t.Context(), l.now)
		if err != nil {
			require.ErrorContains(t, err, "0x87D0070C")
		}
		all, err := l.agent.Deployments(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 5)
		for i, d := range all {
			require.Equal(t, want[i], d.Name+": "+d.Reason, at)
		}
	}
	compliant := "e is there: compliant: nothing is missing"
	reasons("Mon 08:30", "a restarts: waits for its available time", "b fails: waits for its deadline", "c chosen: waits for the user",
		"d detects: only detects: updates are missing", compliant)
	reasons("Mon 09:30", "a restarts: waits for its deadline", "b fails: waits for its deadline", "c chosen: waits for the user",
		"d detects: only detects: updates are missing", compliant)
	reasons("Mon 12:30", "a restarts: waits for a restart", "b fails: software update execution timed out; again with the next re-evaluation",
		"c chosen: waits for the user", "d detects: only detects: updates are missing", compliant)
	reasons("Mon 14:00", "a restarts: compliant: nothing is missing",
		"b fails: software update execution timed out; again with the next re-evaluation",
		"c chosen: expired: nothing is done for it any more", "d detects: only detects: updates are missing", compliant)

	all, err := l.agent.Deployments(t.Context())
	require.NoError(t, err)
	require.Equal(t, clientagent.DeploymentStatus{ID: updateID("deployment c chosen"), Name: "c chosen", Action: clientagent.ActionApply,
		Available: moment("Mon 08:00"), Expires: end, Updates: 1, Missing: 1,
		Evaluation: compliance.EvaluationSucceeded, Compliance: compliance.NonCompliant, Reason: "expired: nothing is done for it any more"}, all[2])
	require.Equal(t, compliance.EnforcementInstallFailed, all[1].Enforcement)
	require.Equal(t, clientagent.CodeExecutionTimeout, all[1].ErrorCode)
	require.Equal(t, [2]time.Time{moment("Mon 10:00"), moment("Mon 10:00")}, [2]time.Time{all[1].Deadline, all[1].Begins})
	require.True(t, all[1].Shown)
	require.False(t, all[3].Shown, "nothing to choose")
}

// What waits for a window says until when, and how a level that tells nothing leaves it to be seen here.
func TestListedDeploymentSaysUntilWhenItWaits(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.windows(daily("night", clientagent.SoftwareUpdateWindow, 22, 3*time.Hour))
	l.site.deploy("fits", l.now, moment("Mon 10:00"), "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.StateMessageVerbosity = clientagent.VerbosityNone })
	l.site.deploy("too long", l.now, moment("Mon 10:00"), "b")
	l.runs("b", 4*time.Hour)
	l.until("Mon 11:00")
	all, err := l.agent.Deployments(t.Context())
	require.NoError(t, err)
	require.Equal(t, "waits for a maintenance window", all[0].Reason)
	require.Equal(t, moment("Mon 22:00"), all[0].Until)
	require.Equal(t, compliance.EnforcementWaitingForWindow, all[0].Enforcement, "told or not")
	require.Equal(t, -1, l.site.state(compliance.AssignmentEnforcement, all[0].ID.String()))
	require.Equal(t, clientagent.CodeMeaning(clientagent.StatusNoWindow), all[1].Reason)
	require.Zero(t, all[1].Until)

	l.site.change(func(p *clientagent.Policy) { p.Settings.Enabled = false })
	l.pass(2 * time.Hour)
	all, err = l.agent.Deployments(t.Context())
	require.NoError(t, err)
	require.Empty(t, all, "dormant")
}
