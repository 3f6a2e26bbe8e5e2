package clientagent_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// slowUnions lists every opening of every window from a few days before from to until, sorts them and joins those that overlap.
func slowUnions(windows clientagent.ServiceWindows, from, until time.Time, zone *time.Location) (unions []clientagent.Span) {
	var all []clientagent.Span
	for _, window := range windows {
		for _, token := range window.Schedule {
			for at := token.Next(from, zone); !at.IsZero() && at.Before(until) && !window.Disabled; at = token.Next(at, zone) {
				all = append(all, clientagent.Span{Start: at, End: at.Add(token.Duration)})
			}
		}
	}
	slices.SortFunc(all, func(a, b clientagent.Span) int { return a.Start.Compare(b.Start) })
	for _, span := range all {
		if last := len(unions) - 1; last >= 0 && span.Start.Before(unions[last].End) {
			if span.End.After(unions[last].End) {
				unions[last].End = span.End
			}
			continue
		}
		unions = append(unions, span)
	}
	return unions
}

func drawWindows(t *rapid.T) (windows clientagent.ServiceWindows) {
	for range rapid.IntRange(1, 4).Draw(t, "windows") {
		token := drawToken(t)
		if token.Recurrence == clientagent.RecurInterval { // the console has windows of whole days only
			token.Days, token.Hours, token.Minutes = rapid.IntRange(1, 3).Draw(t, "every"), 0, 0
		}
		token.Duration = time.Duration(rapid.OneOf(rapid.IntRange(5, 24*60), rapid.Just(24*60)).
			Draw(t, "lasts")) * time.Minute
		windows = append(windows, clientagent.ServiceWindow{ID: "w", Type: clientagent.SoftwareUpdateWindow,
			Schedule: clientagent.Schedule{token}, Disabled: rapid.IntRange(0, 5).Draw(t, "disabled") == 0})
	}
	return windows
}

func TestWindowsEqualTheSortedListOfAllOpenings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		windows := drawWindows(t)
		if windows.Unlimited() {
			return
		}
		zone := zone(rapid.SampledFrom(clocks).Draw(t, "zone"))
		now := windows[0].Schedule[0].Start.Add(time.Duration(rapid.IntRange(-3*24*60, 30*24*60).Draw(t, "now")) * time.Minute)
		unions := slowUnions(windows, now.AddDate(0, 0, -60), now.AddDate(0, 0, 60), zone)

		var open, next clientagent.Span
		for _, union := range unions {
			if !union.Start.After(now) && union.End.After(now) {
				open = union
			}
			if next.Start.IsZero() && union.Start.After(now) {
				next = union
			}
		}
		if open.Duration() > 25*24*time.Hour || next.Duration() > 25*24*time.Hour {
			return // windows that never close end after a month
		}
		until, isOpen := windows.Open(now, zone)
		require.Equal(t, !open.Start.IsZero(), isOpen)
		require.True(t, open.End.Equal(until), "until %v, the list says %v", until, open.End)
		if !next.Start.IsZero() {
			span, any := windows.Next(now, zone)
			require.True(t, any)
			require.True(t, next.Start.Equal(span.Start), "next %v, the list says %v", span, next)
			require.True(t, next.End.Equal(span.End), "next %v, the list says %v", span, next)
		}

		run := time.Duration(rapid.IntRange(0, 26*60).Draw(t, "run")) * time.Minute
		var want time.Time
		for _, union := range unions {
			if start := later(union.Start, now); want.IsZero() && union.End.After(start) && union.End.Sub(start) >= run {
				want = start
			}
		}
		start, ever := windows.NextFit(run, now, zone)
		if want.IsZero() {
			require.True(t, !ever || start.After(now.AddDate(0, 0, 55)))
			return
		}
		require.True(t, ever)
		require.True(t, want.Equal(start), "fit %v, the list says %v", start, want)
		require.Equal(t, want.Equal(now), windows.Fits(run, now, zone))
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
