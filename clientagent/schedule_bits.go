package clientagent

import (
	"fmt"
	"time"
)

// A token is 64 bits, written as 16 hexadecimal digits (SMS_ScheduleMethods, ReadFromString). The high half is the same for all:
//
//	63–58 start minute · 57–53 hour · 52–48 day · 47–44 month · 43–38 year since 1970 · 37–32 minutes of the duration
//
// The low half has 31–27 hours and 26–22 days of the duration, 21–19 the recurrence, 0 the flag of UTC, and between them
//
//	interval            18–13 minutes · 12–8 hours · 7–3 days
//	weekly              18–16 weekday, Sunday 1 · 15–13 weeks
//	monthly by weekday  18–16 weekday, Sunday 1 · 15–12 months · 11–9 week order, last 0
//	monthly by date     18–14 day of the month, last 0 · 13–10 months
const tokenDigits = 16

// field is a place in the 64 bits.
type field struct {
	low, width uint
}

var (
	startMinute, startHour, startDay = field{58, 6}, field{53, 5}, field{48, 5}
	startMonth, startYear            = field{44, 4}, field{38, 6}
	durationMinutes                  = field{32, 6}
	durationHours, durationDays      = field{27, 5}, field{22, 5}
	recurrenceType, inUTC            = field{19, 3}, field{0, 1}
	spanMinutes, spanHours, spanDays = field{13, 6}, field{8, 5}, field{3, 5}
	weekDay, weekCount               = field{16, 3}, field{13, 3}
	weekdayMonths, weekOrder         = field{12, 4}, field{9, 3}
	monthDate, dateMonths            = field{14, 5}, field{10, 4}
)

func (f field) of(bits uint64) int          { return int(bits >> f.low & (1<<f.width - 1)) }
func (f field) put(bits *uint64, value int) { *bits |= uint64(value) << f.low }

// bits of a valid token.
func (t ScheduleToken) bits() (bits uint64) {
	startMinute.put(&bits, t.Start.Minute())
	startHour.put(&bits, t.Start.Hour())
	startDay.put(&bits, t.Start.Day())
	startMonth.put(&bits, int(t.Start.Month()))
	startYear.put(&bits, t.Start.Year()-1970)
	durationMinutes.put(&bits, int(t.Duration%time.Hour/time.Minute))
	durationHours.put(&bits, int(t.Duration%wholeDay/time.Hour))
	durationDays.put(&bits, int(t.Duration/wholeDay))
	recurrenceType.put(&bits, int(t.Recurrence))
	if t.UTC {
		inUTC.put(&bits, 1)
	}
	switch t.Recurrence {
	case RecurInterval:
		spanMinutes.put(&bits, t.Minutes)
		spanHours.put(&bits, t.Hours)
		spanDays.put(&bits, t.Days)
	case RecurWeekly:
		weekDay.put(&bits, int(t.Weekday)+1)
		weekCount.put(&bits, t.Weeks)
	case RecurMonthlyByWeekday:
		weekDay.put(&bits, int(t.Weekday)+1)
		weekdayMonths.put(&bits, t.Months)
		weekOrder.put(&bits, int(t.WeekOrder))
	case RecurMonthlyByDate:
		monthDate.put(&bits, t.MonthDay)
		dateMonths.put(&bits, t.Months)
	}
	return bits
}

// tokenOf reads 64 bits. It tells what could not be written back; the ranges are for Validate.
func tokenOf(bits uint64) (ScheduleToken, error) {
	t := ScheduleToken{
		Recurrence: Recurrence(recurrenceType.of(bits)),
		Start: time.Date(1970+startYear.of(bits), time.Month(startMonth.of(bits)), startDay.of(bits),
			startHour.of(bits), startMinute.of(bits), 0, 0, time.UTC),
		UTC: inUTC.of(bits) == 1,
		Duration: time.Duration(durationDays.of(bits))*wholeDay + time.Duration(durationHours.of(bits))*time.Hour +
			time.Duration(durationMinutes.of(bits))*time.Minute,
	}
	switch t.Recurrence {
	case RecurInterval:
		t.Minutes, t.Hours, t.Days = spanMinutes.of(bits), spanHours.of(bits), spanDays.of(bits)
	case RecurWeekly:
		t.Weekday, t.Weeks = time.Weekday(weekDay.of(bits)-1), weekCount.of(bits)
	case RecurMonthlyByWeekday:
		t.Weekday, t.Months = time.Weekday(weekDay.of(bits)-1), weekdayMonths.of(bits)
		t.WeekOrder = WeekOrder(weekOrder.of(bits))
	case RecurMonthlyByDate:
		t.MonthDay, t.Months = monthDate.of(bits), dateMonths.of(bits)
	}
	if back := t.bits(); back != bits && t.Validate() == nil {
		return t, fmt.Errorf("%016X has a date or time that does not exist, or bits that no published layout explains (%016X)",
			bits, back^bits)
	}
	return t, nil
}
