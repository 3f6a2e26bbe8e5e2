package clientagent_test

import (
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
