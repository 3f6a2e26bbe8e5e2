package clientagent

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Span is from Start to just before End.
type Span struct {
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`
}

// Duration of the span.
func (s Span) Duration() time.Duration { return s.End.Sub(s.Start) }

// fitHorizon is how far ahead windows are tried for a run time, from now and from the effective date of each: a year, and a month more for
// windows of every twelfth month.
const fitHorizon = 400 * wholeDay

// Open says whether a window is open at a moment, and until when it or those that overlap it are. Without any window it is always open,
// until the zero time.
func (w ServiceWindows) Open(now time.Time, zone *time.Location) (until time.Time, open bool) {
	if w.Unlimited() {
		return time.Time{}, true
	}
	w.unions(now, zone)(func(first Span) bool {
		if open = !first.Start.After(now); open {
			until = first.End
		}
		return false
	})
	return until, open
}

// Remaining is how long the open window stays open, zero when none is, and the longest Duration when there is no limit.
func (w ServiceWindows) Remaining(now time.Time, zone *time.Location) time.Duration {
	switch until, open := w.Open(now, zone); {
	case !open:
		return 0
	case until.IsZero():
		return math.MaxInt64
	default:
		return until.Sub(now)
	}
}

// Next is the first window to open after a moment, together with those that overlap it; a window that is open then is over first. False
// when none will open any more, and when there is no window.
func (w ServiceWindows) Next(after time.Time, zone *time.Location) (Span, bool) {
	for union := range w.unions(after, zone) {
		if union.Start.After(after) {
			return union, true
		}
	}
	return Span{}, false
}

// Fits says whether something with a maximum run time may start now: it must be able to end before the window does. What has started runs
// on past the end.
func (w ServiceWindows) Fits(run time.Duration, now time.Time, zone *time.Location) bool {
	remaining := w.Remaining(now, zone)
	return remaining > 0 && remaining >= run
}

// NextFit is the first moment, now included, at which something with a maximum run time may start. False when no window is long enough: it
// will never be installed (status message 11717). It looks 400 days ahead, and as far beyond the start of a schedule that is to come.
func (w ServiceWindows) NextFit(run time.Duration, now time.Time, zone *time.Location) (time.Time, bool) {
	if w.Unlimited() {
		return now, true
	}
	horizon := now.Add(fitHorizon)
	for _, token := range w.tokens() {
		if end := token.Start.Add(fitHorizon); token.Start.After(now) && end.After(horizon) {
			horizon = end
		}
	}
	for union := range w.unions(now, zone) {
		start := union.Start
		if start.After(horizon) {
			break
		}
		if start.Before(now) {
			start = now
		}
		if union.End.Sub(start) >= run {
			return start, true
		}
	}
	return time.Time{}, false
}

// FitNow are the indices of those maximum run times that may start now, shortest first and equal ones in their order. The product
// starts the first and asks again before each further one, for time has passed then.
func (w ServiceWindows) FitNow(runs []time.Duration, now time.Time, zone *time.Location) []int {
	remaining := w.Remaining(now, zone)
	var fit []int
	for i, run := range runs {
		if remaining > 0 && remaining >= run {
			fit = append(fit, i)
		}
	}
	slices.SortStableFunc(fit, func(a, b int) int { return cmp.Compare(runs[a], runs[b]) })
	return fit
}
