package wsus_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// statusEvent is event 156 with its lists (MS-WUSP §2.2.2.3.1): U needed, V installed, g failed.
func statusEvent(client string, at time.Time, misc ...string) clientsync.ReportingEvent {
	return clientsync.ReportingEvent{TargetID: client, TimeAtTarget: at, EventInstanceID: uuid.New(), NamespaceID: 1, EventID: 156, SourceID: 101, MiscData: misc}
}

// The states follow from the events as a real server draws them, step by step, and are the same after a restart.
func TestInstallationStates(t *testing.T) {
	store := memory.Open().WSUS()
	open := func() *wsus.Server {
		server, err := wsus.NewServer(t.Context(), wsus.Config{Store: store, Content: content.Memory()})
		require.NoError(t, err)
		return server
	}
	server := open()
	docs := func(from, to int) (list []document) {
		for i := from; i <= to; i++ {
			list = append(list, document{id: id(i), title: fmt.Sprint("update ", i), deployable: true})
		}
		return list
	}
	_, err := server.Import(t.Context(), folder(docs(1, 4)...))
	require.NoError(t, err)
	const client = "5f0f2b7c-1111-4222-8333-444455556666"
	agent := newWUA(t, server, client, "")
	agent.sync(t, clientsync.SyncParameters{})
	began := time.Now().Add(-time.Hour)
	report := func(events ...clientsync.ReportingEvent) {
		t.Helper()
		received, err := agent.ReportEventBatch(t.Context(), agent.cookie, time.Now(), events)
		require.NoError(t, err)
		require.True(t, received)
	}
	requireStates := func(want ...wsus.UpdateInstallationState) {
		t.Helper()
		var counts wsus.InstallationStates
		for i, state := range want {
			got, err := server.InstallationState(t.Context(), client, id(i+1))
			require.NoError(t, err)
			require.Equal(t, state, got, "update %d", i+1)
			counts[state]++
			per, err := server.SummaryPerUpdate(t.Context(), id(i+1))
			require.NoError(t, err)
			require.Equal(t, 1, per.Of(state))
		}
		got, err := server.SummaryPerComputerTarget(t.Context(), client)
		require.NoError(t, err)
		require.Equal(t, counts, got)
	}

	requireStates(wsus.Unknown, wsus.Unknown, wsus.Unknown, wsus.Unknown)
	report(statusEvent(client, began, "U="+id(1).String()+";"+id(2).String(), "V="+id(3).String()))
	requireStates(wsus.NotInstalled, wsus.NotInstalled, wsus.Installed, wsus.NotApplicable)

	failed := statusEvent(client, began.Add(time.Minute))
	failed.EventID, failed.UpdateID, failed.Win32HResult = 182, clientsync.UpdateIdentity{UpdateID: id(2), RevisionNumber: 1}, -1
	report(failed)
	requireStates(wsus.NotInstalled, wsus.Failed, wsus.Installed, wsus.NotApplicable)
	summary, err := server.SummaryPerComputerTarget(t.Context(), client)
	require.NoError(t, err)
	require.Equal(t, 2, summary.Needed())

	// Without a cookie nothing is concluded.
	_, err = agent.ReportEventBatch2(t.Context(), client, time.Now(), []clientsync.ReportingEvent{statusEvent(client, began.Add(time.Hour), "V="+id(1).String())})
	require.NoError(t, err)
	requireStates(wsus.NotInstalled, wsus.Failed, wsus.Installed, wsus.NotApplicable)

	// A newer status event replaces the lists; an older one that arrives late does not.
	report(statusEvent(client, began.Add(2*time.Minute), "V="+id(1).String(), "W="+id(2).String()))
	report(statusEvent(client, began.Add(-time.Minute), "U="+id(4).String()))
	requireStates(wsus.Installed, wsus.InstalledPendingReboot, wsus.NotApplicable, wsus.NotApplicable)

	// What came after the last status event is unknown.
	_, err = server.Import(t.Context(), folder(docs(5, 5)...))
	require.NoError(t, err)
	want := []wsus.UpdateInstallationState{wsus.Installed, wsus.InstalledPendingReboot, wsus.NotApplicable, wsus.NotApplicable, wsus.Unknown}
	requireStates(want...)
	require.NoError(t, server.Close())
	server = open()
	requireStates(want...)

	_, err = server.InstallationState(t.Context(), "nobody", id(1))
	require.ErrorIs(t, err, wsus.ErrNotFound)
	_, err = server.SummaryPerUpdate(t.Context(), id(99))
	require.ErrorIs(t, err, wsus.ErrNotFound)
	_, err = server.SummaryPerComputerTarget(t.Context(), "nobody")
	require.ErrorIs(t, err, wsus.ErrNotFound)
}
