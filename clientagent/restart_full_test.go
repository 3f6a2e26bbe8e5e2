package clientagent_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// fullStore is a store whose disk may be full.
type fullStore struct {
	clientagent.Store
	full bool
}

func (s *fullStore) Put(ctx context.Context, records map[string][]byte) error {
	if s.full {
		return errFull
	}
	return s.Store.Put(ctx, records)
}

// A machine that cannot write down that it has restarted is not restarted, let alone again and again. (Found by the simulation, seed 100262.)
func TestMachineWithAFullDiskIsNotRestarted(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	window := l.now.Add(6 * time.Hour)
	l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.site.change(func(p *clientagent.Policy) {
		p.Deployments[0].OverrideServiceWindows = true
		p.ServiceWindows = clientagent.ServiceWindows{{ID: "w", Type: clientagent.RebootRequiredWindow,
			Schedule: clientagent.Once(window).InUTC().Lasting(5 * time.Hour)}}
	})
	store := &fullStore{Store: l.store}
	l.config.Store = store
	l.start()
	step := func(end time.Time) {
		for l.now.Before(end) {
			next, _ := l.agent.Step(t.Context(), l.now) // a full disk fails most steps
			require.True(t, next.After(l.now))
			l.now = next
		}
	}
	step(window.Add(-time.Hour))
	require.Equal(t, 1, l.machine.installs["a"])
	require.Zero(t, l.machine.restarted, "no window yet")
	store.full = true
	step(window.Add(2 * time.Hour))
	require.Zero(t, l.machine.restarted)
	store.full = false
	step(window.Add(4 * time.Hour))
	require.Equal(t, 1, l.machine.restarted)
	require.Equal(t, compliance.Installed, l.site.update("a"))
}
