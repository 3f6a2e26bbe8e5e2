package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func plain(name string, minutes int) clientagent.Candidate {
	return clientagent.Candidate{Name: name, RunTime: time.Duration(minutes) * time.Minute}
}

func exclusive(name string, minutes int) clientagent.Candidate {
	c := plain(name, minutes)
	c.Exclusive = true
	return c
}

func servicing(name string, minutes int) clientagent.Candidate {
	c := plain(name, minutes)
	c.Servicing = true
	return c
}

// Row Install of §7.4: batch, RequiresExclusiveHandling alone, servicing-stack update first; §7.5: shortest maximum run time first.
func TestRowInstallOrder(t *testing.T) {
	for _, c := range []struct {
		name string
		all  []clientagent.Candidate
		want string
	}{
		{"nothing", nil, ""},
		{"shortest first, equal ones in their order", []clientagent.Candidate{plain("a", 60), plain("b", 10), plain("c", 30), plain("d", 10)}, "bdca"},
		{"the servicing stack by itself", []clientagent.Candidate{plain("a", 5), servicing("s", 60), exclusive("x", 5)}, "s"},
		{"the shorter of two", []clientagent.Candidate{servicing("s", 60), servicing("r", 10)}, "r"},
		{"exclusive ones wait for the batch", []clientagent.Candidate{exclusive("x", 5), plain("a", 60)}, "a"},
		{"and come one by one", []clientagent.Candidate{exclusive("x", 60), exclusive("y", 10)}, "y"},
		{"exclusive and servicing", []clientagent.Candidate{plain("a", 5), {Name: "z", RunTime: time.Hour, Exclusive: true, Servicing: true}}, "z"},
	} {
		require.Equal(t, c.want, clientagent.FirstBatch(c.all...), c.name)
	}
}

// §7.5 rules 2 and 3, and row Install of §7.4.
func TestRule18WhoMayStartInWindows(t *testing.T) {
	// Every day from 22:00 to 23:00, and on Saturday to Sunday from 20:00 to 02:00.
	night := clientagent.ServiceWindows{daily("night", clientagent.SoftwareUpdateWindow, 22, time.Hour),
		{ID: "weekend", Type: clientagent.SoftwareUpdateWindow, Schedule: clientagent.Weekly(1, time.Saturday,
			time.Date(2026, 1, 3, 20, 0, 0, 0, time.UTC)).InUTC().Lasting(6 * time.Hour)}}
	for _, c := range []struct {
		name    string
		windows clientagent.ServiceWindows
		now     string
		pending bool
		all     []clientagent.Candidate
		free    string
		held    map[string]string
	}{
		{"no window at all: at the deadline", nil, "Tue 12:00", false, []clientagent.Candidate{plain("a", 9999)}, "a", nil},
		{"closed", night, "Tue 12:00", false, []clientagent.Candidate{plain("a", 10)}, "", map[string]string{"a": "Tue 22:00"}},
		{"run time equals what is left", night, "Tue 22:50", false, []clientagent.Candidate{plain("a", 10)}, "a", nil},
		{"a minute too long: the next one", night, "Tue 22:51", false, []clientagent.Candidate{plain("a", 10)}, "", map[string]string{"a": "Wed 22:00"}},
		{"only the longer window is long enough", night, "Tue 22:00", false, []clientagent.Candidate{plain("a", 60), plain("b", 61)}, "a",
			map[string]string{"b": "Sat 20:00"}},
		{"longer than every window: never, 11717", night, "Tue 22:00", false, []clientagent.Candidate{plain("a", 361)}, "", map[string]string{"a": "never"}},
		{"the end of a window does not count", night, "Tue 23:00", false, []clientagent.Candidate{plain("a", 5)}, "", map[string]string{"a": "Wed 22:00"}},
		{"servicing stack waits, so all wait", night, "Tue 22:30", false, []clientagent.Candidate{plain("a", 10), servicing("s", 60)}, "",
			map[string]string{"a": "Wed 22:00", "s": "Wed 22:00"}},
		{"servicing stack never fits: nobody waits for it", night, "Tue 22:30", false, []clientagent.Candidate{plain("a", 10), servicing("s", 400)}, "a",
			map[string]string{"s": "never"}},
		{"an exclusive one waits for the restart", nil, "Tue 12:00", true, []clientagent.Candidate{exclusive("x", 60), plain("a", 10)}, "a",
			map[string]string{"x": "restart"}},
		{"no restart to wait for", nil, "Tue 12:00", false, []clientagent.Candidate{exclusive("x", 60)}, "x", nil},
	} {
		free, held := clientagent.Split(c.windows, time.UTC, c.pending, moment(c.now), c.all...)
		require.Equal(t, c.free, free, c.name)
		if c.held == nil {
			c.held = map[string]string{}
		}
		require.Equal(t, c.held, held, c.name)
	}
}

// Whoever starts fits, whoever is held does not fit now or has a reason of its own, and nobody is forgotten.
func TestEveryCandidateStartsOrIsHeld(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		windows := clientagent.ServiceWindows{daily("w", clientagent.AllProgramWindow, rapid.IntRange(0, 23).Draw(r, "hour"),
			time.Duration(rapid.IntRange(5, 300).Draw(r, "length"))*time.Minute)}
		now := moment("Mon 00:00").Add(time.Duration(rapid.IntRange(0, 2*24*60).Draw(r, "now")) * time.Minute)
		var all []clientagent.Candidate
		for i := range rapid.IntRange(0, 6).Draw(r, "updates") {
			all = append(all, clientagent.Candidate{Name: string(rune('a' + i)), RunTime: time.Duration(rapid.IntRange(5, 400).Draw(r, "run")) * time.Minute,
				Exclusive: rapid.Bool().Draw(r, "exclusive"), Servicing: rapid.IntRange(0, 4).Draw(r, "servicing") == 0})
		}
		free, held := clientagent.Split(windows, time.UTC, rapid.Bool().Draw(r, "pending"), now, all...)
		require.Equal(r, len(all), len(free)+len(held))
		for _, c := range all {
			if _, waits := held[c.Name]; !waits {
				require.True(r, windows.Fits(c.RunTime, now, time.UTC), c.Name)
			}
		}
	})
}
