package clientagent_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// window opens every day at a time of day.
func window(id string, kind clientagent.ServiceWindowType, opens string, lasts time.Duration) clientagent.ServiceWindow {
	return clientagent.ServiceWindow{ID: id, Type: kind,
		Schedule: clientagent.Daily(1, wall("2026-01-01 "+opens)).Lasting(lasts)}
}

func updates(opens string, lasts time.Duration) clientagent.ServiceWindow {
	return window("updates "+opens, clientagent.SoftwareUpdateWindow, opens, lasts)
}

// Rule 18 of configmgr.md §10 is §7.5; its rules are numbered here in the order in which they stand there.
//
// §7.5 rule 2: which windows count.
func TestWhichWindowsCountForUpdates(t *testing.T) {
	all := window("all", clientagent.AllProgramWindow, "01:00", 3*time.Hour)
	sum := window("sum", clientagent.SoftwareUpdateWindow, "22:00", time.Hour)
	reboot := window("reboot", clientagent.RebootRequiredWindow, "05:00", time.Hour)
	osd := window("osd", clientagent.OSDWindow, "06:00", time.Hour)
	program := window("program", clientagent.ProgramWindow, "07:00", time.Hour)
	user := window("user", clientagent.UserDefinedWindow, "18:00", time.Hour)
	off := window("off", clientagent.SoftwareUpdateWindow, "12:00", time.Hour)
	off.Disabled = true
	over := clientagent.ServiceWindow{ID: "over", Type: clientagent.SoftwareUpdateWindow,
		Schedule: clientagent.Once(wall("2020-01-01 01:00")).Lasting(time.Hour)}

	for _, row := range []struct {
		name             string
		windows          clientagent.ServiceWindows
		also             bool // the setting of CB 1810
		updates, restart []string
	}{
		{"no window at all", nil, false, nil, nil},
		{"others do not count", clientagent.ServiceWindows{osd, program, user}, true, nil, nil},
		{"a type-4 window keeps type-1 windows out", clientagent.ServiceWindows{all, sum}, false, []string{"sum"}, []string{"sum"}},
		{"unless the 1810 setting is Yes", clientagent.ServiceWindows{all, sum}, true, []string{"sum", "all"}, []string{"sum", "all"}},
		{"only type-1 windows", clientagent.ServiceWindows{all, osd}, false, []string{"all"}, []string{"all"}},
		{"only type-1 windows, with the setting", clientagent.ServiceWindows{all}, true, []string{"all"}, []string{"all"}},
		{"a disabled type-4 window is not there", clientagent.ServiceWindows{all, off}, false, []string{"all"}, []string{"all"}},
		{"one that is over for good still is", clientagent.ServiceWindows{all, over}, false, []string{"over"}, []string{"over"}},
		{"restarts have windows of their own", clientagent.ServiceWindows{all, reboot}, false, []string{"all"}, []string{"all", "reboot"}},
		{"which do not keep installations waiting", clientagent.ServiceWindows{reboot}, false, nil, []string{"reboot"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.NoError(t, row.windows.Validate())
			require.Equal(t, row.updates, ids(row.windows.ForUpdates(row.also)))
			require.Equal(t, row.restart, ids(row.windows.ForRestarts(row.also)))
			require.Equal(t, row.updates == nil, row.windows.ForUpdates(row.also).Unlimited())
		})
	}
	require.Equal(t, []string{"user"}, ids(clientagent.ServiceWindows{all, user, off}.NonBusinessHours()))
}

func ids(windows clientagent.ServiceWindows) (all []string) {
	for _, window := range windows {
		all = append(all, window.ID)
	}
	return all
}

