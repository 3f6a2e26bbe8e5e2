package clientagent

import (
	"fmt"
	"time"

	"github.com/hashicorp/go-multierror"
)

// Recurrence is how a ScheduleToken comes round. The numbers are those of the schedule string and of SMS_ServiceWindow.RecurrenceType.
type Recurrence int

// The recurrences, each with the name of its class in the SMS Provider.
const (
	NonRecurring          Recurrence = 1 // SMS_ST_NonRecurring
	RecurInterval         Recurrence = 2 // SMS_ST_RecurInterval
	RecurWeekly           Recurrence = 3 // SMS_ST_RecurWeekly
	RecurMonthlyByWeekday Recurrence = 4 // SMS_ST_RecurMonthlyByWeekday
	RecurMonthlyByDate    Recurrence = 5 // SMS_ST_RecurMonthlyByDate
)

// WeekOrder says which of the weekdays of a month counts.
type WeekOrder int

// The week orders. Zero is the last one, as in the product.
const (
	LastWeek WeekOrder = iota
	FirstWeek
	SecondWeek
	ThirdWeek
	FourthWeek
)

// MaxOffsetDays is the longest offset of a monthly token by weekday, a limit of this package: the sources state none, and after seven
// days comes the next such weekday.
const MaxOffsetDays = 7

// ScheduleToken is one rule of a Schedule (SMS_ScheduleToken). Only the fields of its Recurrence are set, the others are zero.
type ScheduleToken struct {
	Recurrence Recurrence
	// Start is where the recurrence begins, and by its hour and minute the time of day of all that follows. It is a reading of the wall
	// clock: its date, hour and minute count, its location does not. Whole minutes, from 1970 to 2033.
	Start time.Time
	// UTC says that the wall clock is that of UTC; otherwise it is the client's.
	UTC bool
	// Duration is how long an occurrence lasts, in whole minutes, below 32 days; zero for schedules that only start something.
	Duration time.Duration

	// Days, Hours and Minutes add up to the interval of RecurInterval (DaySpan 0–31, HourSpan 0–23, MinuteSpan 0–59).
	Days, Hours, Minutes int
	// Weekday of RecurWeekly and RecurMonthlyByWeekday.
	Weekday time.Weekday
	// Weeks from one occurrence of RecurWeekly to the next, 1–4 (ForNumberOfWeeks). The first is the first such weekday on or after Start.
	Weeks int
	// Months from one occurrence of the monthly recurrences to the next, 1–12 (ForNumberOfMonths), counted from the first month that has
	// one on or after Start.
	Months int
	// WeekOrder of RecurMonthlyByWeekday.
	WeekOrder WeekOrder
	// MonthDay of RecurMonthlyByDate, 1–31; zero is the last day of the month. A month without that day is left out.
	MonthDay int
	// OffsetDays after the weekday of RecurMonthlyByWeekday, 0–7 (CB 2207: the second Tuesday and two more days). As in the product, an
	// offset that leaves the month is pulled back to its last day, but one that lands on the last day drops that month.
	OffsetDays int
}

// Validate tells everything that keeps the token from being written in a schedule string, as a *multierror.Error.
func (t ScheduleToken) Validate() error {
	c := tokenCheck{token: t}
	c.within("start year", t.Start.Year(), 1970, 2033)
	if t.Start.Second() != 0 || t.Start.Nanosecond() != 0 {
		c.fail("start %v is not a whole minute", t.Start.Format("15:04:05.999999999"))
	}
	if t.Duration < 0 || t.Duration >= 32*wholeDay || t.Duration%time.Minute != 0 {
		c.fail("duration %v is not in whole minutes from 0 to 31 days, 23 hours and 59 minutes", t.Duration)
	}
	switch t.Recurrence {
	case NonRecurring:
	case RecurInterval:
		c.within("days", t.Days, 0, 31)
		c.within("hours", t.Hours, 0, 23)
		c.within("minutes", t.Minutes, 0, 59)
		if t.Days == 0 && t.Hours == 0 && t.Minutes == 0 {
			c.fail("interval is zero: set days, hours or minutes")
		}
	case RecurWeekly:
		c.within("weekday", int(t.Weekday), int(time.Sunday), int(time.Saturday))
		c.within("weeks", t.Weeks, 1, 4)
	case RecurMonthlyByWeekday:
		c.within("weekday", int(t.Weekday), int(time.Sunday), int(time.Saturday))
		c.within("months", t.Months, 1, 12)
		c.within("week order", int(t.WeekOrder), int(LastWeek), int(FourthWeek))
		c.within("offset days", t.OffsetDays, 0, MaxOffsetDays)
	case RecurMonthlyByDate:
		c.within("months", t.Months, 1, 12)
		c.within("day of the month", t.MonthDay, 0, 31)
	default:
		c.fail("recurrence %d is not within 1 and 5", t.Recurrence)
		return c.faults.ErrorOrNil()
	}
	c.unused()
	return c.faults.ErrorOrNil()
}

// wholeDay is a day of a clock without daylight saving.
const wholeDay = 24 * time.Hour

// tokenCheck collects what is wrong with a token.
type tokenCheck struct {
	token  ScheduleToken
	faults *multierror.Error
}

func (c *tokenCheck) fail(format string, args ...any) {
	c.faults = multierror.Append(c.faults, fmt.Errorf(format, args...))
}

func (c *tokenCheck) within(name string, value, least, most int) {
	if value < least || value > most {
		c.fail("%s %d is not within %d and %d", name, value, least, most)
	}
}

// unused tells fields that the token's recurrence does not have: they would be lost in a schedule string.
func (c *tokenCheck) unused() {
	t := c.token
	weekly, byWeekday := t.Recurrence == RecurWeekly, t.Recurrence == RecurMonthlyByWeekday
	for _, field := range []struct {
		name  string
		value int
		used  bool
	}{
		{"days", t.Days, t.Recurrence == RecurInterval},
		{"hours", t.Hours, t.Recurrence == RecurInterval},
		{"minutes", t.Minutes, t.Recurrence == RecurInterval},
		{"weekday", int(t.Weekday), weekly || byWeekday},
		{"weeks", t.Weeks, weekly},
		{"months", t.Months, byWeekday || t.Recurrence == RecurMonthlyByDate},
		{"week order", int(t.WeekOrder), byWeekday},
		{"day of the month", t.MonthDay, t.Recurrence == RecurMonthlyByDate},
		{"offset days", t.OffsetDays, byWeekday},
	} {
		if !field.used && field.value != 0 {
			c.fail("%s must be zero with recurrence %d, not %d", field.name, t.Recurrence, field.value)
		}
	}
}
