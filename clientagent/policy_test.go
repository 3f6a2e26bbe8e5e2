package clientagent_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

func TestFirstPolicyScansWithinTwoHours(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.machine.set("b", true)
	l.step()
	require.Empty(t, l.server.syncs, "not at once")
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.True(t, status.Enabled)
	require.WithinRange(t, status.NextScan, l.now, l.now.Add(2*time.Hour))

	l.pass(2*time.Hour + 15*time.Minute)
	require.Len(t, l.server.syncs, 1)
	require.Equal(t, compliance.Required, l.site.update("a"))
	require.Equal(t, compliance.Installed, l.site.update("b"))
	scanned := l.site.current["501/{source}"]
	require.Equal(t, int(compliance.ScanCompleted), scanned.StateID)
	require.EqualValues(t, 1, scanned.ContentVersion)

	l.pass(6 * 24 * time.Hour)
	require.Len(t, l.server.syncs, 1, "a policy poll starts no scan, nor does a change of the policy")
	l.pass(2 * 24 * time.Hour)
	require.Len(t, l.server.syncs, 2, "the schedule does")
}

func TestPolicyIsPolledWithItsETag(t *testing.T) {
	l := newLab(t)
	l.pass(5 * time.Hour)
	require.Equal(t, 6, l.site.polls)
}

// Rule 13 of configmgr.md §10: disabled is dormant, without deployments and scans; enabled asks again.
func TestDormantAgentDropsItsDeploymentsAndKeepsItsHistory(t *testing.T) {
	l := newLab(t, leaf("a"))
	id := l.site.deploy("d", l.now, l.now.Add(48*time.Hour), "a")
	l.pass(3 * time.Hour)
	require.Equal(t, [3]int{2, 2, 8}, l.assignment(id))

	l.site.change(func(p *clientagent.Policy) { p.Settings.Enabled = false })
	l.pass(10 * 24 * time.Hour)
	require.Len(t, l.server.syncs, 1, "no scans")
	require.False(t, l.machine.has("a"), "no deadlines")
	_, err := l.agent.Scan(t.Context())
	require.ErrorIs(t, err, clientagent.ErrDisabled)
	require.ErrorIs(t, l.agent.Install(t.Context(), updateID("a")), clientagent.ErrDisabled)
	updates, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Empty(t, updates)
	last, err := l.agent.LastScan(t.Context())
	require.NoError(t, err)
	require.Len(t, last.Updates, 1, "history is kept")

	l.site.change(func(p *clientagent.Policy) { p.Settings.Enabled = true })
	l.pass(4 * time.Hour)
	require.True(t, l.machine.has("a"), "the deadline has passed, and the deployment came back with the policy")
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// What has become of a deployment while the components were dormant is told when they come back, and one that did not come back is
// forgotten, but for the fact that there was something to tell.
// (Found by the simulation, seed 7009.)
func TestEndOfADeploymentIsToldAfterDormancy(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	back, gone := l.site.deploy("back", l.now, l.now.Add(48*time.Hour), "a"), l.site.deploy("gone", l.now, l.now.Add(48*time.Hour), "b")
	l.pass(3 * time.Hour)
	require.Equal(t, [3]int{2, 2, 8}, l.assignment(back))
	require.Equal(t, [3]int{2, 2, 8}, l.assignment(gone))

	l.site.change(func(p *clientagent.Policy) { p.Settings.Enabled = false })
	l.pass(30 * time.Hour) // the last scan is too old then
	l.machine.set("a", true)
	l.site.change(func(p *clientagent.Policy) {
		p.Settings.Enabled = true
		p.Deployments = slices.DeleteFunc(p.Deployments, func(d clientagent.Deployment) bool { return d.ID == gone })
	})
	l.pass(4 * time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(back))
	for record, err := range l.store.List(t.Context(), "message/30") {
		require.NoError(t, err)
		if strings.Contains(record.Key, gone.String()) {
			require.Equal(t, "message/301/"+gone.String(), record.Key)
			require.Contains(t, string(record.Value), `"left":true`, "it may have been disabled only, and the site still believes 8")
		}
	}
}

func TestAgentRegistersAgainWhenItsTokenIsRefused(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.pass(3 * time.Hour)
	clear(l.site.known)
	_, err := l.agent.Step(t.Context(), l.now.Add(time.Hour))
	require.ErrorIs(t, err, clientagent.ErrNotAuthorized)
	l.now = l.now.Add(time.Hour)
	l.pass(time.Hour)
	require.Len(t, l.site.known, 1)
}

func TestAgentWaitsForASiteThatIsNotReady(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.notReady = true
	l.pass(time.Hour)
	_, err := l.agent.Scan(t.Context())
	require.ErrorIs(t, err, clientagent.ErrNotReady)
	l.site.notReady = false
	_, err = l.agent.Scan(t.Context())
	require.NoError(t, err)
}

func TestUnsoundPolicyChangesNothing(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.pass(3 * time.Hour)
	l.site.change(func(p *clientagent.Policy) {
		p.UpdateSource = "line\nbreak"
		p.Deployments = []clientagent.Deployment{{ID: updateID("x")}, {ID: updateID("x")}}
		p.Locations = []clientagent.Location{{WSUSURL: "ftp://wsus.test", Fallback: -2}}
	})
	_, err := l.agent.Step(t.Context(), l.now.Add(time.Hour))
	for _, reason := range []string{"update source", "twice", "ftp://wsus.test", "-2 minutes of fallback"} {
		require.ErrorContains(t, err, reason)
	}
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, "LAB", status.SiteCode)
	_, err = l.agent.Scan(t.Context())
	require.NoError(t, err, "the last sound policy counts")
}