// §7.5 rule 1: overlapping windows are their union, disjoint ones stay separate.
func TestWindowsByHand(t *testing.T) {
	at := func(text string) time.Time { return wall("2026-06-10 " + text) } // a Wednesday
	const never = ""
	for _, row := range []struct {
		name    string
		windows clientagent.ServiceWindows
		now     string
		until   string // empty: closed
		next    string // the start of the next
		ends    string
	}{
		{"before it", clientagent.ServiceWindows{updates("01:00", 3*time.Hour)}, "00:59", never, "10 01:00", "10 04:00"},
		{"from its first moment", clientagent.ServiceWindows{updates("01:00", 3*time.Hour)}, "01:00", "10 04:00", "11 01:00", "11 04:00"},
		{"to just before its end", clientagent.ServiceWindows{updates("01:00", 3*time.Hour)}, "03:59", "10 04:00", "11 01:00", "11 04:00"},
		{"not at its end", clientagent.ServiceWindows{updates("01:00", 3*time.Hour)}, "04:00", never, "11 01:00", "11 04:00"},
		{"over midnight", clientagent.ServiceWindows{updates("23:00", 3*time.Hour)}, "00:30", "10 02:00", "10 23:00", "11 02:00"},
		{"overlapping ones are their union: 6 to 7 and 6:30 to 7:30", clientagent.ServiceWindows{updates("06:00", time.Hour),
			updates("06:30", time.Hour)}, "06:10", "10 07:30", "11 06:00", "11 07:30"},
		{"seen from before", clientagent.ServiceWindows{updates("06:30", time.Hour), updates("06:00", time.Hour)}, "05:00", never,
			"10 06:00", "10 07:30"},
		{"one within another", clientagent.ServiceWindows{updates("06:00", 4*time.Hour), updates("07:00", time.Hour)}, "07:30", "10 10:00",
			"11 06:00", "11 10:00"},
		{"a chain of three", clientagent.ServiceWindows{updates("06:00", time.Hour), updates("07:50", time.Hour), updates("06:50", 2*time.Hour)},
			"06:00", "10 08:50", "11 06:00", "11 08:50"},
		{"disjoint ones stay two", clientagent.ServiceWindows{updates("06:00", time.Hour), updates("08:00", time.Hour)}, "06:30", "10 07:00",
			"10 08:00", "10 09:00"},
		{"so do those that touch", clientagent.ServiceWindows{updates("06:00", time.Hour), updates("07:00", time.Hour)}, "06:30", "10 07:00",
			"10 07:00", "10 08:00"},
		{"a disabled one is not there", clientagent.ServiceWindows{updates("06:00", time.Hour),
			{ID: "off", Type: 4, Disabled: true, Schedule: updates("06:30", 5*time.Hour).Schedule}}, "06:30", "10 07:00", "11 06:00", "11 07:00"},
		{"several tokens in one window", clientagent.ServiceWindows{{ID: "two", Type: 4, Schedule: append(
			updates("06:00", time.Hour).Schedule, updates("06:30", time.Hour).Schedule...)}}, "06:10", "10 07:30", "11 06:00", "11 07:30"},
		{"all of Wednesday in a window of 24 hours", clientagent.ServiceWindows{{ID: "wed", Type: 4, Schedule: clientagent.Weekly(1, time.Wednesday,
			wall("2026-01-01 00:00")).Lasting(24 * time.Hour)}}, "23:59", "11 00:00", "17 00:00", "18 00:00"},
		{"the last time is over", clientagent.ServiceWindows{{ID: "once", Type: 4, Schedule: clientagent.Once(
			wall("2026-06-10 06:00")).Lasting(time.Hour)}}, "07:00", never, never, never},
		{"the last time is now", clientagent.ServiceWindows{{ID: "once", Type: 4, Schedule: clientagent.Once(
			wall("2026-06-10 06:00")).Lasting(time.Hour)}}, "06:00", "10 07:00", never, never},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.NoError(t, row.windows.Validate())
			until, open := row.windows.Open(at(row.now), time.UTC)
			require.Equal(t, row.until != never, open)
			if open {
				require.Equal(t, row.until, until.Format("02 15:04"))
				require.Equal(t, until.Sub(at(row.now)), row.windows.Remaining(at(row.now), time.UTC))
			} else {
				require.Zero(t, until)
				require.Zero(t, row.windows.Remaining(at(row.now), time.UTC))
			}
			span, any := row.windows.Next(at(row.now), time.UTC)
			require.Equal(t, row.next != never, any)
			if any {
				require.Equal(t, row.next, span.Start.Format("02 15:04"))
				require.Equal(t, row.ends, span.End.Format("02 15:04"))
				require.Equal(t, span.End.Sub(span.Start), span.Duration())
			}
		})
	}
}

