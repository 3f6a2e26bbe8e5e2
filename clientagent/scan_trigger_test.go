package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// The rows of the table in configmgr.md §7.2: which triggers scan online, and whether the age of the last scan counts (TTL 24 h). The lab
// has scanned at minute 0; syncs counts the online scans since.
func TestScanTriggers(t *testing.T) {
	const ttl = 24 * time.Hour
	begin := func(t *testing.T, change func(*clientagent.Settings)) *lab {
		l := newLab(t, leaf("a"))
		l.site.change(func(p *clientagent.Policy) {
			p.Settings.ScanInterval, p.Settings.ReevaluationInterval = 300*24*time.Hour, 31*24*time.Hour
			change(&p.Settings)
		})
		l.pass(3 * time.Hour) // the first scheduled scan
		_, err := l.agent.Scan(t.Context())
		require.NoError(t, err)
		l.server.syncs = nil
		return l
	}
	nothing := func(*clientagent.Settings) {}
	scan := func(l *lab) {
		_, err := l.agent.Scan(t.Context())
		require.NoError(t, err)
		l.server.syncs = nil
	}
	t.Run("row 1: scan schedule, if older than TTL", func(t *testing.T) {
		l := begin(t, func(s *clientagent.Settings) { s.ScanInterval = 2 * ttl })
		l.pass(2 * ttl)
		require.Len(t, l.server.syncs, 1)
		l.pass(ttl)
		scan(l)
		l.pass(ttl - time.Minute)
		require.Empty(t, l.server.syncs, "a schedule comes by, and the last scan is younger than a day")
	})
	t.Run("row 2: user, always, resets TTL", func(t *testing.T) {
		l := begin(t, nothing)
		for range 3 {
			_, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
		}
		require.Len(t, l.server.syncs, 3, "Software Updates Scan Cycle")
		require.NoError(t, l.agent.EvaluateDeployments(t.Context()))
		require.Len(t, l.server.syncs, 4, "Deployment Evaluation Cycle")
		l.pass(ttl - 2*time.Minute)
		l.site.deploy("d", l.now, time.Time{}, "a") // its activation asks for a scan that is not older than the TTL
		l.now = l.now.Add(time.Minute)
		_, err := l.agent.Step(t.Context(), l.now)
		require.NoError(t, err)
		require.Len(t, l.server.syncs, 4)
	})
	t.Run("row 3: deployment re-evaluation schedule, if older than TTL", func(t *testing.T) {
		l := begin(t, func(s *clientagent.Settings) { s.ReevaluationInterval = 2 * ttl })
		l.pass(2 * ttl)
		require.Len(t, l.server.syncs, 1)
		l.pass(ttl)
		scan(l)
		l.pass(ttl - time.Minute)
		require.Empty(t, l.server.syncs)
	})
	t.Run("row 4: before download, if older than TTL", func(t *testing.T) {
		for _, c := range []struct {
			wait  time.Duration
			scans int
		}{{ttl - 2*time.Hour, 0}, {ttl + 2*time.Hour, 1}} {
			l := begin(t, nothing)
			l.site.deploy("d", l.now.Add(c.wait), l.now.Add(30*ttl), "a")
			l.pass(c.wait + time.Minute)
			require.Len(t, l.server.syncs, c.scans, "%v", c.wait)
			require.Equal(t, 1, l.server.fetched)
		}
	})
	t.Run("row 4: what the scan finds gone is not downloaded", func(t *testing.T) {
		l := begin(t, nothing)
		l.site.deploy("d", l.now.Add(2*ttl), l.now.Add(30*ttl), "a")
		l.pass(ttl)
		l.machine.set("a", true)
		l.pass(2 * ttl)
		require.Zero(t, l.server.fetched)
	})
	t.Run("row 5: before install, if older than TTL", func(t *testing.T) {
		for _, c := range []struct {
			wait  time.Duration
			scans int
		}{{ttl - 2*time.Hour, 0}, {ttl + 2*time.Hour, 1}} {
			l := begin(t, nothing)
			l.site.deploy("d", l.now, l.now.Add(c.wait), "a")
			l.pass(c.wait + time.Minute)
			require.True(t, l.machine.has("a"))
			require.Len(t, l.server.syncs, c.scans, "%v", c.wait)
		}
	})
	t.Run("row 6: after install, offline and forced", func(t *testing.T) {
		l := begin(t, nothing)
		l.machine.hook = func() { l.server.outage = errLost } // nobody to ask any more
		require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
		require.Empty(t, l.server.syncs)
		last, err := l.agent.LastScan(t.Context())
		require.NoError(t, err)
		require.Equal(t, compliance.Installed, last.Updates[0].State, "though the last scan is as good as new")
	})
	t.Run("row 7: after restart, offline and forced", func(t *testing.T) {
		l := begin(t, nothing)
		l.machine.restarts["a"] = true
		require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
		l.server.outage = errLost
		require.NoError(t, l.machine.Restart(t.Context()))
		l.start()
		l.step()
		require.Empty(t, l.server.syncs)
		last, err := l.agent.LastScan(t.Context())
		require.NoError(t, err)
		require.Equal(t, compliance.Installed, last.Updates[0].State)
	})
	t.Run("§7.1: a change of the policy starts no scan", func(t *testing.T) {
		l := begin(t, nothing)
		l.site.change(func(p *clientagent.Policy) { p.ContentVersion++ })
		l.pass(5 * ttl)
		require.Empty(t, l.server.syncs)
	})
}

// The evaluation cycle tries again what had failed.
func TestEvaluateDeployments(t *testing.T) {
	l := newLab(t, leaf("a"))
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.machine.fail["a"] = failing(1603)
	for range 40 {
		l.now, _ = l.agent.Step(t.Context(), l.now)
	}
	require.Equal(t, int(compliance.EnforcementInstallFailed), l.assignment(id)[2])
	delete(l.machine.fail, "a")
	require.NoError(t, l.agent.EvaluateDeployments(t.Context()))
	l.step()
	require.True(t, l.machine.has("a"))
}
