package clientagent

import (
	"slices"
	"time"
)

// cadence is when something comes round: an interval that each client counts for itself, or a custom schedule, which is due at
// the same time on all of them.
type cadence struct {
	interval time.Duration
	custom   Schedule
}

// mostSkipped is how much daylight saving takes from a day at most.
const mostSkipped = 2 * time.Hour

// newCadence is the interval, unless there is a schedule. A simple schedule is an interval.
func newCadence(interval time.Duration, s Schedule) cadence {
	if simple, is := s.Simple(); is {
		return cadence{interval: max(simple, ShortestCycle)}
	}
	return cadence{interval: interval, custom: s}
}

// next is the due time after now, at least a day after the last; zero when a custom schedule has ended.
func (c cadence) next(last, now time.Time, zone *time.Location) time.Time {
	if len(c.custom) == 0 {
		return now.Add(c.interval)
	}
	due := c.custom.Next(now, zone)
	// A last one that is to come is of a clock that was ahead.
	if earliest := dayAfter(last, zone); !last.IsZero() && !last.After(now) && due.Before(earliest) {
		due = c.custom.Next(earliest.Add(-1), zone)
	}
	return due
}

// dayAfter is when a day is over: 24 hours later, less what the clock skips of them or has just skipped, as what is due at 02:30 comes at
// 03:30 in the night that has no 02:30.
func dayAfter(last time.Time, zone *time.Location) time.Time {
	next := last.Add(wholeDay)
	skipped := offsetAt(next, zone) - offsetAt(last.Add(-mostSkipped), zone)
	return next.Add(-min(max(0, skipped), mostSkipped))
}

func (c cadence) equal(d cadence) bool {
	return c.interval == d.interval && slices.Equal(c.custom, d.custom)
}

// farthest is how far ahead of now the next due time can lie at most.
func (c cadence) farthest(now time.Time, zone *time.Location) time.Duration {
	if len(c.custom) == 0 {
		return c.interval
	}
	return max(wholeDay, c.custom.Next(now.Add(wholeDay), zone).Sub(now))
}

// plan draws when something comes round after now: its due time, and its start a random time later.
func (a *Agent) plan(t *turn, c cadence, last time.Time) (start, due time.Time) {
	if due = c.next(last, t.now, a.config.Zone); due.IsZero() {
		return due, due
	}
	return due.Add(a.within(t.rhythm.scanWindow)), due
}

// replan takes over a cadence that a new policy may have changed. A shorter interval brings the start forward.
func (a *Agent) replan(t *turn, was, is cadence, start, due time.Time) (time.Time, time.Time) {
	if len(is.custom) > 0 && was.equal(is) && !start.IsZero() {
		return start, due
	}
	nextStart, nextDue := a.plan(t, is, time.Time{})
	if len(is.custom) == 0 && len(was.custom) == 0 && !start.IsZero() && start.Before(nextStart) {
		return start, due
	}
	return nextStart, nextDue
}
