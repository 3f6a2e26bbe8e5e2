package clientagent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Wherever the process dies while an update waits for a restart: when the machine has restarted before the next process starts, that was the
// restart, and the agent makes no second one. (Found by the simulation, seed 17.)
func TestRestartThatCameWithACrashIsTheRestart(t *testing.T) {
	crashes := 0
	for write := 0; ; write++ {
		l := newLab(t, leaf("a"))
		l.machine.restarts["a"] = true
		l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
		store := &breaking{Store: l.store, left: write, behind: true}
		l.config.Store = store
		l.start()
		died := false
		l.live(4*time.Hour, func() bool {
			if !store.dead {
				return false
			}
			if died = true; len(l.machine.waiting) > 0 {
				require.NoError(t, l.machine.Restart(t.Context()))
				crashes++
			}
			store.dead, store.left = false, -1
			return true
		})
		require.Equal(t, 1, l.machine.restarted, "write %d", write)
		require.Equal(t, 1, l.machine.installs["a"], "write %d", write)
		require.Equal(t, compliance.Installed, l.site.update("a"), "write %d", write)
		if !died {
			break
		}
	}
	require.Greater(t, crashes, 2)
}

// An installation that a crash cut short before it changed anything, while something else waits for a restart, is begun again after that one: it
// has not failed.
func TestInstallationCutShortBeforeAnotherRestart(t *testing.T) {
	l := newLab(t, leaf("a"))
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	store := &breaking{Store: l.store, left: -1}
	l.config.Store = store
	l.start()
	l.machine.waiting = []string{"other software"}
	l.machine.fail["a"] = errors.New("killed before it changed anything")
	l.machine.hook = func() { store.dead = true }
	for !store.dead {
		l.now, _ = l.agent.Step(t.Context(), l.now)
	}
	l.machine.hook, l.machine.fail["a"], store.dead = nil, nil, false
	l.start()
	l.pass(4 * time.Hour)
	require.Equal(t, 1, l.machine.restarted)
	require.Equal(t, compliance.Installed, l.site.update("a"))
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
}
