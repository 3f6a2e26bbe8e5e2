package clientagent_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func wall(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

// Strings that the product's documentation, its default settings and public decoders show together with what they mean.
var publishedSchedules = []struct {
	text, meaning string
	tokens        clientagent.Schedule
}{
	{"0001200000100038", "simple, every 7 days", clientagent.Every(7 * 24 * time.Hour)},
	{"0001200000100070", "simple, every 14 days", clientagent.Every(14 * 24 * time.Hour)},
	{"0001200000100008", "simple, every day", clientagent.Every(24 * time.Hour)},
	{"000120000011E000", "simple, every 15 minutes", clientagent.Every(15 * time.Minute)},
	{"1033BC7B10100010", "every 2 days from 19 November 2019 01:04 for 2 hours 59 minutes",
		clientagent.Daily(2, wall("2019-11-19 01:04")).Lasting(2*time.Hour + 59*time.Minute)},
	{"920A8C0000100008", "every day from 10 August 2018 16:36", clientagent.Daily(1, wall("2018-08-10 16:36"))},
	{"A9788980001B4000", "every 2 weeks on Tuesday from 24 August 2008 11:42",
		clientagent.Weekly(2, time.Tuesday, wall("2008-08-24 11:42"))},
	{"7D98898000280400", "last day of every month from 24 August 2008 12:31",
		clientagent.MonthlyByDate(1, 0, wall("2008-08-24 12:31"))},
	{"02C24AC0381A2000", "every week on Monday from 2 April 2013 22:00 for 7 hours",
		clientagent.Weekly(1, time.Monday, wall("2013-04-02 22:00")).Lasting(7 * time.Hour)},
	{"0034394008100008", "every day 01:00", clientagent.Daily(1, wall("2007-03-20 01:00")).Lasting(time.Hour)},
	{"00343940081A2000", "every week 01:00", clientagent.Weekly(1, time.Monday, wall("2007-03-20 01:00")).Lasting(time.Hour)},
	{"0034394008284400", "every month 01:00", clientagent.MonthlyByDate(1, 1, wall("2007-03-20 01:00")).Lasting(time.Hour)},
}

func TestPublishedScheduleStrings(t *testing.T) {
	for _, row := range publishedSchedules {
		t.Run(row.text, func(t *testing.T) {
			schedule, err := clientagent.ParseSchedule(row.text)
			require.NoError(t, err)
			require.Equal(t, row.tokens, schedule, row.meaning)
			require.Equal(t, row.text, row.tokens.String(), row.meaning)
		})
	}
}

func TestScheduleStringOfSeveralTokens(t *testing.T) {
	// The example of Convert-CMSchedule: Monday to Friday from 22:00 for seven hours.
	text := "02C159C0381A200002C159C0381B200002C159C0381C200002C159C0381D200002C159C0381E2000"
	schedule, err := clientagent.ParseSchedule(strings.ToLower(text))
	require.NoError(t, err)
	require.Len(t, schedule, 5)
	for i, token := range schedule {
		require.Equal(t, clientagent.RecurWeekly, token.Recurrence)
		require.Equal(t, time.Monday+time.Weekday(i), token.Weekday)
		require.Equal(t, wall("2009-05-01 22:00"), token.Start)
		require.Equal(t, 7*time.Hour, token.Duration)
	}
	require.Equal(t, text, schedule.String())
}

// Bits worked out by hand from the layout of ReadFromString.
func TestScheduleStringBitsByHand(t *testing.T) {
	// Start 2 June 2026 02:30: minute 30 = 011110, hour 2 = 00010, day 2 = 00010, month 6 = 0110, year 56 = 111000, minutes 0.
	const start = "78426E00"
	at := wall("2026-06-02 02:30")
	for _, row := range []struct {
		low      string
		schedule clientagent.Schedule
	}{
		// 00000 00000 001 and nothing else.
		{"00080000", clientagent.Once(at)},
		// The flag of UTC is bit 0.
		{"00080001", clientagent.Once(at).InUTC()},
		// Duration 24 hours is one day: 00000 00001 001.
		{"00480000", clientagent.Once(at).Lasting(24 * time.Hour)},
		// 00000 00000 100, Tuesday 3 = 011, every month 0001, second 010.
		{"00231400", clientagent.MonthlyByWeekday(1, clientagent.SecondWeek, time.Tuesday, at)},
		// Three hours 00011, Saturday 7 = 111, every 12 months 1100, last 000.
		{"1827C000", clientagent.MonthlyByWeekday(12, clientagent.LastWeek, time.Saturday, at).Lasting(3 * time.Hour)},
		// 101, day 31 = 11111, every 3 months 0011.
		{"002FCC00", clientagent.MonthlyByDate(3, 31, at)},
		// 010, 0 minutes, 4 hours = 00100, 0 days.
		{"00100400", clientagent.Schedule{{Recurrence: clientagent.RecurInterval, Start: at, Hours: 4}}},
	} {
		require.Equal(t, start+row.low, row.schedule.String())
		back, err := clientagent.ParseSchedule(start + row.low)
		require.NoError(t, err)
		require.Equal(t, row.schedule, back)
	}
}

func TestScheduleOffsetIsWrittenBehindTheToken(t *testing.T) {
	patch := clientagent.MonthlyByWeekday(1, clientagent.SecondWeek, time.Tuesday, wall("2026-06-02 02:30")).OffsetBy(2)
	both := append(patch, clientagent.Every(time.Hour)...)
	require.Equal(t, "78426E0000231400+20001200000100100", both.String())
	back, err := clientagent.ParseSchedule(both.String())
	require.NoError(t, err)
	require.Equal(t, both, back)
}

func TestParseScheduleRefuses(t *testing.T) {
	for _, row := range []struct{ text, says string }{
		{"00012000001000", "token 1 has 14 digits, not 16"},
		{"000120000010003800", "token 2 has 2 digits"},
		{"00012000001000ZZ", "is not 16 hexadecimal digits"},
		{"-001200000100038", "is not 16 hexadecimal digits"},
		{"0x01200000100038", "is not 16 hexadecimal digits"},
		{"0001_20000100038", "is not 16 hexadecimal digits"},
		{"0000000000000000", "recurrence 0 is not within 1 and 5"},
		{"0001200000380000", "recurrence 7 is not within 1 and 5"},
		{"0001200000100000", "interval is zero"},
		{"000120000010003A", "no published layout explains (0000000000000002)"},
		{"001E200000100038", "does not exist"}, // 30 February
		{"0001000000100038", "month"},          // month 0 would be December 1969
		{"F001200000100038", "does not exist"}, // minute 60
		{"0001203C00100038", "does not exist"}, // duration of 60 minutes
		{"0001200000182000", "weekday -1 is not within 0 and 6"},
		{"00012000001A0000", "weeks 0 is not within 1 and 4"},
		{"00012000001AA000", "weeks 5 is not within 1 and 4"},
		{"0001200000220200", "months 0 is not within 1 and 12"},
		{"0001200000221A00", "week order 5 is not within 0 and 4"},
		{"0001200000284000", "months 0 is not within 1 and 12"},
		{"0001200000231400+", "offset is not within +1 and +7"},
		{"0001200000231400+0", "offset is not within +1 and +7"},
		{"0001200000231400+8", "offset is not within +1 and +7"},
		{"0001200000100038+1", "offset days must be zero with recurrence 2"},
		{strings.Repeat("0001200000100038", 65), "65 tokens are more than 64"},
		{strings.Repeat("0001200000100038", 80), "more than 64 tokens"},
	} {
		schedule, err := clientagent.ParseSchedule(row.text)
		if row.says == "month" {
			row.says = "start year 1969 is not within 1970 and 2033"
		}
		require.ErrorContains(t, err, row.says, row.text)
		require.Nil(t, schedule)
	}
	_, err := clientagent.ParseSchedule("000120000010000000012000001A0000")
	require.ErrorContains(t, err, "schedule token 1: interval is zero")
	require.ErrorContains(t, err, "schedule token 2: weeks 0", "all of it at once")
}

func TestScheduleInJSON(t *testing.T) {
	type settings struct {
		Scan  clientagent.Schedule `json:"scan"`
		Other clientagent.Schedule `json:"other,omitempty"`
	}
	text, err := json.Marshal(settings{Scan: clientagent.Every(24 * time.Hour)})
	require.NoError(t, err)
	require.JSONEq(t, `{"scan":"0001200000100008"}`, string(text))
	var back settings
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, clientagent.Every(24*time.Hour), back.Scan)
	require.Nil(t, back.Other)

	require.ErrorContains(t, json.Unmarshal([]byte(`{"scan":"7 days"}`), &back), "token 1 has 6 digits")
	require.Equal(t, clientagent.Every(24*time.Hour), back.Scan, "what cannot be read changes nothing")
	_, err = json.Marshal(settings{Scan: clientagent.Every(time.Second)})
	require.ErrorContains(t, err, "interval is zero")
	require.Equal(t, "<write schedule: 1 error occurred: \t* schedule token 1: interval is zero: set days, hours or minutes  >",
		clientagent.Every(time.Second).String())
}

