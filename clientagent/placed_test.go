package clientagent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// The first part of a bundle waits for a restart and the second one fails. Whatever tries the bundle again before the restart, the first part
// is not installed a second time. (Found by the simulation, seed 45.)
func TestPartThatWaitsForARestartIsNotInstalledAgain(t *testing.T) {
	l := newLab(t, published{name: "bundle", deployable: true, leaf: true, bundles: []string{"one", "two"}},
		published{name: "one", leaf: true, action: "Bundle", file: []byte("one")},
		published{name: "two", leaf: true, action: "Bundle", file: []byte("two")})
	l.machine.restarts["one"] = true
	l.machine.fail["two"] = failing(-2147023293)
	l.site.deploy("d", l.now, time.Time{}, "bundle")
	l.pass(3 * time.Hour)
	require.Error(t, l.agent.Install(t.Context(), updateID("bundle")))
	require.Error(t, l.agent.Install(t.Context(), updateID("bundle")))
	require.Equal(t, 1, l.machine.installs["one"])

	delete(l.machine.fail, "two")
	require.NoError(t, l.agent.Install(t.Context(), updateID("bundle")))
	require.Equal(t, 1, l.machine.installs["one"])
	require.True(t, l.machine.has("two"))
	require.NoError(t, l.machine.Restart(t.Context()))
	l.pass(time.Hour)
	require.Empty(t, l.machine.twice)
	require.Equal(t, compliance.Installed, l.site.update("bundle"))
	require.Equal(t, int(compliance.CIEnforcementSuccessful), l.job("bundle"))
}

// Once the restart has come, a part that is still missing is installed again.
func TestPartThatTheRestartLostIsInstalledAgain(t *testing.T) {
	l := newLab(t, published{name: "bundle", deployable: true, leaf: true, bundles: []string{"one", "two"}},
		published{name: "one", leaf: true, action: "Bundle", file: []byte("one")},
		published{name: "two", leaf: true, action: "Bundle", file: []byte("two")})
	l.machine.restarts["one"], l.machine.blank["one"] = true, true
	l.machine.fail["two"] = failing(-2147023293)
	l.site.deploy("d", l.now, time.Time{}, "bundle")
	l.pass(3 * time.Hour)
	require.Error(t, l.agent.Install(t.Context(), updateID("bundle")))
	require.NoError(t, l.machine.Restart(t.Context()))
	delete(l.machine.fail, "two")
	delete(l.machine.blank, "one")
	require.NoError(t, l.agent.Install(t.Context(), updateID("bundle")))
	require.Equal(t, 2, l.machine.installs["one"])
	require.NoError(t, l.machine.Restart(t.Context()))
	l.pass(time.Hour)
	require.Equal(t, compliance.Installed, l.site.update("bundle"))
}

// What was put in place before the last restart does not wait for the next one: an update that went missing is installed again, whatever else
// wants a restart by then.
func TestPlacedEndsWithTheRestart(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.pass(24 * time.Hour)
	require.Equal(t, 1, l.machine.restarted)
	l.machine.set("a", false)
	l.machine.waiting = append(l.machine.waiting, "other software")
	l.pass(8 * 24 * time.Hour)
	require.Equal(t, 2, l.machine.installs["a"])
	require.Equal(t, 2, l.machine.restarted)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}

// An update that wants exclusive handling ran for too long and waits for a restart of its own: the next attempt does not wait for that as if it were
// another's, for then nobody would ever ask for it. (Found by the simulation, seed 71027.)
func TestExclusiveUpdateDoesNotWaitForItsOwnRestart(t *testing.T) {
	alone := leaf("a")
	alone.exclusive = true
	l := newLab(t, alone)
	l.machine.restarts["a"] = true
	l.machine.hook = func() { l.now = l.now.Add(31 * time.Minute) }
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.runs("a", 30*time.Minute)
	for l.machine.installs["a"] == 0 {
		next, err := l.agent.Step(t.Context(), l.now)
		var known *clientagent.InstallError
		if errors.As(err, &known) {
			require.Equal(t, clientagent.CodeExecutionTimeout, known.Code)
		}
		if next.After(l.now) {
			l.now = next
		}
	}
	l.pass(24 * time.Hour)
	require.Zero(t, l.machine.restarted)
	require.Equal(t, [3]int{2, 2, 6}, l.assignment(id))
	l.pass(8 * 24 * time.Hour)
	require.Equal(t, 1, l.machine.installs["a"])
	require.Equal(t, 1, l.machine.restarted)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}
