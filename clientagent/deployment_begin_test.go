package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// moment is a time of the week of Monday 2 March 2026, in UTC, such as "Tue 09:30".
func moment(text string) time.Time {
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	days := map[string]int{"Mon": 0, "Tue": 1, "Wed": 2, "Thu": 3, "Fri": 4, "Sat": 5, "Sun": 6}
	clock, err := time.Parse("15:04", text[4:])
	if err != nil {
		panic(err)
	}
	return monday.AddDate(0, 0, days[text[:3]]).Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
}

// daily is a window of every day from a time of day on.
func daily(id string, kind clientagent.ServiceWindowType, hour int, length time.Duration) clientagent.ServiceWindow {
	return clientagent.ServiceWindow{ID: id, Type: kind,
		Schedule: clientagent.Daily(1, time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC)).InUTC().Lasting(length)}
}

// Rule 16 and §5.5: an automatic deployment rule's deadlines are always delayed, others when deployment and client settings agree.
func TestRule16WhichDeadlinesAreRandomized(t *testing.T) {
	for _, c := range []struct{ automatic, deployment, settings, want bool }{
		{false, false, false, false},
		{false, true, false, false}, // Disable deadline randomization: Yes
		{false, false, true, false},
		{false, true, true, true},
		{true, false, false, true}, // the setting does not switch an ADR's delay off
		{true, true, true, true},
	} {
		d := clientagent.Deployment{DeploymentOptions: clientagent.DeploymentOptions{Automatic: c.automatic, RandomizationEnabled: c.deployment}}
		require.Equal(t, c.want, clientagent.Randomized(d, clientagent.Settings{RandomizeDeadline: c.settings}), "%+v", c)
	}
}

// Row Grace of §7.4: after the deadline wait for the first non-business window, at most n hours.
func TestRowGrace(t *testing.T) {
	evening := clientagent.ServiceWindows{daily("evening", clientagent.UserDefinedWindow, 18, 4*time.Hour)}
	for _, c := range []struct {
		name           string
		deadline, want string
		grace          time.Duration
		quiet          clientagent.ServiceWindows
	}{
		{"no grace", "Tue 09:00", "Tue 09:00", 0, evening},
		{"no hours set: the whole period", "Tue 09:00", "Tue 17:00", 8 * time.Hour, nil},
		{"hours within the period", "Tue 09:00", "Tue 18:00", 24 * time.Hour, evening},
		{"hours after the period", "Tue 09:00", "Tue 17:00", 8 * time.Hour, evening},
		{"hours begin as the period ends", "Tue 09:00", "Tue 18:00", 9 * time.Hour, evening},
		{"deadline in the hours", "Tue 19:00", "Tue 19:00", 24 * time.Hour, evening},
		{"deadline as the hours end", "Tue 22:00", "Wed 18:00", 24 * time.Hour, evening},
		{"the longest grace, 120 hours", "Mon 09:00", "Sat 09:00", 120 * time.Hour, nil},
	} {
		require.Equal(t, moment(c.want), clientagent.GraceEnd(moment(c.deadline), c.grace, c.quiet, time.UTC), c.name)
	}
}

// Row Batching of §7.4: a reached deadline pulls in other required deployments whose deadline lies inside the period.
func TestRowBatching(t *testing.T) {
	due := func(begin, available string, idle bool) clientagent.Due {
		return clientagent.Due{Begin: moment(begin), Deadline: moment(begin), Available: moment(available), Idle: idle}
	}
	now := moment("Tue 09:00")
	for _, c := range []struct {
		name   string
		all    []clientagent.Due
		period time.Duration
		want   []int
	}{
		{"off", []clientagent.Due{due("Tue 09:00", "Mon 00:00", false), due("Tue 10:00", "Mon 00:00", false)}, 0, nil},
		{"inside and at the end of the period", []clientagent.Due{due("Tue 09:00", "Mon 00:00", false), due("Wed 09:00", "Mon 00:00", false),
			due("Wed 09:01", "Mon 00:00", false)}, 24 * time.Hour, []int{1}},
		{"23 hours are one hour short", []clientagent.Due{due("Tue 09:00", "Mon 00:00", false), due("Wed 09:00", "Mon 00:00", false)}, 23 * time.Hour, nil},
		{"nobody is due", []clientagent.Due{due("Tue 09:01", "Mon 00:00", false), due("Tue 10:00", "Mon 00:00", false)}, 24 * time.Hour, nil},
		{"the due one has nothing to do", []clientagent.Due{due("Tue 09:00", "Mon 00:00", true), due("Tue 10:00", "Mon 00:00", false)}, 24 * time.Hour, nil},
		{"the other has nothing to do", []clientagent.Due{due("Tue 09:00", "Mon 00:00", false), due("Tue 10:00", "Mon 00:00", true)}, 24 * time.Hour, nil},
		{"not available yet", []clientagent.Due{due("Tue 09:00", "Mon 00:00", false), due("Tue 10:00", "Tue 09:01", false)}, 24 * time.Hour, nil},
		{"several at once", []clientagent.Due{due("Wed 01:00", "Mon 00:00", false), due("Mon 09:00", "Mon 00:00", false), due("Tue 10:00", "Tue 09:00", false)},
			365 * 24 * time.Hour, []int{0, 2}},
	} {
		require.Equal(t, c.want, clientagent.PulledIn(c.all, c.period, now), c.name)
	}
}

// UseGMTTimes false: the clock of each machine, over both changes of daylight saving.
func TestLocalTimesAreThoseOfTheMachine(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, c := range []struct{ written, local string }{
		{"2026-01-15T22:00:00Z", "2026-01-15T21:00:00Z"},
		{"2026-07-15T22:00:00Z", "2026-07-15T20:00:00Z"},
		{"2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"}, // the clock skips 02:00 to 03:00: an hour later, 03:30 CEST
		{"2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"}, // the clock shows it twice: the first time
	} {
		written, err := time.Parse(time.RFC3339, c.written)
		require.NoError(t, err)
		d := clientagent.Deployment{StartTime: written, EnforcementDeadline: written}
		require.Equal(t, written, d.Deadline(berlin), "in UTC by default")
		d.LocalTime = true
		for _, moment := range []time.Time{d.Deadline(berlin), d.Available(berlin)} {
			require.Equal(t, c.local, moment.UTC().Format(time.RFC3339), c.written)
		}
		require.Equal(t, written, d.Deadline(time.UTC).UTC())
	}
	require.True(t, clientagent.Deployment{DeploymentOptions: clientagent.DeploymentOptions{LocalTime: true}}.Deadline(berlin).IsZero(), "optional stays optional")
}

func TestGraceNeverEndsBeforeTheDeadlineNorAfterThePeriod(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		deadline := moment("Mon 00:00").Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(r, "deadline")) * time.Minute)
		grace := time.Duration(rapid.IntRange(0, 120).Draw(r, "grace")) * time.Hour
		var quiet clientagent.ServiceWindows
		for i := range rapid.IntRange(0, 3).Draw(r, "windows") {
			quiet = append(quiet, daily(string(rune('a'+i)), clientagent.UserDefinedWindow, rapid.IntRange(0, 23).Draw(r, "hour"),
				time.Duration(rapid.IntRange(1, 24).Draw(r, "length"))*time.Hour))
		}
		end := clientagent.GraceEnd(deadline, grace, quiet, time.UTC)
		require.False(r, end.Before(deadline))
		require.False(r, end.After(deadline.Add(grace)))
		if _, open := quiet.Open(end, time.UTC); !open {
			require.Equal(r, deadline.Add(grace), end, "it ends in the hours or with the period")
		}
	})
}