func TestValidateTellsAllThatIsWrongWithASchedule(t *testing.T) {
	err := clientagent.Schedule{
		{Recurrence: clientagent.RecurWeekly, Start: time.Date(2034, 1, 1, 0, 0, 30, 0, time.UTC), Weekday: 7, Weeks: 9, Days: 1},
		{Recurrence: clientagent.RecurMonthlyByWeekday, Start: wall("2026-01-01 00:00"), Months: 13, WeekOrder: 5, OffsetDays: 8,
			Duration: 90 * time.Second},
		{Recurrence: clientagent.RecurMonthlyByDate, Start: wall("2026-01-01 00:00"), Months: 1, MonthDay: 32, Duration: 32 * 24 * time.Hour},
		{Recurrence: 9},
	}.Validate()
	for _, says := range []string{
		"schedule token 1: start year 2034", "schedule token 1: start 00:00:30 is not a whole minute", "schedule token 1: weekday 7",
		"schedule token 1: weeks 9", "schedule token 1: days must be zero",
		"schedule token 2: duration 1m30s", "schedule token 2: months 13", "schedule token 2: week order 5", "schedule token 2: offset days 8",
		"schedule token 3: duration 768h0m0s", "schedule token 3: day of the month 32",
		"schedule token 4: recurrence 9",
	} {
		require.ErrorContains(t, err, says)
	}
	require.NoError(t, clientagent.Schedule(nil).Validate())
}