// §7.5 rule 2: no window at all means at the deadline.
func TestNoWindowIsNoLimit(t *testing.T) {
	now := wall("2026-06-10 12:00")
	off := updates("06:00", time.Hour)
	off.Disabled = true
	for _, windows := range []clientagent.ServiceWindows{nil, {off}} {
		until, open := windows.Open(now, time.UTC)
		require.True(t, open)
		require.Zero(t, until)
		require.Equal(t, time.Duration(math.MaxInt64), windows.Remaining(now, time.UTC))
		require.True(t, windows.Fits(1000*time.Hour, now, time.UTC))
		start, ever := windows.NextFit(1000*time.Hour, now, time.UTC)
		require.True(t, ever)
		require.Equal(t, now, start)
		_, any := windows.Next(now, time.UTC)
		require.False(t, any)
		require.Zero(t, windows.Shortest())
	}
}

// §7.5 rule 3: "An update starts only if max run time ≤ remaining time; shortest maximum run time first, re-checked before each. Max run time > every
// window: never installs (11717)."
func TestWhatFitsIntoAWindow(t *testing.T) {
	windows := clientagent.ServiceWindows{updates("01:00", time.Hour), updates("05:00", 2*time.Hour)}
	at := func(text string) time.Time { return wall("2026-06-10 " + text) }
	for _, row := range []struct {
		now  string
		run  time.Duration
		fits bool
		next string // day and time of the first start, empty for never
	}{
		{"01:00", time.Hour, true, "10 01:00"},                // exactly as long as the window
		{"01:01", time.Hour, false, "10 05:00"},               // a minute too late
		{"01:30", 30 * time.Minute, true, "10 01:30"},         // exactly what remains
		{"01:31", 30 * time.Minute, false, "10 05:00"},        //
		{"01:00", 61 * time.Minute, false, "10 05:00"},        // never in the first one
		{"05:01", 2 * time.Hour, false, "11 05:00"},           // only at the beginning of the second
		{"00:00", 2*time.Hour + time.Minute, false, ""},       // longer than every window: 11717
		{"00:00", 0, false, "10 01:00"},                       // even nothing needs an open window
		{"07:00", 10 * time.Minute, false, "11 01:00"},        // at the end it is closed
		{"06:59", time.Minute, true, "10 06:59"},              //
		{"12:00", 119 * time.Minute, false, "11 05:00"},       //
		{"05:00", 120 * time.Minute, true, "10 05:00"},        //
		{"01:00", 0, true, "10 01:00"},                        //
		{"06:59", 2 * time.Minute, false, "11 01:00"},         //
		{"02:00", 30 * time.Minute, false, "10 05:00"},        //
		{"23:59", 60 * time.Minute, false, "11 01:00"},        //
		{"23:59", 24*time.Hour + time.Minute, false, ""},      //
		{"04:59", 2 * time.Hour, false, "10 05:00"},           //
		{"01:59", time.Nanosecond, true, "10 01:59"},          //
		{"06:00", time.Hour + time.Second, false, "11 05:00"}, //
	} {
		require.Equal(t, row.fits, windows.Fits(row.run, at(row.now), time.UTC), row)
		start, ever := windows.NextFit(row.run, at(row.now), time.UTC)
		require.Equal(t, row.next != "", ever, row)
		if ever {
			require.Equal(t, row.next, start.Format("02 15:04"), row)
		}
	}

	runs := []time.Duration{90 * time.Minute, 10 * time.Minute, 30 * time.Minute, 3 * time.Hour, 10 * time.Minute}
	require.Equal(t, []int{1, 4, 2, 0}, windows.FitNow(runs, at("05:00"), time.UTC))
	require.Equal(t, []int{1, 4, 2}, windows.FitNow(runs, at("06:30"), time.UTC))
	require.Equal(t, []int{1, 4}, windows.FitNow(runs, at("06:50"), time.UTC))
	require.Empty(t, windows.FitNow(runs, at("07:00"), time.UTC))
	require.Equal(t, []int{1, 4, 2, 0, 3}, clientagent.ServiceWindows{}.FitNow(runs, at("07:00"), time.UTC))
}

