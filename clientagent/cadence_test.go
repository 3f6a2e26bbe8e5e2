package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// nextScans are the due times of scheduled scans over a time, in UTC. The lab begins on Monday, 2 March 2026 at 08:00.
func nextScans(l *lab, d time.Duration) (due []string) {
	l.Helper()
	for end := l.now.Add(d); l.now.Before(end); {
		l.now = l.step()
		status, err := l.agent.Status(l.Context())
		require.NoError(l, err)
		next := "never"
		if !status.NextScan.IsZero() {
			next = status.NextScan.UTC().Format("Jan 2 15:04")
		}
		if len(due) == 0 || due[len(due)-1] != next {
			due = append(due, next)
		}
	}
	return due
}

func scheduled(t *testing.T, s clientagent.Schedule) *lab {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	l := newLab(t, leaf("a"))
	l.config.Zone = zone
	l.start()
	l.site.change(func(p *clientagent.Policy) { p.Settings.ScanSchedule, p.Settings.EvaluationSchedule = s, s })
	_, err = l.agent.Scan(t.Context()) // so that the first scheduled one needs no retries
	require.NoError(t, err)
	l.pass(2*time.Hour + time.Minute) // the first scheduled one
	return l
}

func wallIn2026(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
}

// Worked out by hand. The clocks of Berlin are an hour ahead of UTC until 29 March, 01:00 UTC, and two hours after that.
func TestScanSchedules(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		schedule clientagent.Schedule
		days     int
		want     []string
	}{
		"every Saturday at 02:00": {clientagent.Weekly(1, time.Saturday, wallIn2026(time.March, 1, 2, 0)), 36,
			[]string{"Mar 7 01:00", "Mar 14 01:00", "Mar 21 01:00", "Mar 28 01:00", "Apr 4 00:00", "Apr 11 00:00"}},
		"every second day at 02:30, over the hour that is skipped on the 29th": {clientagent.Daily(2, wallIn2026(time.March, 1, 2, 30)), 28,
			[]string{"Mar 3 01:30", "Mar 5 01:30", "Mar 7 01:30", "Mar 9 01:30", "Mar 11 01:30", "Mar 13 01:30", "Mar 15 01:30", "Mar 17 01:30",
				"Mar 19 01:30", "Mar 21 01:30", "Mar 23 01:30", "Mar 25 01:30", "Mar 27 01:30", "Mar 29 01:30", "Mar 31 00:30"}},
		"every day, though that of the 29th has 23 hours": {clientagent.Daily(1, wallIn2026(time.March, 27, 2, 0)), 28,
			[]string{"Mar 27 01:00", "Mar 28 01:00", "Mar 29 01:00", "Mar 30 00:00", "Mar 31 00:00"}},
		"twice a day is once a day": {append(clientagent.Daily(1, wallIn2026(time.March, 27, 2, 0)), clientagent.Daily(1, wallIn2026(time.March, 27, 14, 0))...), 28,
			[]string{"Mar 27 01:00", "Mar 28 01:00", "Mar 29 01:00", "Mar 30 00:00", "Mar 31 00:00"}},
		"every hour is once a day, a day from the last": {clientagent.Schedule{{Recurrence: clientagent.RecurInterval,
			Start: wallIn2026(time.March, 24, 2, 0), Hours: 1}}, 24, []string{"Mar 24 01:00", "Mar 25 01:00", "Mar 26 01:00", "Mar 27 01:00"}},
		"22 hours apart is not a day": {append(clientagent.Weekly(1, time.Monday, wallIn2026(time.March, 2, 22, 0)),
			clientagent.Weekly(1, time.Tuesday, wallIn2026(time.March, 2, 20, 0))...), 15, []string{"Mar 2 21:00", "Mar 9 21:00", "Mar 16 21:00", "Mar 23 21:00"}},
		"last day of the month at noon": {clientagent.MonthlyByDate(1, 0, wallIn2026(time.January, 1, 12, 0)), 100,
			[]string{"Mar 31 10:00", "Apr 30 10:00", "May 31 10:00", "Jun 30 10:00"}},
		"once, and no more": {clientagent.Once(wallIn2026(time.March, 10, 12, 0)), 20, []string{"Mar 10 11:00", "never"}},
		"in UTC":            {clientagent.Weekly(4, time.Tuesday, wallIn2026(time.March, 10, 2, 0)).InUTC(), 50, []string{"Mar 10 02:00", "Apr 7 02:00", "May 5 02:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := scheduled(t, c.schedule)
			require.Equal(t, c.want, nextScans(l, time.Duration(c.days)*day))
		})
	}
}

