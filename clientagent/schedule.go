package clientagent

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/go-multierror"
)

// MaxScheduleTokens is how many tokens a Schedule may have, a limit of this package against endless text.
const MaxScheduleTokens = 64

// Schedule is a list of schedule tokens, the product's way to say when something comes round: a scan, a re-evaluation, a maintenance
// window. It is due whenever one of its tokens is. The zero value is no schedule and never due.
//
// In text, JSON included, it is the product's schedule string, 16 hexadecimal digits a token: "0001200000100038" is every 7 days. Make
// one with Every, Once, Daily, Weekly, MonthlyByWeekday or MonthlyByDate, join several with slices.Concat, or read one with
// ParseSchedule. All methods leave the schedule as it is and may be called from several goroutines.
type Schedule []ScheduleToken

// Next is the first due time strictly after a moment, in zone; the zero time when there is none, as for a schedule that is not valid.
// A nil zone is UTC. Tokens in UTC have the same moments everywhere.
//
// A due time is a reading of the wall clock. When daylight saving skips it, it is due as much later as the clock jumped: 02:30 is 03:30
// then. When the clock shows it twice, it is due the first time only. An interval with hours or minutes in it counts elapsed time from its
// start instead, so that "every 4 hours" comes after 4 hours on those days too; one of whole days keeps its time of day.
func (s Schedule) Next(after time.Time, zone *time.Location) time.Time {
	var next time.Time
	for _, token := range s {
		next = earliest(next, token.Next(after, zone))
	}
	return next
}

// Simple tells the interval of a simple schedule: one interval token, in local time and without duration, that starts at the product's
// first moment, 1 February 1970. Every makes such ones. Each client counts a simple schedule from when it got it, so that the clients
// of a site spread; the product calls all others custom schedules, and they are due at the same time everywhere.
func (s Schedule) Simple() (interval time.Duration, simple bool) {
	if len(s) != 1 || s[0].Recurrence != RecurInterval || s[0].UTC || s[0].Duration != 0 || !s[0].Start.Equal(simpleStart()) {
		return 0, false
	}
	return s[0].interval(), true
}

// Lasting is the schedule with the duration of every occurrence set, in whole minutes and below 32 days. Maintenance windows need one.
func (s Schedule) Lasting(d time.Duration) Schedule {
	return s.each(func(t *ScheduleToken) { t.Duration = d })
}

// InUTC is the schedule with its times read as UTC instead of the local time of each client.
func (s Schedule) InUTC() Schedule {
	return s.each(func(t *ScheduleToken) { t.UTC = true })
}

// OffsetBy is the schedule with OffsetDays of every token set; only monthly tokens by weekday may have it.
func (s Schedule) OffsetBy(days int) Schedule {
	return s.each(func(t *ScheduleToken) { t.OffsetDays = days })
}

func (s Schedule) each(change func(*ScheduleToken)) Schedule {
	changed := make(Schedule, len(s))
	for i, token := range s {
		change(&token)
		changed[i] = token
	}
	return changed
}

// Validate tells everything that keeps the schedule from being written as a schedule string, as a *multierror.Error. An empty schedule is
// valid.
func (s Schedule) Validate() error {
	var faults *multierror.Error
	if len(s) > MaxScheduleTokens {
		faults = multierror.Append(faults, fmt.Errorf("%d tokens are more than %d", len(s), MaxScheduleTokens))
	}
	for i, token := range s {
		var several *multierror.Error
		if err := token.Validate(); errors.As(err, &several) {
			for _, fault := range several.Errors {
				faults = multierror.Append(faults, fmt.Errorf("schedule token %d: %w", i+1, fault))
			}
		}
	}
	return faults.ErrorOrNil()
}