func TestAFitMayComeFromWindowsThatOverlapOnlyNowAndThen(t *testing.T) {
	// Two hours every Wednesday, and two on the last day of the month from one hour later: three only when that is a Wednesday, as
	// on 30 September 2026. June's to August's are a Tuesday, a Friday and a Monday.
	windows := clientagent.ServiceWindows{
		{ID: "weekly", Type: 4, Schedule: clientagent.Weekly(1, time.Wednesday, wall("2026-01-01 01:00")).Lasting(2 * time.Hour)},
		{ID: "monthly", Type: 4, Schedule: clientagent.MonthlyByDate(1, 0, wall("2026-01-01 02:00")).Lasting(2 * time.Hour)},
	}
	start, ever := windows.NextFit(3*time.Hour, wall("2026-06-10 12:00"), time.UTC)
	require.True(t, ever)
	require.Equal(t, wall("2026-09-30 01:00"), start)
	// A window that comes once is found however far ahead it is.
	once := clientagent.ServiceWindow{ID: "once", Type: 4, Schedule: clientagent.Once(wall("2029-06-10 12:00")).Lasting(20 * time.Hour)}
	start, ever = append(windows, once).NextFit(20*time.Hour, wall("2026-06-10 12:00"), time.UTC)
	require.True(t, ever)
	require.Equal(t, wall("2029-06-10 12:00"), start)
	_, ever = append(windows, once).NextFit(21*time.Hour, wall("2026-06-10 12:00"), time.UTC)
	require.False(t, ever)
}

// A window that takes effect in years is waited for, whatever its recurrence.
func TestAFitMayComeFromAWindowThatBeginsInYears(t *testing.T) {
	for _, schedule := range []clientagent.Schedule{clientagent.Once(wall("2029-06-10 12:00")), clientagent.Daily(1, wall("2029-06-10 12:00")),
		clientagent.Weekly(4, time.Sunday, wall("2029-06-06 12:00")), clientagent.MonthlyByDate(12, 10, wall("2029-06-01 12:00"))} {
		windows := clientagent.ServiceWindows{updates("01:00", time.Hour), {ID: "later", Type: 4, Schedule: schedule.Lasting(4 * time.Hour)}}
		start, ever := windows.NextFit(4*time.Hour, wall("2026-06-10 12:00"), time.UTC)
		require.True(t, ever, "%v", schedule)
		require.Equal(t, wall("2029-06-10 12:00"), start)
		_, ever = windows.NextFit(5*time.Hour, wall("2026-06-10 12:00"), time.UTC)
		require.False(t, ever)
	}
}

// The windows of a client whose user works on weekdays from 05:00 to 22:00, the hours that Software Center presets, as the client keeps them
// (https://xenit.se/tech-blog/convert-sccm-schedule-readable-format/): four nights, Friday evening, Saturday, and Sunday until Monday 05:00.
func TestNonBusinessHoursOfARealClient(t *testing.T) {
	var windows clientagent.ServiceWindows
	for _, text := range []string{"02C24AC0381A2000", "02C24AC0381B2000", "02C24AC0381C2000", "02C24AC0381D2000", "02C24AC0101E2000",
		"00074AC0005F2000", "00084AC028592000"} {
		schedule, err := clientagent.ParseSchedule(text)
		require.NoError(t, err)
		require.Equal(t, text, schedule.String())
		windows = append(windows, clientagent.ServiceWindow{ID: text, Type: clientagent.UserDefinedWindow, Schedule: schedule})
	}
	require.NoError(t, windows.Validate(), "29 hours from Sunday to Monday are not too many")
	monday := wall("2026-06-15 00:00")
	for minute := range 7 * 24 * 60 {
		at := monday.Add(time.Duration(minute) * time.Minute)
		works := at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && at.Hour() >= 5 && at.Hour() < 22
		_, open := windows.Open(at, time.UTC)
		require.Equal(t, !works, open, "%v", at)
	}
	windows[6].Type = clientagent.SoftwareUpdateWindow
	require.ErrorContains(t, windows.Validate(), "window lasts 29h0m0s, not from 5m0s to 24h0m0s")
}

