package clientagent

import "time"

// Next is the first due time of the token strictly after a moment, as Schedule.Next tells it.
func (t ScheduleToken) Next(after time.Time, zone *time.Location) time.Time {
	if zone == nil || t.UTC {
		zone = time.UTC
	}
	if t.Validate() != nil {
		return time.Time{}
	}
	start := wallMinute(t.Start)
	switch {
	case t.Recurrence == NonRecurring:
		return onlyAfter(fromWall(start, zone), after)
	case t.Recurrence == RecurInterval && t.Hours == 0 && t.Minutes == 0:
		return nextDay(start, t.Days, after, zone)
	case t.Recurrence == RecurInterval:
		return nextElapsed(fromWall(start, zone), t.interval(), after)
	case t.Recurrence == RecurWeekly:
		first := start.AddDate(0, 0, (int(t.Weekday)-int(start.Weekday())+7)%7)
		return nextDay(first, 7*t.Weeks, after, zone)
	}
	return t.nextMonth(start, after, zone)
}

func (t ScheduleToken) interval() time.Duration {
	return time.Duration(t.Days)*wholeDay + time.Duration(t.Hours)*time.Hour + time.Duration(t.Minutes)*time.Minute
}

func onlyAfter(due, after time.Time) time.Time {
	if due.After(after) {
		return due
	}
	return time.Time{}
}

// nextElapsed counts in elapsed time. It reckons in seconds, for a Duration ends after 292 years.
func nextElapsed(first time.Time, interval time.Duration, after time.Time) time.Time {
	if first.After(after) {
		return first
	}
	seconds := int64(interval / time.Second)
	passed := (after.Unix() - first.Unix()) / seconds
	return time.Unix(first.Unix()+(passed+1)*seconds, 0).In(first.Location())
}

// nextDay counts in days of the calendar, so that the time of day stays.
func nextDay(first time.Time, days int, after time.Time, zone *time.Location) time.Time {
	passed := int((toWall(after, zone).Unix() - first.Unix()) / (int64(days) * int64(wholeDay/time.Second)))
	// Where a clock jumps, a due time may lie up to a day after its reading of the wall clock.
	for i := max(0, passed-2); ; i++ {
		if due := fromWall(first.AddDate(0, 0, i*days), zone); due.After(after) {
			return due
		}
	}
}

// longestMonths is after how many months a monthly token has surely come round: one for every twelfth month on 29 February has to wait for
// eight years, one that loses months to its offset for less than 28, or 40 about the years 2100 and 2200.
const longestMonths = 40 * 12

// nextMonth looks through the months that the token counts.
func (t ScheduleToken) nextMonth(start, after time.Time, zone *time.Location) time.Time {
	first := monthOf(start)
	for ; ; first++ {
		if due, has := t.inMonth(first, start); has && !due.Before(start) {
			break
		}
	}
	passed := (monthOf(toWall(after, zone)) - first) / t.Months
	begin := max(0, passed-1)
	for i := begin; i <= begin+longestMonths/t.Months+2; i++ {
		wall, has := t.inMonth(first+i*t.Months, start)
		if !has {
			continue
		}
		if due := fromWall(wall, zone); due.After(after) {
			return due
		}
	}
	return time.Time{}
}

// monthOf counts the months of all years.
func monthOf(wall time.Time) int { return wall.Year()*12 + int(wall.Month()) - 1 }

// inMonth is the reading of the wall clock at which the token is due in a month, if it is due in it at all.
func (t ScheduleToken) inMonth(month int, start time.Time) (wall time.Time, has bool) {
	first := time.Date(month/12, time.Month(month%12+1), 1, start.Hour(), start.Minute(), 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	date := t.MonthDay
	switch {
	case t.Recurrence == RecurMonthlyByWeekday:
		date = t.weekdayIn(first, last)
	case date == 0:
		date = last
	}
	if date > last {
		return time.Time{}, false
	}
	if t.OffsetDays > 0 {
		if date += t.OffsetDays; date == last {
			return time.Time{}, false
		}
		date = min(date, last)
	}
	return first.AddDate(0, 0, date-1), true
}

// weekdayIn is the day of the month on which the weekday falls that the token counts.
func (t ScheduleToken) weekdayIn(first time.Time, last int) int {
	date := 1 + (int(t.Weekday)-int(first.Weekday())+7)%7
	if t.WeekOrder != LastWeek {
		return date + 7*(int(t.WeekOrder)-1)
	}
	return date + (last-date)/7*7
}