func TestSimpleSchedules(t *testing.T) {
	interval, simple := clientagent.Every(36 * time.Hour).Simple()
	require.True(t, simple)
	require.Equal(t, 36*time.Hour, interval)
	for name, schedule := range map[string]clientagent.Schedule{
		"none":          nil,
		"custom start":  clientagent.Daily(7, wall("2026-06-02 02:30")),
		"UTC":           clientagent.Every(time.Hour).InUTC(),
		"with duration": clientagent.Every(time.Hour).Lasting(time.Minute),
		"two tokens":    append(clientagent.Every(time.Hour), clientagent.Every(time.Minute)...),
		"weekly":        clientagent.Weekly(1, time.Sunday, wall("1970-02-01 00:00")),
	} {
		_, simple := schedule.Simple()
		require.False(t, simple, name)
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, row := range publishedSchedules {
		f.Add(row.text)
	}
	f.Add("78426E0000231400+20001200000100100")
	f.Fuzz(func(t *testing.T, text string) {
		schedule, err := clientagent.ParseSchedule(text)
		if err != nil {
			require.Nil(t, schedule)
			return
		}
		require.NoError(t, schedule.Validate())
		require.Equal(t, strings.ToUpper(text), schedule.String(), "nothing of what was read is lost")
		for _, after := range []time.Time{{}, wall("2026-03-29 00:00"), time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)} {
			if next := schedule.Next(after, berlin); !next.IsZero() {
				require.True(t, next.After(after))
			}
		}
	})
}
