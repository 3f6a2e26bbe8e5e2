package clientagent

import "time"

// simpleStart is where simple schedules start in the product.
func simpleStart() time.Time { return time.Date(1970, time.February, 1, 0, 0, 0, 0, time.UTC) }

// Every is the simple schedule with an interval, in whole minutes up to 31 days, 23 hours and 59 minutes. A part of a minute is dropped;
// Validate tells what is out of range.
func Every(interval time.Duration) Schedule {
	return Schedule{{Recurrence: RecurInterval, Start: simpleStart(), Days: int(interval / wholeDay),
		Hours: int(interval % wholeDay / time.Hour), Minutes: int(interval % time.Hour / time.Minute)}}
}

// Once is due at one reading of the wall clock. Of start, as in the other constructors, date, hour and minute count, its location does
// not.
func Once(start time.Time) Schedule {
	return Schedule{{Recurrence: NonRecurring, Start: wallMinute(start)}}
}

// Daily is due every so many days, 1–31, from start on and at its time of day.
func Daily(days int, start time.Time) Schedule {
	return Schedule{{Recurrence: RecurInterval, Start: wallMinute(start), Days: days}}
}

// Weekly is due every so many weeks, 1–4, on a weekday: the first on or after start, at its time of day.
func Weekly(weeks int, weekday time.Weekday, start time.Time) Schedule {
	return Schedule{{Recurrence: RecurWeekly, Start: wallMinute(start), Weeks: weeks, Weekday: weekday}}
}

// MonthlyByWeekday is due every so many months, 1–12, such as on the second Tuesday, from start on and at its time of day.
func MonthlyByWeekday(months int, order WeekOrder, weekday time.Weekday, start time.Time) Schedule {
	return Schedule{{Recurrence: RecurMonthlyByWeekday, Start: wallMinute(start), Months: months, WeekOrder: order, Weekday: weekday}}
}

// MonthlyByDate is due every so many months, 1–12, on a day of the month, 1–31, or on its last day with zero, from start on and at its
// time of day.
func MonthlyByDate(months, monthDay int, start time.Time) Schedule {
	return Schedule{{Recurrence: RecurMonthlyByDate, Start: wallMinute(start), Months: months, MonthDay: monthDay}}
}

// wallMinute is what a token keeps of a start.
func wallMinute(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
}
