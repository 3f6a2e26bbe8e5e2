package wsus_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// A client goes on with its cookie, its revision ids and its groups after the server was started again on the same folder, and what
// it reported is still there.
func TestRestartKeepsClients(t *testing.T) {
	ctx := context.Background()
	folder1 := t.TempDir()
	open := func() (*wsus.Server, func()) {
		db, err := sqlite.Open(ctx, folder1)
		require.NoError(t, err)
		server, err := wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: content.Memory()})
		require.NoError(t, err)
		return server, func() {
			require.NoError(t, server.Close())
			require.NoError(t, db.Close())
		}
	}
	server, closeAll := open()
	_, err := server.Import(ctx, folder(document{id: id(1), title: "one", deployable: true}, document{id: id(2), title: "two", deployable: true}))
	require.NoError(t, err)
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers))
	agent := newWUA(t, server, "pc1", "")
	first := agent.sync(t, clientsync.SyncParameters{})
	event := clientsync.ReportingEvent{TargetID: "pc1", EventInstanceID: uuid.New(), NamespaceID: 1, EventID: 147, SourceID: 101,
		TimeAtTarget: time.Now(), MiscData: []string{"SynchronizationUpdateErrorsKey=<object/>"}}
	for range 2 {
		_, err = agent.ReportEventBatch(ctx, agent.cookie, time.Now(), []clientsync.ReportingEvent{event})
		require.NoError(t, err)
	}
	closeAll()

	server, closeAll = open()
	defer closeAll()
	agent.Client, err = clientsync.NewClient("http://wsus.test:8530", &http.Client{Transport: inProcess{server}})
	require.NoError(t, err)
	cached := clientsync.SyncParameters{}
	for _, u := range first.NewUpdates {
		cached.OtherCachedUpdateIDs = append(cached.OtherCachedUpdateIDs, u.ID)
	}
	again := agent.sync(t, cached)
	require.Empty(t, again.NewUpdates)
	require.Empty(t, again.OutOfScopeRevisionIDs)
	require.Empty(t, again.ChangedUpdates)
	events := 0
	for e, err := range server.Events(ctx, "pc1") {
		require.NoError(t, err)
		require.Equal(t, event.MiscData, e.MiscData, "kept as text")
		events++
	}
	require.Equal(t, 1, events, "what is sent twice is kept once")
	for c, err := range server.Computers(ctx) {
		require.NoError(t, err)
		require.True(t, c.Registered)
		require.Equal(t, "pc1.test", c.DNSName)
	}
}
