package clientagent

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Span is from Start to just before End.
type Span struct {
	Start, End time.Time
}

// Duration of the span.
func (s Span) Duration() time.Duration { return s.End.Sub(s.Start) }

// farthestEnd is how far ahead the end of overlapping windows is looked for: daily windows of more than a day's overlap never close.
const farthestEnd = 31 * wholeDay

// fitHorizon is how far ahead windows are tried for a run time: a year, and a month more for windows of every twelfth month.
const fitHorizon = 400 * wholeDay

// Open says whether a window is open at a moment, and until when it or those that overlap it are. Without any window it is always open,
// until the zero time.
func (w ServiceWindows) Open(now time.Time, zone *time.Location) (until time.Time, open bool) {
	if w.Unlimited() {
		return time.Time{}, true
	}
	for window, token := range w.tokens() {
		opened := window.next(token, now.Add(-token.Duration), zone)
		if opened.IsZero() || opened.After(now) {
			continue
		}
		if end := opened.Add(token.Duration); end.After(until) {
			until = end
		}
	}
	if until.IsZero() {
		return until, false
	}
	return w.extend(until, now.Add(farthestEnd), zone), true
}

// extend is the end of the windows of which one ends at until, those that open before that included.
func (w ServiceWindows) extend(until, limit time.Time, zone *time.Location) time.Time {
	for grown := true; grown && until.Before(limit); {
		grown = false
		for window, token := range w.tokens() {
			// Of those that end later, the first opens first.
			opens := window.next(token, until.Add(-token.Duration), zone)
			if !opens.IsZero() && opens.Before(until) {
				until, grown = opens.Add(token.Duration), true
			}
		}
	}
	return until
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
	if until, open := w.Open(after, zone); open {
		after = until.Add(-1) // a window that touches the open one is the next
	}
	var next time.Time
	for window, token := range w.tokens() {
		next = earliest(next, window.next(token, after, zone))
	}
	if next.IsZero() {
		return Span{}, false
	}
	until, _ := w.Open(next, zone)
	return Span{Start: next, End: until}, true
}

// Fits says whether something with a maximum run time may start now: it must be able to end before the window does. What has started runs
// on past the end.
func (w ServiceWindows) Fits(run time.Duration, now time.Time, zone *time.Location) bool {
	remaining := w.Remaining(now, zone)
	return remaining > 0 && remaining >= run
}

// NextFit is the first moment, now included, at which something with a maximum run time may start. False when no window is long enough: it
// will never be installed (status message 11717). It looks 400 days ahead, and to the last window that comes only once.
func (w ServiceWindows) NextFit(run time.Duration, now time.Time, zone *time.Location) (time.Time, bool) {
	if w.Fits(run, now, zone) {
		return now, true
	}
	horizon := now.Add(fitHorizon)
	for _, token := range w.tokens() {
		if token.Recurrence == NonRecurring && token.Start.Add(wholeDay).After(horizon) {
			horizon = token.Start.Add(wholeDay)
		}
	}
	for at := now; at.Before(horizon); {
		span, any := w.Next(at, zone)
		if !any {
			return time.Time{}, false
		}
		if span.Duration() >= run {
			return span.Start, true
		}
		at = span.Start
	}
	return time.Time{}, false
}

// FitNow are the indices of those maximum run times that may start now, shortest first and equal ones in their order. The product starts the
// first and asks again before each further one, for time has passed then.
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
