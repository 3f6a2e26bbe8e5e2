package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func TestMaintenanceWindowIsThatOfThePolicy(t *testing.T) {
	l := newLab(t, leaf("a"))
	shown := func() clientagent.MaintenanceWindow {
		l.pass(2 * time.Hour) // the next policy
		window, err := l.agent.MaintenanceWindow(t.Context())
		require.NoError(t, err)
		return window
	}
	require.Equal(t, clientagent.MaintenanceWindow{}, shown())

	// It is 2 March 2026, about noon; windows of 22:00 and, for software updates, of 09:00.
	l.config.Zone = zone("America/New_York")
	l.start()
	all := window("all", clientagent.AllProgramWindow, "22:00", time.Hour)
	sum := updates("09:00", time.Hour)
	l.windows(all)
	next := shown()
	require.True(t, next.Limited)
	require.Zero(t, next.OpenUntil)
	require.Equal(t, "2026-03-02 22:00 EST", next.Next.Start.In(l.config.Zone).Format("2006-01-02 15:04 MST"))
	require.Equal(t, time.Hour, next.Next.Duration())

	l.windows(all, sum)
	require.Equal(t, "2026-03-03 09:00 EST", shown().Next.Start.In(l.config.Zone).Format("2006-01-02 15:04 MST"))

	l.site.change(func(p *clientagent.Policy) { p.Settings.UseAllDeploymentsWindows = true })
	require.Equal(t, "2026-03-02 22:00 EST", shown().Next.Start.In(l.config.Zone).Format("2006-01-02 15:04 MST"))

	l.now = time.Date(2026, 3, 3, 9, 20, 0, 0, l.config.Zone)
	next, err := l.agent.MaintenanceWindow(t.Context())
	require.NoError(t, err)
	require.Equal(t, "2026-03-03 10:00 EST", next.OpenUntil.In(l.config.Zone).Format("2006-01-02 15:04 MST"))
	require.Equal(t, "2026-03-03 22:00 EST", next.Next.Start.In(l.config.Zone).Format("2006-01-02 15:04 MST"))

	l.windows(clientagent.ServiceWindow{ID: "once", Type: clientagent.SoftwareUpdateWindow,
		Schedule: clientagent.Once(wall("2026-01-01 01:00")).Lasting(time.Hour)})
	l.site.change(func(p *clientagent.Policy) { p.Settings.UseAllDeploymentsWindows = false })
	require.Equal(t, clientagent.MaintenanceWindow{Limited: true}, shown())
}
