package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// A user who acts before the first step of a process finds an installation that the last process did not see the end of: it waits for a restart
// and is neither begun again nor put off. (Found by the simulation, seed 5319.)
func TestUserAfterCrash(t *testing.T) {
	for name, act := range map[string]func(l *lab) error{
		"installs": func(l *lab) error { return l.agent.Install(l.Context(), updateID("a")) },
		"postpones": func(l *lab) error {
			require.NoError(l, l.agent.SetNonBusinessHours(l.Context(), daily("evening", clientagent.UserDefinedWindow, 19, time.Hour)))
			return l.agent.Postpone(l.Context(), updateID("a"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, leaf("a"))
			l.machine.restarts["a"] = true
			l.site.deploy("d", l.now, l.now.Add(48*time.Hour), "a")
			store := &breaking{Store: l.store, left: -1}
			l.config.Store = store
			l.start()
			l.pass(time.Hour)
			l.machine.hook = func() { store.dead = true }
			require.ErrorIs(t, l.agent.Install(t.Context(), updateID("a")), errDead)
			store.dead, l.machine.hook = false, nil
			l.start()
			require.NoError(t, act(l))
			l.pass(time.Hour)
			require.Empty(t, l.machine.twice)
			require.Equal(t, 1, l.machine.installs["a"])
			require.Equal(t, 9, l.job("a"), "it waits for its restart")
		})
	}
}
