package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// slowClock walks a zone minute by minute and tells which readings of the wall clock count at each: the one that is shown, unless it was
// shown before, and those that the clock has skipped, as much later as it jumped.
type slowClock struct {
	zone    *time.Location
	now     time.Time
	reading time.Time
	latest  time.Time     // the latest reading so far; an earlier one is shown for the second time
	jump    time.Duration // of the last jump forward
	landed  time.Time     // when it came
}

func newSlowClock(zone *time.Location, from time.Time) *slowClock {
	c := &slowClock{zone: zone, now: from.Truncate(time.Minute).Add(-26 * time.Hour)}
	c.reading = c.read()
	c.latest = c.reading
	for c.now.Before(from.Truncate(time.Minute)) {
		c.tick()
	}
	return c
}

func (c *slowClock) read() time.Time {
	_, offset := c.now.In(c.zone).Zone()
	return c.now.UTC().Add(time.Duration(offset) * time.Second)
}

// tick goes on by a minute and returns the readings that count now.
func (c *slowClock) tick() (readings []time.Time) {
	c.now = c.now.Add(time.Minute)
	last := c.reading
	c.reading = c.read()
	if jump := c.reading.Sub(last) - time.Minute; jump > 0 {
		c.jump, c.landed = jump, c.now
	}
	if c.reading.After(c.latest) {
		readings = append(readings, c.reading)
		c.latest = c.reading
	}
	if c.jump > 0 && c.now.Before(c.landed.Add(c.jump)) {
		readings = append(readings, c.reading.Add(-c.jump))
	}
	return readings
}

// slowDue says whether a calendar would mark a reading: it counts days and months one by one.
func slowDue(token clientagent.ScheduleToken, reading time.Time) bool {
	start := token.Start
	if reading.Before(start) || reading.Hour() != start.Hour() || reading.Minute() != start.Minute() {
		return false
	}
	switch token.Recurrence {
	case clientagent.NonRecurring:
		return reading.Equal(start)
	case clientagent.RecurInterval:
		return int(reading.Sub(start).Hours())/24%token.Days == 0
	case clientagent.RecurWeekly:
		first := start
		for first.Weekday() != token.Weekday {
			first = first.AddDate(0, 0, 1)
		}
		days := int(reading.Sub(first).Hours()) / 24
		return !reading.Before(first) && days%(7*token.Weeks) == 0
	}
	month := time.Date(start.Year(), start.Month(), 1, start.Hour(), start.Minute(), 0, 0, time.UTC)
	for counted := -1; !month.After(reading); month = month.AddDate(0, 1, 0) {
		day, has := slowDayOf(token, month)
		if counted < 0 && (!has || day.Before(start)) {
			continue
		}
		if counted++; counted%token.Months == 0 && has && day.Equal(reading) {
			return true
		}
	}
	return false
}

// slowDayOf lists the days of a month and picks one.
func slowDayOf(token clientagent.ScheduleToken, month time.Time) (time.Time, bool) {
	var all, chosen []time.Time
	for day := month; day.Month() == month.Month(); day = day.AddDate(0, 0, 1) {
		all = append(all, day)
		if token.Recurrence == clientagent.RecurMonthlyByWeekday && day.Weekday() == token.Weekday ||
			token.Recurrence == clientagent.RecurMonthlyByDate && day.Day() == token.MonthDay {
			chosen = append(chosen, day)
		}
	}
	last := all[len(all)-1]
	if token.Recurrence == clientagent.RecurMonthlyByDate {
		if token.MonthDay == 0 {
			return last, true
		}
		return append(chosen, time.Time{})[0], len(chosen) > 0
	}
	day := chosen[len(chosen)-1]
	if token.WeekOrder != clientagent.LastWeek {
		day = chosen[token.WeekOrder-1]
	}
	moved := day.AddDate(0, 0, token.OffsetDays)
	switch {
	case moved.Month() != month.Month():
		return last, true
	case token.OffsetDays > 0 && moved.Equal(last):
		return time.Time{}, false
	}
	return moved, true
}

// slowNext walks to the first due time after a moment, up to limit.
func slowNext(token clientagent.ScheduleToken, after, limit time.Time, zone *time.Location) (time.Time, bool) {
	if token.UTC {
		zone = time.UTC
	}
	elapsed := token.Recurrence == clientagent.RecurInterval && token.Hours+token.Minutes > 0
	interval := time.Duration(token.Days)*24*time.Hour + time.Duration(token.Hours)*time.Hour + time.Duration(token.Minutes)*time.Minute
	var began time.Time
	if elapsed {
		at := newSlowClock(zone, token.Start.Add(-16*time.Hour))
		for began.IsZero() {
			for _, reading := range at.tick() {
				if reading.Equal(token.Start) {
					began = at.now
				}
			}
		}
	}
	for clock := newSlowClock(zone, after); clock.now.Before(limit); {
		readings := clock.tick()
		if elapsed {
			if !clock.now.Before(began) && clock.now.Sub(began)%interval == 0 {
				return clock.now, true
			}
			continue
		}
		for _, reading := range readings {
			if slowDue(token, reading) {
				return clock.now, true
			}
		}
	}
	return time.Time{}, false
}

