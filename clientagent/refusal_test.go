package clientagent_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// Whoever is refused is told what to do: each call of Software Center, all updates at once, and nothing is done for any of them.
func TestRefusalsSayWhatToDo(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.site.deploy("now", l.now, time.Time{}, "a")
	l.site.deploy("later", moment("Tue 10:00"), time.Time{}, "b")
	l.site.deploy("latest", moment("Wed 10:00"), time.Time{}, "b")
	l.step()
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 19, 2*time.Hour)))
	for name, call := range map[string]func(...uuid.UUID) error{
		"install":  func(ids ...uuid.UUID) error { return l.agent.Install(t.Context(), ids...) },
		"postpone": func(ids ...uuid.UUID) error { return l.agent.Postpone(t.Context(), ids...) },
		"cancel":   func(ids ...uuid.UUID) error { return l.agent.CancelDownload(t.Context(), ids...) },
	} {
		t.Run(name, func(t *testing.T) {
			err := call(updateID("a"), updateID("b"), updateID("x"))
			require.ErrorContains(t, err, updateID("x").String()+": not found: no scan has seen it; scan, or check the id")
			require.ErrorContains(t, err, updateID("b").String()+": not available yet: it is from 2026-03-03T10:00:00Z on")
			require.ErrorIs(t, err, clientagent.ErrNotFound)
			require.ErrorIs(t, err, clientagent.ErrNotAvailable)
			require.NotContains(t, err.Error(), updateID("a").String())
			require.Equal(t, clientagent.JobAvailable, l.listed("a").Job)
			require.Empty(t, l.machine.order)
		})
	}
}
