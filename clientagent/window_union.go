package clientagent

import (
	"iter"
	"time"
)

// farthestEnd is after what time a window is cut in two that does not close: two daily windows of 24 hours, 12 hours apart.
const farthestEnd = 31 * wholeDay

// opening is when a token opens its window next.
type opening struct {
	window ServiceWindow
	token  ScheduleToken
	at     time.Time
}

// unions are the windows that end after a moment, in order, those that overlap joined into one. Of one that is open at that moment, Start
// is only some time before it.
func (w ServiceWindows) unions(after time.Time, zone *time.Location) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		var union Span
		for span := range w.spans(after, zone) {
			begin := union.Start
			if begin.Before(after) {
				begin = after
			}
			switch {
			case union.End.IsZero():
				union = span
			case span.Start.Before(union.End) && union.End.Sub(begin) < farthestEnd:
				if span.End.After(union.End) {
					union.End = span.End
				}
			case !yield(union):
				return
			default:
				union = span
			}
		}
		if !union.End.IsZero() {
			yield(union)
		}
	}
}

// spans are all openings that end after a moment, in the order of their beginnings.
func (w ServiceWindows) spans(after time.Time, zone *time.Location) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		var all []opening
		for window, token := range w.tokens() {
			if at := window.next(token, after.Add(-token.Duration), zone); !at.IsZero() {
				all = append(all, opening{window, token, at})
			}
		}
		for {
			var first *opening
			for i := range all {
				if !all[i].at.IsZero() && (first == nil || all[i].at.Before(first.at)) {
					first = &all[i]
				}
			}
			if first == nil || !yield(Span{Start: first.at, End: first.at.Add(first.token.Duration)}) {
				return
			}
			first.at = first.window.next(first.token, first.at, zone)
		}
	}
}
