package clientagent_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tables, wherever the test runs

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

var berlin = zone("Europe/Berlin")

var (
	patchTuesday = clientagent.MonthlyByWeekday(1, clientagent.SecondWeek, time.Tuesday, wall("2026-01-01 18:00"))
	lastTuesday  = clientagent.MonthlyByWeekday(1, clientagent.LastWeek, time.Tuesday, wall("2026-01-01 18:00"))
)

// Every row was worked out with a calendar. Times are readings of the zone's clock with its offset from UTC.
func TestScheduleNextByHand(t *testing.T) {
	for _, row := range []struct {
		name     string
		schedule clientagent.Schedule
		zone     string
		after    string
		due      []string
	}{
		{"once, to come", clientagent.Once(wall("2026-11-25 17:00")), "Europe/Berlin",
			"2026-11-25 16:59 +01:00", []string{"2026-11-25 17:00 +01:00", ""}},
		{"once, at that moment it is over", clientagent.Once(wall("2026-11-25 17:00")), "Europe/Berlin",
			"2026-11-25 17:00 +01:00", []string{""}},
		{"the start is the first occurrence", clientagent.Daily(3, wall("2026-11-25 17:00")), "Europe/Berlin",
			"2020-01-01 00:00 +01:00", []string{"2026-11-25 17:00 +01:00", "2026-11-28 17:00 +01:00", "2026-12-01 17:00 +01:00"}},

		// Europe goes forward on 29 March 2026 at 02:00 and back on 25 October 2026 at 03:00.
		{"daily at 02:30, the clock skips it", clientagent.Daily(1, wall("2026-03-01 02:30")), "Europe/Berlin",
			"2026-03-28 02:30 +01:00", []string{"2026-03-29 03:30 +02:00", "2026-03-30 02:30 +02:00"}},
		{"daily at 02:30, the clock shows it twice", clientagent.Daily(1, wall("2026-03-01 02:30")), "Europe/Berlin",
			"2026-10-24 02:30 +02:00", []string{"2026-10-25 02:30 +02:00", "2026-10-26 02:30 +01:00"}},
		{"asked in between the two showings", clientagent.Daily(1, wall("2026-03-01 02:30")), "Europe/Berlin",
			"2026-10-25 02:10 +01:00", []string{"2026-10-26 02:30 +01:00"}},
		{"daily at 03:00, the first reading after the gap", clientagent.Daily(1, wall("2026-03-01 03:00")), "Europe/Berlin",
			"2026-03-28 03:00 +01:00", []string{"2026-03-29 03:00 +02:00"}},
		{"every 4 hours counts elapsed time in spring", clientagent.Schedule{{Recurrence: clientagent.RecurInterval,
			Start: wall("2026-03-28 20:00"), Hours: 4}}, "Europe/Berlin",
			"2026-03-28 21:00 +01:00", []string{"2026-03-29 00:00 +01:00", "2026-03-29 05:00 +02:00", "2026-03-29 09:00 +02:00"}},
		{"every 4 hours counts elapsed time in autumn", clientagent.Schedule{{Recurrence: clientagent.RecurInterval,
			Start: wall("2026-10-24 20:00"), Hours: 4}}, "Europe/Berlin",
			"2026-10-24 21:00 +02:00", []string{"2026-10-25 00:00 +02:00", "2026-10-25 03:00 +01:00", "2026-10-25 07:00 +01:00"}},
		{"every 30 minutes comes in both showings of the hour", clientagent.Every(30 * time.Minute), "Europe/Berlin",
			"2026-10-25 02:00 +02:00", []string{"2026-10-25 02:30 +02:00", "2026-10-25 02:00 +01:00", "2026-10-25 02:30 +01:00"}},
		{"a day and 12 hours is elapsed time", clientagent.Schedule{{Recurrence: clientagent.RecurInterval,
			Start: wall("2026-03-28 12:00"), Days: 1, Hours: 12}}, "Europe/Berlin",
			"2026-03-28 12:00 +01:00", []string{"2026-03-30 01:00 +02:00", "2026-03-31 13:00 +02:00"}},
		{"weekly through spring keeps its time of day", clientagent.Weekly(1, time.Sunday, wall("2026-03-01 01:00")), "Europe/Berlin",
			"2026-03-22 01:00 +01:00", []string{"2026-03-29 01:00 +01:00", "2026-04-05 01:00 +02:00"}},
		{"in UTC the local time shifts", clientagent.Weekly(1, time.Sunday, wall("2026-03-01 01:00")).InUTC(), "Europe/Berlin",
			"2026-03-22 02:00 +01:00", []string{"2026-03-29 03:00 +02:00", "2026-04-05 03:00 +02:00"}},

		// North America goes forward on 8 March 2026 and back on 1 November 2026, each at 02:00.
		{"New York in spring", clientagent.Daily(1, wall("2026-01-01 02:15")), "America/New_York",
			"2026-03-07 12:00 -05:00", []string{"2026-03-08 03:15 -04:00", "2026-03-09 02:15 -04:00"}},
		{"New York in autumn", clientagent.Daily(1, wall("2026-01-01 01:30")), "America/New_York",
			"2026-10-31 12:00 -04:00", []string{"2026-11-01 01:30 -04:00", "2026-11-02 01:30 -05:00"}},
		// Lord Howe Island moves by half an hour, back on 5 April 2026 at 02:00 and forward on 4 October 2026 at 02:00.
		{"half an hour forward", clientagent.Daily(1, wall("2026-01-01 02:10")), "Australia/Lord_Howe",
			"2026-10-03 12:00 +10:30", []string{"2026-10-04 02:40 +11:00", "2026-10-05 02:10 +11:00"}},
		{"half an hour back", clientagent.Daily(1, wall("2026-01-01 01:45")), "Australia/Lord_Howe",
			"2026-04-04 12:00 +11:00", []string{"2026-04-05 01:45 +11:00", "2026-04-06 01:45 +10:30"}},
		// Beirut springs forward at midnight, 29 March 2026.
		{"midnight that is not there", clientagent.Daily(1, wall("2026-01-01 00:00")), "Asia/Beirut",
			"2026-03-28 12:00 +02:00", []string{"2026-03-29 01:00 +03:00", "2026-03-30 00:00 +03:00"}},
		// Samoa left out 30 December 2011.
		{"a day that is not there", clientagent.Daily(1, wall("2011-12-01 12:00")), "Pacific/Apia",
			"2011-12-29 11:00 -10:00", []string{"2011-12-29 12:00 -10:00", "2011-12-31 12:00 +14:00", "2012-01-01 12:00 +14:00"}},

		// 1 June 2026 is a Monday.
		{"the first such weekday on or after the start", clientagent.Weekly(2, time.Tuesday, wall("2026-06-01 08:00")), "UTC",
			"2026-05-01 00:00 +00:00", []string{"2026-06-02 08:00 +00:00", "2026-06-16 08:00 +00:00", "2026-06-30 08:00 +00:00"}},
		{"the start is such a weekday", clientagent.Weekly(4, time.Monday, wall("2026-06-01 08:00")), "UTC",
			"2026-05-01 00:00 +00:00", []string{"2026-06-01 08:00 +00:00", "2026-06-29 08:00 +00:00"}},
		{"every third week over the year", clientagent.Weekly(3, time.Thursday, wall("2026-12-10 23:59")), "UTC",
			"2026-12-11 00:00 +00:00", []string{"2026-12-31 23:59 +00:00", "2027-01-21 23:59 +00:00"}},

		{"last day of the month", clientagent.MonthlyByDate(1, 0, wall("2026-01-31 04:00")), "UTC", "2026-01-31 04:00 +00:00",
			[]string{"2026-02-28 04:00 +00:00", "2026-03-31 04:00 +00:00", "2026-04-30 04:00 +00:00"}},
		{"last day of February in a leap year", clientagent.MonthlyByDate(12, 0, wall("2027-02-01 04:00")), "UTC", "2027-03-01 00:00 +00:00",
			[]string{"2028-02-29 04:00 +00:00", "2029-02-28 04:00 +00:00"}},
		{"the 31st leaves short months out", clientagent.MonthlyByDate(1, 31, wall("2026-01-01 04:00")), "UTC", "2026-01-31 04:00 +00:00",
			[]string{"2026-03-31 04:00 +00:00", "2026-05-31 04:00 +00:00", "2026-07-31 04:00 +00:00", "2026-08-31 04:00 +00:00"}},
		{"29 February, every year", clientagent.MonthlyByDate(12, 29, wall("2028-02-10 04:00")), "UTC", "2028-02-29 04:00 +00:00",
			[]string{"2032-02-29 04:00 +00:00"}},
		{"29 February over 2100, which has none", clientagent.MonthlyByDate(12, 29, wall("2028-02-10 04:00")), "UTC", "2096-02-29 04:00 +00:00",
			[]string{"2104-02-29 04:00 +00:00"}},
		{"the months count from the first that is due", clientagent.MonthlyByDate(3, 10, wall("2026-01-15 00:00")), "UTC",
			"2026-01-01 00:00 +00:00",
			[]string{"2026-02-10 00:00 +00:00", "2026-05-10 00:00 +00:00", "2026-08-10 00:00 +00:00"}},
		{"every fifth month over the year", clientagent.MonthlyByDate(5, 30, wall("2026-04-30 00:00")), "UTC", "2026-04-30 00:00 +00:00",
			[]string{"2026-09-30 00:00 +00:00", "2027-07-30 00:00 +00:00"}}, // February 2027 has no 30th

		// Patch Tuesdays of 2026: 13 January, 10 February, 10 March; Wednesday 1 July is a first Wednesday.
		{"second Tuesday", patchTuesday, "UTC",
			"2026-01-01 00:00 +00:00", []string{"2026-01-13 18:00 +00:00", "2026-02-10 18:00 +00:00", "2026-03-10 18:00 +00:00"}},
		{"first weekday on the first",
			clientagent.MonthlyByWeekday(1, clientagent.FirstWeek, time.Wednesday, wall("2026-07-01 18:00")), "UTC",
			"2026-01-01 00:00 +00:00",
			[]string{"2026-07-01 18:00 +00:00", "2026-08-05 18:00 +00:00"}},
		{"last Friday is the fifth in July and the fourth in August",
			clientagent.MonthlyByWeekday(1, clientagent.LastWeek, time.Friday, wall("2026-07-01 18:00")), "UTC",
			"2026-07-01 00:00 +00:00", []string{"2026-07-31 18:00 +00:00", "2026-08-28 18:00 +00:00"}},
		{"fourth Friday is not the last one in July",
			clientagent.MonthlyByWeekday(1, clientagent.FourthWeek, time.Friday, wall("2026-07-01 18:00")), "UTC",
			"2026-07-01 00:00 +00:00", []string{"2026-07-24 18:00 +00:00", "2026-08-28 18:00 +00:00"}},
		{"this month's is over before the start",
			clientagent.MonthlyByWeekday(2, clientagent.SecondWeek, time.Tuesday, wall("2026-01-14 00:00")), "UTC",
			"2026-01-01 00:00 +00:00", []string{"2026-02-10 00:00 +00:00", "2026-04-14 00:00 +00:00"}},
		// Offsets of CB 2207, §7.5 rule 1.
		{"two days after the second Tuesday, a Thursday", patchTuesday.OffsetBy(2), "UTC",
			"2026-01-01 00:00 +00:00", []string{"2026-01-15 18:00 +00:00", "2026-02-12 18:00 +00:00"}},
		// Last Tuesdays: 27 January, 24 February, 31 March, 28 April, 26 May. Four days more: January's and February's
		// land on the last day, which drops them; March's and April's leave the month and are pulled back; May's land on 30 May.
		{"an offset that lands on the last day, leaves the month, or neither", lastTuesday.OffsetBy(4), "UTC",
			"2025-12-01 00:00 +00:00", []string{"2026-03-31 18:00 +00:00", "2026-04-30 18:00 +00:00", "2026-05-30 18:00 +00:00"}},
		{"five days after 27 January leave it", lastTuesday.OffsetBy(5), "UTC",
			"2025-12-01 00:00 +00:00", []string{"2026-01-31 18:00 +00:00"}},

		{"several tokens, the earliest of each", append(clientagent.Weekly(1, time.Saturday, wall("2026-06-01 22:00")),
			clientagent.MonthlyByDate(1, 0, wall("2026-06-01 20:00"))...), "UTC",
			"2026-06-27 00:00 +00:00", []string{"2026-06-27 22:00 +00:00", "2026-06-30 20:00 +00:00", "2026-07-04 22:00 +00:00"}},
		{"no schedule", nil, "UTC", "2026-06-27 00:00 +00:00", []string{""}},
		{"a schedule that is not valid", clientagent.Every(0), "UTC", "2026-06-27 00:00 +00:00", []string{""}},
		{"simple, from 1 February 1970, a Sunday", clientagent.Every(7 * 24 * time.Hour), "Europe/Berlin",
			"2026-06-24 00:00 +02:00", []string{"2026-06-28 00:00 +02:00"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			const layout = "2006-01-02 15:04 -07:00"
			at, err := time.Parse(layout, row.after)
			require.NoError(t, err)
			for _, due := range row.due {
				next := row.schedule.Next(at, zone(row.zone))
				if due == "" {
					require.True(t, next.IsZero(), "%v", next)
					continue
				}
				require.Equal(t, due, next.In(zone(row.zone)).Format(layout))
				at = next
			}
		})
	}
}

