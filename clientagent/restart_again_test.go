package clientagent_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// An update that its restart did not put in place is not installed again before the re-evaluation: the machine would restart again and again.
// (Found by the simulation, seed 3001.)
func TestRestartInVainIsNotRepeated(t *testing.T) {
	for _, again := range []bool{false, true} {
		t.Run(fmt.Sprint("re-evaluate after restart ", again), func(t *testing.T) {
			l := newLab(t, leaf("a"), leaf("b"))
			l.machine.restarts["a"], l.machine.blank["a"] = true, true
			l.machine.restarts["b"] = true
			id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a", "b")
			l.site.change(func(p *clientagent.Policy) { p.Deployments[0].ReevaluateAfterRestart = again })
			for end := l.now.Add(24 * time.Hour); l.now.Before(end); {
				next, _ := l.agent.Step(t.Context(), l.now) // the failure of the update is told as that of the step
				require.True(t, next.After(l.now))
				require.Less(t, l.machine.restarted, 3)
				l.now = next
			}
			require.Equal(t, 1, l.machine.installs["a"])
			require.Equal(t, 1, l.machine.restarted)
			require.Equal(t, compliance.Installed, l.site.update("b"))
			require.Equal(t, int(compliance.EnforcementInstallFailed), l.assignment(id)[2])
			l.pass(7 * 24 * time.Hour)
			require.Equal(t, 2, l.machine.installs["a"], "the re-evaluation tries it again")
		})
	}
}
