package updatepoint_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Many clients and an operator at once: nobody is lost, and of registrations with the same id exactly one wins.
func TestEverythingAtOnce(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	h := withPoint(t, site, update(1, "One"))
	require.NoError(t, site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	way := updatepoint.InProcess(site)
	const clients = 40
	var winners atomic.Int64
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			client := uuid.UUID{6: 0x40, 8: 0x80, 15: byte(i / 2)}.String() // two of each
			if i/2 == 0 {
				client = uuid.NewString()
			}
			token, err := way.Register(t.Context(), clientagent.Registration{ClientID: client, Name: fmt.Sprint("pc", i)})
			if err != nil {
				return
			}
			winners.Add(1)
			_, _ = way.Policy(t.Context(), token, "")
			_, _ = way.Report(t.Context(), token, say(client, 1, detected(id(1), compliance.Installed)))
		})
		group.Go(func() {
			_, _ = site.Deploy(t.Context(), updatepoint.Deployment{Name: fmt.Sprint(i), Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems})
			h.set(update(1, "One"))
			_ = site.Synchronize(t.Context())
			_, _ = site.Compliance(t.Context())
			_, _ = site.SiteSystems(t.Context())
		})
	}
	group.Wait()
	require.EqualValues(t, clients/2+1, winners.Load())
	again := look(t, openSite(t, updatepoint.MixedMode, store, newReports()))
	require.Len(t, again.Clients, clients/2+1)
	require.Len(t, again.Deployments, clients)
}