func TestNoZoneIsUTC(t *testing.T) {
	daily := clientagent.Daily(1, wall("2026-06-01 08:00"))
	require.Equal(t, "2026-06-01T08:00:00Z", daily.Next(wall("2026-05-31 12:00"), nil).Format(time.RFC3339))
}

func TestNextIsStrictlyAfterToTheNanosecond(t *testing.T) {
	daily := clientagent.Daily(1, wall("2026-06-01 08:00"))
	at := time.Date(2026, 6, 3, 8, 0, 0, 0, berlin)
	require.True(t, at.Equal(daily.Next(at.Add(-time.Nanosecond), berlin)))
	require.True(t, at.AddDate(0, 0, 1).Equal(daily.Next(at, berlin)))
	require.True(t, at.AddDate(0, 0, 1).Equal(daily.Next(at.Add(time.Nanosecond), berlin)))
	hourly := clientagent.Every(time.Hour)
	require.True(t, at.Equal(hourly.Next(at.Add(-time.Nanosecond), berlin)))
	require.True(t, at.Add(time.Hour).Equal(hourly.Next(at, berlin)))
}

func TestConstructorsTakeTheReadingOfTheClock(t *testing.T) {
	start := time.Date(2026, 6, 1, 8, 30, 59, 999, zone("America/New_York"))
	require.Equal(t, wall("2026-06-01 08:30"), clientagent.Once(start)[0].Start)
	require.NoError(t, clientagent.Once(start).Validate())
	// A token made by hand may carry a location; its reading counts.
	byHand := clientagent.Schedule{{Recurrence: clientagent.NonRecurring, Start: start.Truncate(time.Minute)}}
	require.Equal(t, clientagent.Once(start).String(), byHand.String())
	require.True(t, byHand.Next(wall("2026-01-01 00:00"), berlin).Equal(time.Date(2026, 6, 1, 8, 30, 0, 0, berlin)))
}

func TestChangingAScheduleLeavesTheOriginal(t *testing.T) {
	weekly := clientagent.Weekly(1, time.Sunday, wall("2026-06-01 01:00"))
	before := weekly.String()
	require.NotEqual(t, before, weekly.InUTC().Lasting(time.Hour).String())
	require.Equal(t, before, weekly.String())
}
