package clientagent_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// §7.6 and the settings of Computer Restart: when a machine restarts by itself.
func TestRestartPlan(t *testing.T) {
	settings := clientagent.DefaultSettings().Effective().ComputerRestart
	long, reminded, polite := settings, settings, settings
	long.Countdown = 20160 * time.Minute
	reminded.ReminderInterval = 30 * time.Minute
	polite.CanForceRestart = clientagent.No
	night := clientagent.ServiceWindows{daily("night", clientagent.RebootRequiredWindow, 22, 3*time.Hour)}
	for _, c := range []struct {
		name      string
		plan      clientagent.RestartCase
		at, final string // empty for never
		bar       bool
		reminders time.Duration
	}{
		{"installed early: nobody asks before the deadline", clientagent.RestartCase{}, "", "", false, 0},
		{"nobody is logged on", clientagent.RestartCase{Asked: true}, "Tue 12:00", "Tue 12:00", true, 0},
		{"countdown of 90 minutes, the last 15 final, no reminders by default", clientagent.RestartCase{Asked: true, Watched: true}, "Tue 13:30", "Tue 13:15", true, 0},
		{"reminders while shorter than 75 minutes", clientagent.RestartCase{Asked: true, Watched: true, Settings: reminded}, "Tue 13:30", "Tue 13:15", true, 30 * time.Minute},
		{"suppressed on this class", clientagent.RestartCase{Suppressed: true}, "", "", false, 0},
		{"one deployment suppresses, another asks", clientagent.RestartCase{Suppressed: true, Asked: true}, "Tue 12:00", "Tue 12:00", true, 0},
		{"may not be forced: reminders only, which no countdown bounds", clientagent.RestartCase{Asked: true, Watched: true, Settings: polite}, "", "", false,
			240 * time.Minute},
		{"waits for the window", clientagent.RestartCase{Asked: true, Windows: night}, "Tue 22:00", "Tue 22:00", true, 0},
		{"outside of the window", clientagent.RestartCase{Asked: true, Outside: true, Windows: night}, "Tue 12:00", "Tue 12:00", true, 0},
		{"countdown ends in the window", clientagent.RestartCase{Asked: true, Watched: true, Since: moment("Tue 21:30"), Now: moment("Tue 21:30"), Windows: night},
			"Tue 23:00", "Tue 22:45", true, 0},
		{"countdown ends as the window closes", clientagent.RestartCase{Asked: true, Watched: true, Since: moment("Tue 23:30"), Now: moment("Tue 23:30"), Windows: night},
			"Wed 22:00", "Wed 21:45", true, 0},
		{"sleep does not pause the countdown", clientagent.RestartCase{Asked: true, Watched: true, Since: moment("Tue 12:00"), Now: moment("Tue 20:00")}, "Tue 20:00", "Tue 19:45", true, 0},
		{"slept through its window", clientagent.RestartCase{Asked: true, Since: moment("Tue 22:00"), Now: moment("Wed 08:00"), Windows: night}, "Wed 22:00", "Wed 22:00", true, 0},
		{"farther than 24 hours: no progress bar", clientagent.RestartCase{Asked: true, Watched: true, Settings: long, Now: moment("Mon 00:00"), Since: moment("Mon 00:00")},
			"Mon2 00:00", "Mon2 -15", false, 240 * time.Minute},
	} {
		if c.plan.Settings == (clientagent.ComputerRestartSettings{}) {
			c.plan.Settings = settings
		}
		if c.plan.Now.IsZero() {
			c.plan.Now, c.plan.Since = moment("Tue 12:00"), moment("Tue 12:00")
		}
		n := c.plan.Plan()
		require.True(t, n.Pending, c.name)
		require.Equal(t, planned(c.at), n.At, c.name)
		require.Equal(t, planned(c.final), n.FinalCountdown, c.name)
		require.Equal(t, c.bar, n.ProgressBar, c.name)
		require.Equal(t, c.reminders, n.Reminders, c.name)
		require.Equal(t, c.plan.Suppressed && !c.plan.Asked, n.Suppressed, c.name)
	}
}