func TestWindowsThatNeverCloseHaveAnEnd(t *testing.T) {
	windows := clientagent.ServiceWindows{updates("00:00", 24*time.Hour), updates("12:00", 24*time.Hour)}
	now := wall("2026-06-10 12:00")
	require.GreaterOrEqual(t, windows.Remaining(now, time.UTC), 31*24*time.Hour)
	require.Less(t, windows.Remaining(now, time.UTC), 33*24*time.Hour)
	require.True(t, windows.Fits(24*time.Hour, now, time.UTC))
	// Alone, each begins when the last one ends: windows that touch are two.
	alone := windows[:1]
	require.Equal(t, 12*time.Hour, alone.Remaining(now, time.UTC))
	_, ever := alone.NextFit(25*time.Hour, now, time.UTC)
	require.False(t, ever)
}

// §7.5 rule 1: local time, UTC, and the known quirk. Windows last elapsed time, and open by the wall clock.
func TestWindowsOverDaylightSaving(t *testing.T) {
	const layout = "2006-01-02 15:04 -07:00"
	weekly := func(opens string, lasts time.Duration) clientagent.ServiceWindows {
		return clientagent.ServiceWindows{{ID: "sunday", Type: 4,
			Schedule: clientagent.Weekly(1, time.Sunday, wall("2026-01-04 "+opens)).Lasting(lasts)}}
	}
	inUTC := weekly("01:00", 3*time.Hour)
	inUTC[0].Schedule = inUTC[0].Schedule.InUTC()
	winter := clientagent.ServiceWindows{inUTC[0]}
	winter[0].EffectiveDateOffset = true
	summer := clientagent.ServiceWindows{winter[0]}
	summer[0].Schedule = clientagent.Weekly(1, time.Sunday, wall("2026-07-05 01:00")).Lasting(3 * time.Hour).InUTC()

	for _, row := range []struct {
		name       string
		windows    clientagent.ServiceWindows
		after      string
		start, end string
	}{
		{"through the gap", weekly("01:00", 3*time.Hour), "2026-03-28 12:00 +01:00", "2026-03-29 01:00 +01:00", "2026-03-29 05:00 +02:00"},
		{"opening in the gap", weekly("02:30", time.Hour), "2026-03-28 12:00 +01:00", "2026-03-29 03:30 +02:00", "2026-03-29 04:30 +02:00"},
		{"through the doubled hour", weekly("01:00", 3*time.Hour), "2026-10-24 12:00 +02:00", "2026-10-25 01:00 +02:00", "2026-10-25 03:00 +01:00"},
		{"opening in the doubled hour, the first time only", weekly("02:30", 15*time.Minute), "2026-10-24 12:00 +02:00",
			"2026-10-25 02:30 +02:00", "2026-10-25 02:45 +02:00"},
		{"not the second time", weekly("02:30", 15*time.Minute), "2026-10-25 02:00 +01:00", "2026-11-01 02:30 +01:00", "2026-11-01 02:45 +01:00"},
		{"in UTC before the change", inUTC, "2026-03-28 12:00 +01:00", "2026-03-29 03:00 +02:00", "2026-03-29 06:00 +02:00"},
		{"in UTC in winter", inUTC, "2026-01-10 12:00 +01:00", "2026-01-11 02:00 +01:00", "2026-01-11 05:00 +01:00"},
		{"in UTC in summer", inUTC, "2026-06-10 12:00 +02:00", "2026-06-14 03:00 +02:00", "2026-06-14 06:00 +02:00"},
		{"the known issue, effective in winter, in winter", winter, "2026-01-10 12:00 +01:00", "2026-01-11 02:00 +01:00", "2026-01-11 05:00 +01:00"},
		{"the known issue, effective in winter, in summer", winter, "2026-06-10 12:00 +02:00", "2026-06-14 02:00 +02:00", "2026-06-14 05:00 +02:00"},
		{"the known issue, effective in summer, in summer", summer, "2026-07-10 12:00 +02:00", "2026-07-12 03:00 +02:00", "2026-07-12 06:00 +02:00"},
		{"the known issue, effective in summer, in winter", summer, "2026-12-10 12:00 +01:00", "2026-12-13 03:00 +01:00", "2026-12-13 06:00 +01:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			after, err := time.Parse(layout, row.after)
			require.NoError(t, err)
			span, any := row.windows.Next(after, berlin)
			require.True(t, any)
			require.Equal(t, row.start, span.Start.In(berlin).Format(layout))
			require.Equal(t, row.end, span.End.In(berlin).Format(layout))
			until, open := row.windows.Open(span.Start, berlin)
			require.True(t, open)
			require.True(t, until.Equal(span.End))
			_, open = row.windows.Open(span.Start.Add(-1), berlin)
			require.False(t, open)
			_, open = row.windows.Open(span.End, berlin)
			require.False(t, open)
		})
	}
}

