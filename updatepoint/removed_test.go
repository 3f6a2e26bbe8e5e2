package updatepoint_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// paused is a store that calls during within the write of a synchronization that comes after skip others.
type paused struct {
	*records
	skip   int
	during func()
}

func (p *paused) Put(ctx context.Context, records map[string][]byte) error {
	if _, ok := records["sync"]; ok && p.during != nil {
		if p.skip--; p.skip < 0 {
			during := p.during
			p.during = nil
			during()
		}
	}
	return p.records.Put(ctx, records)
}

// Whichever write of a synchronization the removal of the role meets, the point that is added next holds no content version until it
// was synchronized itself.
func TestRemovalDuringAnyWriteOfASynchronization(t *testing.T) {
	for name, c := range map[string]struct {
		write int
		fault error
	}{
		"6701": {write: 0}, "6704": {write: 1}, "6705": {write: 2}, "6702": {write: 3},
		"6703": {write: 2, fault: errors.New("upstream answers 503")},
	} {
		t.Run(name, func(t *testing.T) {
			store := &paused{records: newRecords()}
			site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: store, Compliance: newReports()})
			require.NoError(t, err)
			h := withPoint(t, site, update(1, "One"))
			h.change(func(w *remote) { w.syncErr = c.fault })

			removed, overtaken := make(chan error, 1), false
			store.skip, store.during = c.write, func() {
				go func() { removed <- site.RemoveSoftwareUpdatePoint(context.Background()) }()
				// The removal has to wait for this write, so there is nothing to wait for but time.
				select {
				case err := <-removed:
					removed <- err
					overtaken = true
				case <-time.After(20 * time.Millisecond):
				}
			}
			err = site.Synchronize(t.Context())
			require.NoError(t, <-removed)
			require.False(t, overtaken, "the removal was written between reading and writing the record")
			if err != nil && c.fault == nil {
				require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
			}

			_, err = site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h, Ports: ports.Custom})
			require.NoError(t, err)
			p, err := updatepoint.InProcess(site).Policy(t.Context(), register(t, site, pc1, "pc1"), "")
			require.NoError(t, err)
			require.Empty(t, p.Locations)
		})
	}
}

// leaving is a WSUS that calls leave while it synchronizes.
type leaving struct {
	*host
	leave func()
}

func (l leaving) Synchronize(ctx context.Context) (updatepoint.Content, error) {
	l.leave()
	return l.host.Synchronize(ctx)
}

// A synchronization that outlives its point writes nothing more, neither its progress nor its failure; not even when the role is back.
func TestSynchronizationOfARemovedPointWritesNothing(t *testing.T) {
	for name, fault := range map[string]error{"success": nil, "failure": errors.New("upstream answers 503")} {
		t.Run(name, func(t *testing.T) {
			site, _ := newSite(t, updatepoint.MixedMode)
			h := newHost()
			h.syncErr = fault
			settings := updatepoint.Settings{Server: server, WSUS: h, Ports: ports.Custom}
			first := settings
			first.WSUS = leaving{h, func() {
				require.NoError(t, site.RemoveSoftwareUpdatePoint(t.Context()))
				_, err := site.AddSoftwareUpdatePoint(t.Context(), settings)
				require.NoError(t, err)
			}}
			_, err := site.AddSoftwareUpdatePoint(t.Context(), first)
			require.NoError(t, err)
			require.Error(t, site.Synchronize(t.Context()))

			status, err := site.SyncStatus(t.Context())
			require.NoError(t, err)
			require.Equal(t, updatepoint.SyncWSUSPhase, status.LastState)
			require.Empty(t, status.LastError)
			require.Equal(t, []int{6701, 6704}, messageIDs(t, site))
		})
	}
}
