package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// asked is when the schedules of the benchmarks are asked, long after they begin.
func asked() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, berlin) }

// scheduleCourse is a schedule, and how many days after asked it is due next.
type scheduleCourse struct {
	schedule clientagent.Schedule
	days     int
}

func scheduleCourses() map[string]scheduleCourse {
	start := wall("2008-08-24 11:42")
	return map[string]scheduleCourse{
		"daily":   {clientagent.Daily(1, start), 1},
		"weekly":  {clientagent.Weekly(2, time.Tuesday, start), 13},
		"monthly": {clientagent.MonthlyByWeekday(1, clientagent.SecondWeek, time.Tuesday, start).OffsetBy(2), 15},
	}
}

// bareNext is the limit of Schedule.Next: the calendar is looked at once and the clock is set once, by one who knows the day.
func bareNext(after time.Time, days int) time.Time {
	year, month, day := after.In(berlin).Date()
	return time.Date(year, month, day+days, 11, 42, 0, 0, berlin)
}

// An agent asks for the next time in every step: without allocations, and as fast far from the start as near to it. Beside each, in the same
// run and in turns, its limit.
func BenchmarkScheduleNext(b *testing.B) {
	for name, course := range scheduleCourses() {
		b.Run(name, func(b *testing.B) {
			const turn = 100
			at := asked()
			require.Zero(b, testing.AllocsPerRun(10, func() { course.schedule.Next(at, berlin) }))
			var own, bare timed
			for b.Loop() {
				own.run(turn, func() {
					for range turn {
						course.schedule.Next(at, berlin)
					}
				})
				bare.run(turn, func() {
					for range turn {
						bareNext(at, course.days)
					}
				})
			}
			b.ReportMetric(own.each(), "ns/op")
			b.ReportMetric(bare.each(), "bare-ns/op")
			b.ReportMetric(own.each()/bare.each(), "x-bare")
		})
	}
}

// The limit of the schedules finds what they find.
func TestScheduleNextLimit(t *testing.T) {
	for name, course := range scheduleCourses() {
		require.True(t, course.schedule.Next(asked(), berlin).Equal(bareNext(asked(), course.days)), name)
	}
}

// shortWindows are three a day, of which none is longer than two hours.
func shortWindows() clientagent.ServiceWindows {
	return clientagent.ServiceWindows{updates("01:00", time.Hour), updates("05:00", 2*time.Hour), updates("22:00", time.Hour)}
}

// bareFit is the limit of NextFit for daily windows that do not touch: the clock is set once for each opening within 400 days, and nothing is
// sorted or joined.
func bareFit(windows clientagent.ServiceWindows, run time.Duration, now time.Time) (openings int, ever bool) {
	year, month, day := now.In(berlin).Date()
	for days := range 401 {
		for i := range windows {
			token := windows[i].Schedule[0]
			at := time.Date(year, month, day+days, token.Start.Hour(), token.Start.Minute(), 0, 0, berlin)
			if at.Add(token.Duration).Before(now) || at.After(now.AddDate(0, 0, 400)) {
				continue
			}
			if openings++; token.Duration >= run {
				return openings, true
			}
		}
	}
	return openings, false
}

// The dearest question: a run time that no window of a year is long enough for. Beside it, in the same run and in turns, its limit.
func BenchmarkNeverFits(b *testing.B) {
	windows, now := shortWindows(), asked()
	var own, bare timed
	openings := 0
	for b.Loop() {
		own.run(1, func() {
			if _, ever := windows.NextFit(3*time.Hour, now, berlin); ever {
				b.Fatal("it fits")
			}
		})
		bare.run(1, func() { openings, _ = bareFit(windows, 3*time.Hour, now) })
	}
	b.ReportMetric(own.each(), "ns/op")
	b.ReportMetric(float64(openings), "openings")
	b.ReportMetric(bare.each(), "bare-ns/op")
	b.ReportMetric(own.each()/bare.each(), "x-bare")
}

// The limit looks at each opening of the 400 days, as many as a schedule names one by one, and finds what NextFit finds.
func TestNeverFitsLimit(t *testing.T) {
	windows, now := shortWindows(), asked()
	openings, ever := bareFit(windows, 3*time.Hour, now)
	require.False(t, ever)
	named := 0
	for _, window := range windows {
		for at := window.Schedule.Next(now, berlin); !at.After(now.AddDate(0, 0, 400)); at = window.Schedule.Next(at, berlin) {
			named++
		}
	}
	require.Equal(t, named, openings)
	for _, run := range []time.Duration{time.Hour, 2 * time.Hour, 2*time.Hour + time.Minute} {
		_, bare := bareFit(windows, run, now)
		_, fits := windows.NextFit(run, now, berlin)
		require.Equal(t, fits, bare, "%v", run)
	}
}
