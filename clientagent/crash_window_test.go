package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// windowLab has all that makes an enforcement go in several pieces: a window, a servicing stack, restarts, an exclusive update, batching and
// something that the user has put off.
func windowLab(t testing.TB) *lab {
	stack, big := leaf("Servicing Stack Update"), leaf("exclusive")
	big.exclusive = true
	l := newLab(t, leaf("plain"), leaf("restarting"), stack, big, leaf("pulled"), leaf("put off"))
	l.machine.restarts["restarting"], l.machine.restarts["exclusive"] = true, true
	l.windows(daily("noon", clientagent.SoftwareUpdateWindow, 12, 2*time.Hour))
	l.site.change(func(p *clientagent.Policy) { p.Settings.BatchDeadlines, p.Settings.BatchingPeriod = true, 23*time.Hour })
	l.site.deploy("one", l.now.Add(10*time.Minute), moment("Mon 10:00"), "exclusive", "restarting", "plain", "Servicing Stack Update")
	l.site.deploy("two", l.now, moment("Tue 08:00"), "pulled")
	l.site.deploy("three", l.now, time.Time{}, "put off")
	return l
}

// Whichever write the process dies at: nothing is installed twice or outside of its window, and all ends as without a crash.
func TestEveryCrashAroundAWindowIsSurvived(t *testing.T) {
	const stride = 7 // every seventh write is enough here, each in its turn before and behind
	for first, behind := range map[int]bool{0: false, 3: true} {
		crashes := 0
		for write := first; ; write += stride {
			l := windowLab(t)
			store := &breaking{Store: l.store, left: write, behind: behind}
			l.config.Store = store
			l.machine.hook = func() {
				early := l.now.Before(moment("Mon 12:00")) || l.now.After(moment("Mon 14:00"))
				require.True(t, l.machine.order[len(l.machine.order)-1] == "put off" || !early, "write %d: %v at %v", write, l.machine.order, l.now)
			}
			l.start()
			died := 0
			check := func() bool {
				if !store.dead {
					return false
				}
				died++
				store.dead, store.left = false, -1
				return true
			}
			l.live(time.Hour, check)
			for range 3 {
				if l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 19, time.Hour)) == nil &&
					l.agent.Postpone(t.Context(), updateID("put off")) == nil {
					break
				}
				if check() {
					l.start()
				}
			}
			l.live(14*time.Hour, check)
			require.Empty(t, l.machine.twice, "write %d: installed twice", write)
			require.Empty(t, l.site.breach, "write %d", write)
			for _, name := range []string{"one", "two", "three"} {
				require.Equal(t, [3]int{2, 1, 4}, l.assignment(updateID("deployment "+name)), "write %d: %s: %v", write, name, l.machine.order)
			}
			if died == 0 {
				require.Equal(t, []string{"Servicing Stack Update", "restarting", "plain", "pulled", "exclusive", "put off"}, l.machine.order)
				require.Equal(t, 2, l.machine.restarted)
				break
			}
			crashes++
		}
		require.Greater(t, crashes, 60/stride)
	}
}
