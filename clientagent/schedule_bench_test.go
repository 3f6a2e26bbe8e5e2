package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// An agent asks for the next time in every step: without allocations, and as fast far from the start as near to it.
func BenchmarkScheduleNext(b *testing.B) {
	start := wall("2008-08-24 11:42")
	for name, schedule := range map[string]clientagent.Schedule{
		"daily":   clientagent.Daily(1, start),
		"weekly":  clientagent.Weekly(2, time.Tuesday, start),
		"monthly": clientagent.MonthlyByWeekday(1, clientagent.SecondWeek, time.Tuesday, start).OffsetBy(2),
	} {
		b.Run(name, func(b *testing.B) {
			at := time.Date(2026, 11, 25, 12, 0, 0, 0, berlin)
			require.Zero(b, testing.AllocsPerRun(10, func() { schedule.Next(at, berlin) }))
			b.ReportAllocs()
			for b.Loop() {
				schedule.Next(at, berlin)
			}
		})
	}
}

// The dearest question: a run time that no window of a year is long enough for.
func BenchmarkNeverFits(b *testing.B) {
	windows := clientagent.ServiceWindows{updates("01:00", time.Hour), updates("05:00", 2*time.Hour), updates("22:00", time.Hour)}
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, berlin)
	b.ReportAllocs()
	for b.Loop() {
		if _, ever := windows.NextFit(3*time.Hour, now, berlin); ever {
			b.Fatal("it fits")
		}
	}
}
