package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// When the policy names another server, nothing that the old one told serves any more.
func TestMovedServerIsScannedBeforeAnythingIsInstalled(t *testing.T) {
	const moved = "http://wsus.test:9999"
	l := newLab(t, leaf("a"))
	l.pass(3 * time.Hour)
	syncs := len(l.server.syncs)
	l.site.change(func(p *clientagent.Policy) { p.Locations = []clientagent.Location{{WSUSURL: moved, Version: 1}} })
	l.site.deploy("d", l.now, l.now.Add(90*time.Minute), "a")
	l.pass(3 * time.Hour)
	require.True(t, l.machine.has("a"))
	require.Greater(t, len(l.server.syncs), syncs)
	scan, err := l.agent.LastScan(t.Context())
	require.NoError(t, err)
	require.Equal(t, moved, scan.Server)
}

// So it is for a user who installs before the agent has polled its policy again.
func TestUserInstallsFromTheServerThatThePolicyNamesNow(t *testing.T) {
	const moved = "http://wsus.test:9999"
	l := newLab(t, leaf("a"))
	l.pass(3 * time.Hour)
	l.site.change(func(p *clientagent.Policy) { p.Locations = []clientagent.Location{{WSUSURL: moved, Version: 1}} })
	l.now = l.now.Add(2 * time.Hour) // the poll is overdue, as after a start of the process
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	require.True(t, l.machine.has("a"))
	scan, err := l.agent.LastScan(t.Context())
	require.NoError(t, err)
	require.Equal(t, moved, scan.Server)
}

// A user's installation needs the policy that is here, not the site.
func TestUserInstallsWhileTheSiteIsAway(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.pass(3 * time.Hour)
	l.site.outage = errLost
	polls := l.site.polls
	l.now = l.now.Add(2 * time.Hour)
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	require.Greater(t, l.site.polls, polls, "the overdue poll was tried")
	require.True(t, l.machine.has("a"))
}

// A failed scan waits half an hour for its server; a policy that names another server ends the wait.
func TestMovedServerEndsTheWaitForTheOldOne(t *testing.T) {
	const moved = "http://wsus.test:9999"
	l := newLab(t, leaf("a"))
	l.site.change(func(p *clientagent.Policy) { p.Settings.PolicyPollingInterval = 3 * time.Minute })
	l.server.outage = errLost
	_, err := l.agent.Scan(t.Context())
	require.ErrorIs(t, err, errLost)
	l.server.outage = nil
	l.site.change(func(p *clientagent.Policy) { p.Locations = []clientagent.Location{{WSUSURL: moved, Version: 2}} })
	l.now = l.now.Add(3 * time.Minute)
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	require.True(t, l.machine.has("a"))
}

// A clock that was ten years ahead for some hours must not put the agent to sleep for ten years.
func TestClockThatWasAhead(t *testing.T) {
	l := newLab(t, leaf("a"))
	right := l.now
	l.now = right.AddDate(10, 0, 0)
	l.pass(3 * time.Hour)
	l.now = right
	l.site.change(func(p *clientagent.Policy) { p.ContentVersion++ })
	l.site.deploy("d", right, right.Add(time.Hour), "a")
	l.pass(3 * time.Hour)
	require.True(t, l.machine.has("a"))
}

// A site that was rebuilt counts its content versions from one again: what was scanned of the old one does not serve.
func TestLowerContentVersionIsScannedAnew(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.change(func(p *clientagent.Policy) { p.ContentVersion = 7 })
	l.pass(3 * time.Hour)
	syncs := len(l.server.syncs)
	l.site.change(func(p *clientagent.Policy) { p.ContentVersion = 2 })
	l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.pass(3 * time.Hour)
	require.Greater(t, len(l.server.syncs), syncs)
}