// A pending restart is reminded of every so often from when it was asked for, until the final countdown takes the notification's place.
func TestNextReminderOfARestart(t *testing.T) {
	settings := clientagent.DefaultSettings().Effective().ComputerRestart
	settings.Countdown, settings.FinalCountdown, settings.ReminderInterval = 90*time.Minute, 15*time.Minute, 30*time.Minute
	polite, rare := settings, settings
	polite.CanForceRestart = clientagent.No
	rare.ReminderInterval = 75 * time.Minute
	for _, c := range []struct {
		now, next string
		settings  clientagent.ComputerRestartSettings
	}{
		{"Tue 12:00", "Tue 12:30", settings},
		{"Tue 12:29", "Tue 12:30", settings},
		{"Tue 12:30", "Tue 13:00", settings},
		{"Tue 13:00", "", settings}, // 13:30 is the restart, 13:15 the final countdown
		{"Tue 12:00", "", rare},     // as long as what lies between the two: no reminders
		{"Tue 13:00", "Tue 13:30", polite},
		{"Fri 13:10", "Fri 13:30", polite},
	} {
		plan := clientagent.RestartCase{Asked: true, Watched: true, Since: moment("Tue 12:00"), Now: moment(c.now), Settings: c.settings}
		require.Equal(t, planned(c.next), plan.Plan().NextReminder, "%+v", c)
	}
}

// §6: the first two restart durations must be shorter than the shortest maintenance window. The default is 90 minutes.
func TestWindowsThatAreTooShortForARestart(t *testing.T) {
	long := daily("long", clientagent.SoftwareUpdateWindow, 1, 3*time.Hour)
	with := func(kind clientagent.ServiceWindowType, lasts time.Duration) clientagent.ServiceWindows {
		return clientagent.ServiceWindows{long, daily("other", kind, 5, lasts)}
	}
	settings := clientagent.DefaultSettings()
	require.Empty(t, settings.Advice(nil))
	require.Empty(t, settings.Advice(with(clientagent.SoftwareUpdateWindow, 91*time.Minute)))
	require.Contains(t, settings.Advice(with(clientagent.SoftwareUpdateWindow, 90*time.Minute)), "1h30m0s")
	require.Contains(t, settings.Advice(with(clientagent.RebootRequiredWindow, time.Hour)), "1h0m0s")
	require.Empty(t, settings.Advice(with(clientagent.AllProgramWindow, time.Hour)), "updates do not use it")
	settings.UseAllDeploymentsWindows = true
	require.NotEmpty(t, settings.Advice(with(clientagent.AllProgramWindow, time.Hour)))
	settings.ComputerRestart.Countdown = 59 * time.Minute
	require.Empty(t, settings.Advice(with(clientagent.AllProgramWindow, time.Hour)))

	l := newLab(t, leaf("a"))
	var log strings.Builder
	l.config.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	l.start()
	l.step()
	require.Empty(t, log.String())
	l.site.change(func(p *clientagent.Policy) { p.ServiceWindows = with(clientagent.SoftwareUpdateWindow, time.Hour) })
	l.pass(3 * time.Hour)
	require.Equal(t, 1, strings.Count(log.String(), "shortest maintenance window"), "once, not with every poll: %s", log.String())
}

// §6, the three intervals of "remind user every": 48 hours, 4 hours and 15 minutes.
func TestHowOftenADeadlineIsRemindedOf(t *testing.T) {
	computer := clientagent.DefaultSettings().Effective().ComputerAgent
	for left, every := range map[time.Duration]time.Duration{
		25 * time.Hour: 48 * time.Hour, 24 * time.Hour: 4 * time.Hour, 61 * time.Minute: 4 * time.Hour, time.Hour: 15 * time.Minute,
		time.Second: 15 * time.Minute, 0: 0, -time.Hour: 0,
	} {
		require.Equal(t, every, computer.Remind(left), left)
	}
}

// planned reads a time of this week; Mon2 is the Monday in 14 days.
func planned(text string) time.Time {
	switch text {
	case "":
		return time.Time{}
	case "Mon2 00:00":
		return moment("Mon 00:00").AddDate(0, 0, 14)
	case "Mon2 -15":
		return moment("Mon 00:00").AddDate(0, 0, 14).Add(-15 * time.Minute)
	}
	return moment(text)
}

// The bits of SuppressReboot by Win32_OperatingSystem.ProductType.
func TestRestartsAreSuppressedByClass(t *testing.T) {
	for _, c := range []struct {
		bits                            clientagent.RebootSuppression
		workstation, controller, server bool
	}{
		{0, false, false, false},
		{clientagent.SuppressWorkstations, true, false, false},
		{clientagent.SuppressServers, false, true, true},
		{clientagent.SuppressAll, true, true, true},
	} {
		require.Equal(t, c.workstation, c.bits.Holds(1), "%d", c.bits)
		require.Equal(t, c.controller, c.bits.Holds(2), "%d", c.bits)
		require.Equal(t, c.server, c.bits.Holds(3), "%d", c.bits)
	}
}