// Rule 14 of configmgr.md §10: at least a day. A simple schedule is an interval that each client counts for itself, and less than a day is raised to a day.
func TestSimpleSchedulesBelowADayAreRaised(t *testing.T) {
	for every, want := range map[time.Duration]time.Duration{4 * time.Hour: 24 * time.Hour, 36 * time.Hour: 36 * time.Hour} {
		l := scheduled(t, clientagent.Every(every))
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		l.pass(status.NextScan.Sub(l.now))
		require.Equal(t, status.NextScan, l.now)
		status, err = l.agent.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, status.NextScan.Sub(l.now), "%v", every)
	}
}

// Rule 14 of configmgr.md §10: the start is a random time of up to 120 minutes after the due time.
func TestStartsOfSchedulesAreSpread(t *testing.T) {
	due := time.Date(2026, time.March, 7, 1, 0, 0, 0, time.UTC)
	earliest, latest := due.Add(2*time.Hour), due
	for i := range 30 {
		l := newLab(t, leaf("a"))
		zone, err := time.LoadLocation("Europe/Berlin")
		require.NoError(t, err)
		l.config.Zone = zone
		l.start()
		for range i {
			l.config.Rand.Uint64()
		}
		l.site.change(func(p *clientagent.Policy) {
			p.Settings.ExactStart = false
			p.Settings.ScanSchedule = clientagent.Weekly(1, time.Saturday, wallIn2026(time.March, 1, 2, 0))
		})
		l.pass(3 * time.Hour)
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		require.False(t, status.NextScan.Before(due) || !status.NextScan.Before(due.Add(2*time.Hour)), "%v", status.NextScan)
		if status.NextScan.Before(earliest) {
			earliest = status.NextScan
		}
		if status.NextScan.After(latest) {
			latest = status.NextScan
		}
	}
	require.Greater(t, latest.Sub(earliest), time.Hour, "of 30 clients")
}

func TestChangedScheduleIsPlannedAnew(t *testing.T) {
	l := scheduled(t, clientagent.Weekly(1, time.Saturday, wallIn2026(time.March, 1, 2, 0)))
	plan := func(s clientagent.Schedule, interval time.Duration) string {
		l.site.change(func(p *clientagent.Policy) {
			p.Settings.ScanSchedule = s
			p.Settings.ScanInterval = interval
		})
		l.pass(61 * time.Minute)
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		return status.NextScan.UTC().Format("Jan 2 15:04")
	}
	require.Equal(t, "Mar 3 01:00", plan(clientagent.Weekly(1, time.Tuesday, wallIn2026(time.March, 1, 2, 0)), 7*24*time.Hour))
	require.Equal(t, "Mar 7 01:00", plan(clientagent.Weekly(1, time.Saturday, wallIn2026(time.March, 1, 2, 0)), 7*24*time.Hour))
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	l.site.change(func(p *clientagent.Policy) { p.ContentVersion++ })
	l.pass(61 * time.Minute)
	same, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, status.NextScan, same.NextScan, "another change of the policy moves nothing")
	require.Equal(t, "Mar 3", plan(nil, 24*time.Hour)[:5], "a simple schedule again, a day from now")
}

// Rule 19 with a schedule: what went missing is installed again at the next re-evaluation.
func TestReevaluationByCustomSchedule(t *testing.T) {
	l := scheduled(t, clientagent.Weekly(1, time.Saturday, wallIn2026(time.March, 1, 2, 0)))
	l.site.deploy("d", l.now, l.now, "a")
	l.pass(2 * time.Hour)
	require.True(t, l.machine.has("a"))
	l.machine.set("a", false)
	l.now = time.Date(2026, time.March, 7, 0, 59, 0, 0, time.UTC)
	l.step()
	require.False(t, l.machine.has("a"))
	l.pass(2 * time.Minute)
	require.True(t, l.machine.has("a"))
}

// A clock that was years ahead leaves no scan waiting for the schedule of those years.
func TestScheduleAfterAWrongClock(t *testing.T) {
	l := scheduled(t, clientagent.MonthlyByDate(6, 15, wallIn2026(time.January, 1, 12, 0)))
	right := l.now
	l.now = l.now.AddDate(5, 0, 0)
	for range 8 {
		l.now, _ = l.agent.Step(t.Context(), l.now)
	}
	l.now = right
	l.pass(2 * time.Hour)
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, time.July, 15, 10, 0, 0, 0, time.UTC), status.NextScan.UTC(), "the next of January, July, and so on")
}
