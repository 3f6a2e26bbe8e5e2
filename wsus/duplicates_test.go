package wsus_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// introduced is introducedAt without a network.
func introduced(t testing.TB, handler http.Handler, clientID, name, group string) *wua {
	t.Helper()
	return introducedAt(t, "http://wsus.test:8530", &http.Client{Transport: inProcess{handler}}, clientID, name, group, clientsync.Cookie{})
}

func computersOf(t testing.TB, server *wsus.Server) (all []wsus.Computer) {
	t.Helper()
	for c, err := range server.Computers(context.Background()) {
		require.NoError(t, err)
		all = append(all, c)
	}
	return all
}

// Two machines from one image work side by side: each is asked to register, each has its record and its states, and the id is listed with
// what to do about it.
func TestDuplicateClientID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t, document{id: id(1), title: "one", deployable: true})
		ctx := t.Context()
		first := introduced(t, server, "image", "pc1.test", "")
		first.register(t, "pc1.test", "A")
		first.sync(t, clientsync.SyncParameters{})
		time.Sleep(time.Hour / 2)
		second := introduced(t, server, "image", "pc2.test", "")
		_, err := second.SyncUpdates(ctx, second.cookie, clientsync.SyncParameters{})
		var fault *clientsync.Fault
		require.ErrorAs(t, err, &fault)
		require.Equal(t, clientsync.RegistrationRequired, fault.Code)
		second.register(t, "pc2.test", "A")
		second.sync(t, clientsync.SyncParameters{})
		duplicates, err := server.DuplicateClientIDs(ctx)
		require.NoError(t, err)
		require.Len(t, duplicates, 1)
		require.False(t, duplicates[0].InUse, "the first has not been back: it may have been renamed")
		require.Contains(t, duplicates[0].Remedy, "renamed")

		time.Sleep(time.Minute)
		first.sync(t, clientsync.SyncParameters{})
		all := computersOf(t, server)
		require.Len(t, all, 2)
		require.Equal(t, []string{"pc1.test", "pc2.test"}, []string{all[0].DNSName, all[1].DNSName})
		require.Equal(t, []string{"image", "image"}, []string{all[0].ClientID(), all[1].ClientID()})
		_, err = first.ReportEventBatch(ctx, first.cookie, time.Now(), []clientsync.ReportingEvent{statusEvent("image", time.Now(), list("U", 1))})
		require.NoError(t, err)
		_, err = second.ReportEventBatch(ctx, second.cookie, time.Now(), []clientsync.ReportingEvent{statusEvent("image", time.Now(), list("V", 1))})
		require.NoError(t, err)
		for i, want := range []wsus.UpdateInstallationState{wsus.NotInstalled, wsus.Installed} {
			got, err := server.InstallationState(ctx, all[i].ID, id(1))
			require.NoError(t, err)
			require.Equal(t, want, got, all[i].DNSName)
		}
		duplicates, err = server.DuplicateClientIDs(ctx)
		require.NoError(t, err)
		require.True(t, duplicates[0].InUse)
		require.Len(t, duplicates[0].Machines, 2)
		require.Contains(t, duplicates[0].Remedy, "SusClientId")

		time.Sleep(wsus.DuplicateWindow)
		duplicates, err = server.DuplicateClientIDs(ctx)
		require.NoError(t, err)
		require.False(t, duplicates[0].InUse, "they have stopped")
	})
}

// Two machines with the same id and the same name differ by their hardware only, when they register by turns. Hardware that changes once does not
// make another machine.
func TestDuplicateNameAndID(t *testing.T) {
	server := newServer(t)
	agent := introduced(t, server, "image", "pc.test", "")
	for i, model := range []string{"A", "B", "B"} {
		agent.register(t, "pc.test", model)
		require.Len(t, computersOf(t, server), 1, "registration %d", i)
	}
	for range 2 {
		agent.register(t, "pc.test", "A")
		agent.register(t, "pc.test", "B")
		all := computersOf(t, server)
		require.Len(t, all, 2)
		require.ElementsMatch(t, []string{"A", "B"}, []string{all[0].Model, all[1].Model})
	}
}

// Whoever introduces himself by somebody else's id changes nothing of that computer.
func TestIntroductionChangesNobody(t *testing.T) {
	server := newServer(t)
	victim := introduced(t, server, "victim", "pc1.test", "Pilot")
	victim.register(t, "pc1.test", "A")
	before := computersOf(t, server)[0]
	for i := range 3 * wsus.MaxMachines {
		introduced(t, server, "victim", "evil"+id(i).String(), "Other")
	}
	all := computersOf(t, server)
	require.Len(t, all, wsus.MaxMachines, "they are not endless")
	require.Equal(t, before, all[0])
	duplicates, err := server.DuplicateClientIDs(t.Context())
	require.NoError(t, err)
	require.Empty(t, duplicates, "an introduction proves nothing")
	victim.sync(t, clientsync.SyncParameters{})
}

// A computer that was deleted must register again; silent ones are cleaned up, those in use are not.
func TestDeletedComputers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		ctx := t.Context()
		agents := map[string]*wua{}
		for _, name := range []string{"pc1", "pc2", "laptop"} {
			agents[name] = newWUA(t, server, name, "")
		}
		require.NoError(t, server.DeleteComputer(ctx, "pc1"))
		require.ErrorIs(t, server.DeleteComputer(ctx, "pc1"), wsus.ErrNotFound)
		_, err := server.Computer(ctx, "pc1")
		require.ErrorIs(t, err, wsus.ErrNotFound)
		_, err = agents["pc1"].SyncUpdates(ctx, agents["pc1"].cookie, clientsync.SyncParameters{})
		var fault *clientsync.Fault
		require.ErrorAs(t, err, &fault)
		require.Equal(t, clientsync.RegistrationRequired, fault.Code)
		agents["pc1"].register(t, "pc1.test", "")

		time.Sleep(wsus.ComputerDeletionTimeThreshold)
		newWUA(t, server, "laptop", "")
		silent := 0
		for c, err := range server.ComputersNotContactedSince(ctx, time.Now().Add(-time.Hour)) {
			require.NoError(t, err)
			require.NotEqual(t, "laptop", c.ID)
			silent++
		}
		require.Equal(t, 2, silent)
		_, err = server.CleanupObsoleteComputers(ctx, 0)
		require.ErrorContains(t, err, "must be positive")
		deleted, err := server.CleanupObsoleteComputers(ctx, wsus.ComputerDeletionTimeThreshold-time.Minute)
		require.NoError(t, err)
		require.Equal(t, 2, deleted)
		for c, err := range server.SearchComputers(ctx, "LAP") {
			require.NoError(t, err)
			require.Equal(t, "laptop.test", c.DNSName)
		}
		require.Len(t, computersOf(t, server), 1)
	})
}
