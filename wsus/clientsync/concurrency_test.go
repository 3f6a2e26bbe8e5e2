package clientsync_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// echo answers the ids that it was asked with.
type echo struct{ *memory }

func (e echo) Sync(_ context.Context, b clientsync.Bearer, p clientsync.SyncParameters) (clientsync.SyncInfo, int64, error) {
	return clientsync.SyncInfo{OutOfScopeRevisionIDs: p.OtherCachedUpdateIDs,
		NewUpdates: []clientsync.UpdateInfo{{ID: 1, XML: b.ID, Deployment: deployment(1, clientsync.Install)}}}, 1, nil
}

// Buffers are used again: no request may see another's, over real connections.
func TestClientsDoNotSeeEachOther(t *testing.T) {
	m := newMemory()
	server := httptest.NewServer(clientsync.NewHandler(echo{m}, clientsync.WithClock(m.clock)))
	defer server.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	defer transport.CloseIdleConnections()
	hc := &http.Client{Transport: transport, Timeout: time.Minute}

	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			client, err := clientsync.NewClient(server.URL, hc)
			if err != nil {
				t.Error(err)
				return
			}
			id := clientID + string(rune('a'+i))
			s := &clientsync.Session{Client: client, ClientID: id, DNSName: "pc", Info: computer(), Now: m.clock}
			for n := range 25 {
				ids := make([]int32, 1+n*40)
				for j := range ids {
					ids[j] = int32(i*10_000 + j)
				}
				info, err := s.SyncUpdates(t.Context(), clientsync.SyncParameters{OtherCachedUpdateIDs: ids})
				if err != nil || len(info.NewUpdates) != 1 || info.NewUpdates[0].XML != id || !slices.Equal(ids, info.OutOfScopeRevisionIDs) {
					t.Errorf("client %d, call %d: %v %v", i, n, info, err)
					return
				}
			}
		})
	}
	group.Wait()
	require.Len(t, m.registered, 8)
}

func TestLimitsCanBeSet(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	cookie := cookieElement(shakeHands(t, client, m, "2.90"))
	ask := func(limits clientsync.Limits) *httptest.ResponseRecorder {
		return post(serve(m, clientsync.WithLimits(limits)), clientsync.ClientPath, envelope(clientsync.ClientNamespace, "SyncUpdates",
			cookie+"<parameters><OtherCachedUpdateIDs><int>1</int><int>2</int></OtherCachedUpdateIDs></parameters>"))
	}
	require.Equal(t, http.StatusOK, ask(clientsync.Limits{IDs: 2, Body: -1}).Code)
	requireFaultAnswer(t, ask(clientsync.Limits{IDs: 1}), clientsync.InvalidParameters,
		"soap: parameters.OtherCachedUpdateIDs has more than 1 elements int")
	requireFaultAnswer(t, ask(clientsync.Limits{Elements: 8}), clientsync.InvalidParameters, "soap: more than 8 elements")
	requireFaultAnswer(t, ask(clientsync.Limits{Depth: 3}), clientsync.InvalidParameters, "soap: more than 3 levels of elements")
	requireFaultAnswer(t, ask(clientsync.Limits{Body: 100}), clientsync.InvalidParameters, "the request has more than 100 bytes")
}
