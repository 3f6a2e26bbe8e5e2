package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// §7.5 rule 3: a deadline inside a window of which too little is left, worked out by hand, with daylight saving both ways. Berlin goes forward
// on 29 March 2026 and back on 25 October 2026, each at 01:00 UTC; Lord Howe Island goes back by half an hour on 4 April at 15:00 UTC.
func TestDeadlineInsideAWindowThatIsTooShort(t *testing.T) {
	sunday := func(opens string, lasts time.Duration) clientagent.Schedule {
		return clientagent.Weekly(1, time.Sunday, wall("2026-03-01 "+opens)).Lasting(lasts)
	}
	for _, c := range []struct {
		name, zone, deadline string
		window               clientagent.Schedule
		run                  int // minutes; 10 is that of the other update
		starts, other        string
	}{
		{"29 of 30 minutes are left", "UTC", "Mar 8 02:31", sunday("02:00", time.Hour), 30, "Mar 15 02:00", "Mar 8 02:31"},
		{"30 are left, and 20 after the other", "UTC", "Mar 8 02:30", sunday("02:00", time.Hour), 30, "Mar 15 02:00", "Mar 8 02:30"},
		{"exactly 30 are left after the other", "UTC", "Mar 8 02:20", sunday("02:00", time.Hour), 30, "Mar 8 02:30", "Mar 8 02:20"},
		{"over midnight", "UTC", "Mar 9 00:40", sunday("23:00", 2*time.Hour), 30, "Mar 15 23:00", "Mar 9 00:40"},
		// 01:00 +01:00 and two hours of elapsed time: from 00:00 to 02:00 UTC, although the clock shows 04:00 then.
		{"forward: 31 of 30 minutes", "Europe/Berlin", "Mar 29 01:30", sunday("01:00", 2*time.Hour), 31, "Apr 4 23:00", "Mar 29 01:30"},
		// 01:00 +02:00 and three hours: from 23:00 to 02:00 UTC, when the clock shows 03:00 for the only time.
		{"back: 02:20 for the second time, 41 of 40 minutes", "Europe/Berlin", "Oct 25 01:20", sunday("01:00", 3*time.Hour), 41, "Nov 1 00:00", "Oct 25 01:20"},
		// 01:00 +11:00 and two hours: from 14:00 to 16:00 UTC, when the clock shows 02:30; a week later +10:30.
		{"back by half an hour", "Australia/Lord_Howe", "Apr 4 15:31", sunday("01:00", 2*time.Hour), 30, "Apr 11 14:30", "Apr 4 15:31"},
		// In UTC the window stays where it is.
		{"in UTC over the change", "Europe/Berlin", "Mar 29 02:31", sunday("02:00", time.Hour).InUTC(), 30, "Apr 5 02:00", "Mar 29 02:31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			const layout = "Jan 2 15:04"
			deadline, err := time.Parse("2006 "+layout, "2026 "+c.deadline)
			require.NoError(t, err)
			l := newLab(t, leaf("a"), leaf("b"))
			l.config.Zone = zone(c.zone)
			l.start()
			l.now = deadline.Add(-3 * time.Hour)
			l.windows(clientagent.ServiceWindow{ID: "w", Type: clientagent.SoftwareUpdateWindow, Schedule: c.window})
			l.runs("a", time.Duration(c.run)*time.Minute)
			starts := map[string]string{}
			l.machine.hook = func() {
				starts[l.machine.order[len(l.machine.order)-1]] = l.now.UTC().Format(layout)
				l.now = l.now.Add(10 * time.Minute)
			}
			l.site.deploy("d", l.now, deadline, "a", "b")
			for len(starts) < 2 && l.now.Before(deadline.AddDate(0, 0, 15)) {
				next, err := l.agent.Step(t.Context(), l.now)
				require.NoError(t, err)
				l.now = later(l.now, next) // installations take their time
			}
			require.Equal(t, map[string]string{"a": c.starts, "b": c.other}, starts)
		})
	}
}