// §7.5 rule 1: 01:00 to 04:00, weekly, local time, for all deployments.
func TestDefaultServiceWindow(t *testing.T) {
	window := clientagent.DefaultServiceWindow(time.Date(2026, 11, 25, 17, 30, 0, 0, berlin)) // a Wednesday
	window.ID = "default"
	require.NoError(t, window.Validate())
	require.Equal(t, clientagent.AllProgramWindow, window.Type)
	span, _ := clientagent.ServiceWindows{window}.Next(wall("2026-11-25 17:30"), berlin)
	require.Equal(t, time.Date(2026, 12, 2, 1, 0, 0, 0, berlin), span.Start)
	require.Equal(t, 3*time.Hour, span.Duration())
}

// §7.5 rule 1: 5 minutes to 24 hours, exactly 24 included.
func TestValidateTellsAllThatIsWrongWithWindows(t *testing.T) {
	fine := updates("01:00", time.Hour)
	for _, lasts := range []time.Duration{5 * time.Minute, 24 * time.Hour} {
		require.NoError(t, updates("01:00", lasts).Validate())
	}
	err := clientagent.ServiceWindows{fine, fine,
		{Type: 0},
		{ID: "short", Type: 7, Schedule: clientagent.Daily(1, wall("2026-01-01 01:00")).Lasting(4 * time.Minute)},
		{ID: "long", Type: 4, Schedule: clientagent.Weekly(5, time.Sunday, wall("2026-01-01 01:00")).Lasting(24*time.Hour + time.Minute)},
	}.Validate()
	for _, says := range []string{
		`window "updates 01:00" is there twice`,
		`window "": window has no id`, `window "": window type 0 is not within 1 and 6`, `window "": window has no schedule`,
		`window "short": window type 7`, `window "short": schedule token 1: window lasts 4m0s, not from 5m0s to 24h0m0s`,
		`window "long": schedule token 1: weeks 5`, `window "long": schedule token 1: window lasts 24h1m0s`,
	} {
		require.ErrorContains(t, err, says)
	}
	many := make(clientagent.ServiceWindows, clientagent.MaxServiceWindows+1)
	require.ErrorContains(t, many.Validate(), "501 windows are more than 500")
	require.NoError(t, clientagent.ServiceWindows(nil).Validate())
	require.Equal(t, 20*time.Minute, clientagent.ServiceWindows{fine, updates("05:00", 20*time.Minute)}.Shortest())
}

func TestWindowInJSON(t *testing.T) {
	text, err := json.Marshal(clientagent.ServiceWindow{ID: "{1}", Name: "Nights", Type: clientagent.SoftwareUpdateWindow,
		Schedule: clientagent.Daily(1, wall("2007-03-20 01:00")).Lasting(time.Hour)})
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"{1}","name":"Nights","type":4,"schedule":"0034394008100008"}`, string(text))
}
