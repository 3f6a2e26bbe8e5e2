package clientagent_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// configured is a machine that keeps the local policies that it was given.
type configured struct {
	*machine
	given []clientagent.WindowsUpdatePolicy
	fail  error
}

func (c *configured) ConfigureWindowsUpdate(_ context.Context, p clientagent.WindowsUpdatePolicy) error {
	if c.fail != nil {
		return c.fail
	}
	c.given = append(c.given, p)
	return nil
}

// §7.1.4: the update source is added before the scan, and written only when it has changed.
func TestUpdateSourceIsWrittenWhenItChanges(t *testing.T) {
	l := newScanLab(t, at("sup1"))
	computer := &configured{machine: l.machine}
	l.config.Machine = computer
	l.lab.start()
	computer.fail = errLost
	require.ErrorIs(t, l.scan(), errLost)
	require.Empty(t, l.asked)
	computer.fail = nil
	for range 3 {
		require.NoError(t, l.scan())
		l.lab.start()
	}
	require.Len(t, computer.given, 1)
	require.Equal(t, "http://sup1.test:8530", computer.given[0].Server)
	require.Equal(t, clientagent.WindowsUpdateSettings{EnforceCertificatePinning: clientagent.Yes, DeltaContentPort: 8005},
		computer.given[0].Settings, "defaults are written out")
	l.site.change(func(p *clientagent.Policy) { p.Settings.WindowsUpdate.AllowUserProxy = true })
	l.run(61 * time.Minute)
	require.NoError(t, l.scan())
	require.Len(t, computer.given, 2)
	require.True(t, computer.given[1].Settings.AllowUserProxy)
	settings, err := l.agent.Settings(t.Context())
	require.NoError(t, err)
	require.Equal(t, computer.given[1].Settings, settings.WindowsUpdate)
}

// commuter is a machine whose connection may be metered.
type commuter struct {
	*machine
	metered bool
}

func (c *commuter) Metered(context.Context) (bool, error) { return c.metered, nil }

// §6, Metered Internet Connections: Allow; Limit lets policy, state messages and the required content of a deadline through; Block nothing;
// requests of a user always pass.
func TestMeteredConnections(t *testing.T) {
	for use, c := range map[clientagent.MeteredUse]struct{ polls, reports, scans, downloads, installs bool }{
		clientagent.MeteredAllow: {true, true, true, true, true},
		clientagent.MeteredLimit: {true, true, false, false, true},
		clientagent.MeteredBlock: {false, false, false, false, false},
	} {
		t.Run(use.String(), func(t *testing.T) {
			l := newLab(t, leaf("a"), leaf("b"))
			computer := &commuter{machine: l.machine}
			l.config.Machine = computer
			l.start()
			l.site.change(func(p *clientagent.Policy) {
				p.Settings.MeteredUse, p.Settings.ScanInterval = use, 48*time.Hour
			})
			l.pass(3 * time.Hour)
			_, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
			id := l.site.deploy("required", l.now.Add(50*time.Hour), l.now.Add(70*time.Hour), "a")
			l.pass(time.Hour)
			l.flush()

			computer.metered = true
			polls, syncs, reports := l.site.polls, len(l.server.syncs), len(l.site.reports)
			l.pass(58 * time.Hour)
			require.Equal(t, c.polls, l.site.polls > polls, "policy")
			require.Equal(t, c.scans, len(l.server.syncs) > syncs, "scheduled scan")
			require.Equal(t, c.downloads, l.server.fetched > 0, "content ahead of the deadline")
			require.False(t, l.machine.has("a"))
			l.pass(20 * time.Hour)
			require.Equal(t, c.installs, l.machine.has("a"), "content at the deadline")
			require.Equal(t, c.reports, len(l.site.reports) > reports, "state messages")

			require.NoError(t, l.agent.Install(t.Context(), updateID("b")), "a user")
			require.True(t, l.machine.has("b"))
			computer.metered = false
			l.pass(time.Hour)
			require.True(t, l.machine.has("a"))
			require.Equal(t, int(compliance.EnforcementInstalled), l.assignment(id)[2])
		})
	}
}