var clocks = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns",
	"Asia/Kathmandu", "Africa/Casablanca", "Asia/Beirut", "America/Santiago", "Pacific/Apia"}

// changes of the clocks above lie within a few days of these.
var turnsOfTheYear = []string{"2026-03-29 00:00", "2026-10-25 00:00", "2026-03-08 06:00", "2026-11-01 06:00",
	"2026-04-05 00:00", "2026-10-04 00:00", "2026-02-15 00:00", "2026-03-22 00:00",
	"2011-12-30 10:00", "2026-12-31 00:00", "2028-02-29 00:00", "2026-08-30 12:00"}

func drawStart(t *rapid.T, label string) time.Time {
	near := wall(rapid.SampledFrom(turnsOfTheYear).Draw(t, label))
	minutes := rapid.OneOf(rapid.IntRange(-3*24*60, 3*24*60), rapid.IntRange(-400*24*60, 40*24*60)).Draw(t, label+" away")
	return near.Add(time.Duration(minutes) * time.Minute)
}

func drawToken(t *rapid.T) clientagent.ScheduleToken {
	token := clientagent.ScheduleToken{
		Recurrence: clientagent.Recurrence(rapid.IntRange(1, 5).Draw(t, "recurrence")),
		Start:      drawStart(t, "start"),
		UTC:        rapid.IntRange(0, 4).Draw(t, "utc") == 0,
		Duration:   time.Duration(rapid.IntRange(0, 32*24*60-1).Draw(t, "duration")) * time.Minute,
	}
	switch token.Recurrence {
	case clientagent.RecurInterval:
		token.Days = rapid.IntRange(0, 31).Draw(t, "days")
		if token.Days == 0 || rapid.Bool().Draw(t, "with hours") {
			token.Hours = rapid.IntRange(0, 23).Draw(t, "hours")
			token.Minutes = rapid.IntRange(0, 59).Draw(t, "minutes")
		}
		if token.Days+token.Hours+token.Minutes == 0 {
			token.Minutes = 1
		}
	case clientagent.RecurWeekly:
		token.Weekday, token.Weeks = time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")), rapid.IntRange(1, 4).Draw(t, "weeks")
	case clientagent.RecurMonthlyByWeekday:
		token.Weekday, token.Months = time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")), rapid.IntRange(1, 12).Draw(t, "months")
		token.WeekOrder = clientagent.WeekOrder(rapid.IntRange(0, 4).Draw(t, "order"))
		token.OffsetDays = rapid.IntRange(0, clientagent.MaxOffsetDays).Draw(t, "offset")
	case clientagent.RecurMonthlyByDate:
		token.MonthDay, token.Months = rapid.IntRange(0, 31).Draw(t, "day"), rapid.IntRange(1, 12).Draw(t, "months")
	}
	return token
}

func TestNextEqualsTheMinuteByMinuteWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := drawToken(t)
		zone := zone(rapid.SampledFrom(clocks).Draw(t, "zone"))
		after := token.Start.Add(time.Duration(rapid.IntRange(-4*24*60, 70*24*60).Draw(t, "after")) * time.Minute)
		limit := after.Add(time.Duration(rapid.SampledFrom([]int{3, 10, 35}).Draw(t, "days")) * 24 * time.Hour)
		got := token.Next(after, zone)
		want, found := slowNext(token, after, limit, zone)
		if !found {
			require.True(t, got.IsZero() || !got.Before(limit), "%v, but the walk found nothing before %v", got, limit)
			return
		}
		require.True(t, want.Equal(got), "walk %v, next %v", want.In(zone), got.In(zone))
	})
}

func TestScheduleStringRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var schedule clientagent.Schedule
		for range rapid.IntRange(1, 6).Draw(t, "tokens") {
			schedule = append(schedule, drawToken(t))
		}
		text, err := schedule.MarshalText()
		require.NoError(t, err)
		back, err := clientagent.ParseSchedule(string(text))
		require.NoError(t, err)
		require.Equal(t, schedule, back)
	})
}

func TestNextStrictlyIncreases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		schedule := clientagent.Schedule{drawToken(t), drawToken(t)}
		zone := zone(rapid.SampledFrom(clocks).Draw(t, "zone"))
		at := drawStart(t, "after")
		for range 30 {
			next := schedule.Next(at, zone)
			if next.IsZero() {
				break
			}
			require.True(t, next.After(at), "%v is not after %v", next, at)
			// Whoever asks from anywhere in between gets the same answer: nothing was left out.
			between := at.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(at))-1).Draw(t, "between")))
			require.True(t, next.Equal(schedule.Next(between, zone)))
			at = next
		}
	})
}
