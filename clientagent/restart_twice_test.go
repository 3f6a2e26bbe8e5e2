package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What a restart lets install may want the next one at once: a user who is logged on has the whole countdown before that, too.
// (Found by the simulation, seeds 60087 and 61079.)
func TestEveryRestartHasItsOwnCountdown(t *testing.T) {
	for name, restart := range map[string]func(l *lab){
		"by the agent": func(l *lab) {
			for l.machine.restarted == 0 {
				l.now = l.step()
			}
		},
		"by the user": func(l *lab) {
			l.pass(30 * time.Minute)
			require.NoError(l, l.machine.Restart(l.Context()))
			l.now = l.step()
		},
		"by the user, and the process begins anew": func(l *lab) {
			l.pass(30 * time.Minute)
			require.NoError(l, l.machine.Restart(l.Context()))
			l.start()
			l.now = l.step()
		},
		"when asked to": func(l *lab) {
			l.pass(30 * time.Minute)
			require.NoError(l, l.agent.Restart(l.Context()))
			l.now = l.step()
		},
	} {
		t.Run(name, func(t *testing.T) {
			alone := leaf("b")
			alone.exclusive = true
			l := newLab(t, leaf("a"), alone)
			l.machine.loggedOn = true
			l.machine.restarts["a"], l.machine.restarts["b"] = true, true
			l.site.deploy("d", l.now, l.now.Add(3*time.Hour), "a", "b")
			for l.machine.installs["a"] == 0 {
				l.now = l.step()
			}
			var installed time.Time
			l.machine.hook = func() { installed = l.now }
			restart(l)
			require.Equal(t, 1, l.machine.installs["b"], "it waited for that restart")
			l.pass(installed.Add(89 * time.Minute).Sub(l.now))
			require.Equal(t, 1, l.machine.restarted)
			l.pass(2 * time.Minute)
			require.Equal(t, 2, l.machine.restarted)
			require.True(t, l.machine.has("b"))
		})
	}
}
