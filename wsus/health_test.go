package wsus_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// asListeners lets a client reach a handler at any address and remembers what it asked for.
type asListeners struct {
	handler http.Handler
	asked   []string
}

func (l *asListeners) RoundTrip(r *http.Request) (*http.Response, error) {
	l.asked = append(l.asked, r.URL.String())
	in := httptest.NewRequest(r.Method, r.URL.String(), r.Body) // sets TLS for https
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, in)
	return w.Result(), nil
}

func TestChannelChangesHealthAndURLs(t *testing.T) {
	ctx := context.Background()
	store := memory.Open().WSUS()
	config := wsus.Config{Store: store, Content: content.Memory()}
	server, err := wsus.NewServer(ctx, config)
	require.NoError(t, err)
	payload := []byte("payload")
	_, err = server.Import(ctx, folder(document{id: id(1), title: "one", deployable: true, file: fileElement("Setup.EXE", payload)}))
	require.NoError(t, err)

	events := server.CheckHealth(ctx, http.DefaultClient)
	require.Len(t, events, 1)
	require.False(t, events[0].Healthy)
	require.Contains(t, events[0].Message, "configuressl")
	require.Regexp(t, `^http://wsus\.test:8530/Content/[0-9A-F]{2}/[0-9A-F]{40}\.EXE$`, contentURL(t, server, "before"), "before: as the request came")

	for _, step := range []struct {
		required              bool
		metadata, contentBase string
	}{
		{false, "http://wsus01.lab.example:8530/", "http://wsus01.lab.example:8530/Content/"},
		{true, "https://wsus01.lab.example:8531/", "http://wsus01.lab.example:8530/Content/"},
	} {
		require.NoError(t, server.SetChannel(ctx, wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom, SSL: ssl.Settings{Required: step.required}}))
		network := &asListeners{handler: server}
		events := server.CheckHealth(ctx, &http.Client{Transport: network})
		require.Len(t, events, 8)
		healthy := map[string]int{}
		for _, e := range events {
			if e.Healthy {
				healthy[e.Component] = e.ID
			} else {
				require.Contains(t, e.Message, "not built yet", e.Component)
				require.Equal(t, 2, e.ID%10)
			}
		}
		require.Equal(t, map[string]int{"ReportingWebService": 12000, "ClientWebService": 12020, "SimpleAuthWebService": 12040, "Content": 12070}, healthy)
		for _, url := range network.asked[:6] {
			require.Contains(t, url, step.metadata)
		}
		require.Equal(t, step.contentBase+"anonymousCheckFile.txt", network.asked[6])
		require.Equal(t, "http://wsus01.lab.example:8530/SelfUpdate/wuident.cab", network.asked[7])
		if !step.required {
			require.Contains(t, contentURL(t, server, "client"), step.contentBase)
		}
	}

	reopened, err := wsus.NewServer(ctx, config)
	require.NoError(t, err)
	require.Equal(t, wsus.Setup{UsingSSL: true, ServerCertificateName: "wsus01.lab.example", PortNumber: 8531}, reopened.Setup())
	require.Equal(t, ports.Custom, reopened.Setup().Ports())
	require.Error(t, server.SetChannel(ctx, wsus.Channel{Name: "x", Ports: ports.Pair{HTTP: 8530, HTTPS: 8532}}), "the pairing rule")
}

func contentURL(t *testing.T, server *wsus.Server, client string) string {
	t.Helper()
	agent := newWUA(t, server, client, "")
	revision := agent.sync(t, clientsync.SyncParameters{}).NewUpdates[0].ID
	info, err := agent.GetExtendedUpdateInfo(context.Background(), agent.cookie, clientsync.ExtendedQuery{
		RevisionIDs: []int32{revision, 777}, InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment}})
	require.NoError(t, err)
	require.Equal(t, []int32{777}, info.OutOfScopeRevisionIDs)
	require.Len(t, info.FileLocations, 1)
	found, _, err := agent.GetFileLocations(context.Background(), agent.cookie, [][20]byte{info.FileLocations[0].FileDigest, {1}})
	require.NoError(t, err)
	require.Equal(t, info.FileLocations, found)
	return info.FileLocations[0].URL
}
