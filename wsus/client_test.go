package wsus_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// inProcess carries requests to a handler without a network.
type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// wua is the least of a client: it has shaken hands and registered.
type wua struct {
	*clientsync.Client
	cookie clientsync.Cookie
}

func newWUA(t testing.TB, handler http.Handler, clientID, group string) *wua {
	t.Helper()
	return shakeHands(t, handler, clientID, group, clientsync.Cookie{})
}

// shakeHands is what a client does at its start and when its cookie has expired: it shows the old one.
func shakeHands(t testing.TB, handler http.Handler, clientID, group string, old clientsync.Cookie) *wua {
	t.Helper()
	return shakeHandsAt(t, "http://wsus.test:8530", &http.Client{Transport: inProcess{handler}}, clientID, group, old)
}

// shakeHandsAt is shakeHands at an address.
func shakeHandsAt(t testing.TB, address string, way *http.Client, clientID, group string, old clientsync.Cookie) *wua {
	t.Helper()
	w := introducedAt(t, address, way, clientID, clientID+".test", group, old)
	w.register(t, clientID+".test", "")
	return w
}

// introducedAt is a client that has a cookie for an id and a name, and has not registered.
func introducedAt(t testing.TB, address string, way *http.Client, clientID, name, group string, old clientsync.Cookie) *wua {
	t.Helper()
	ctx := context.Background()
	client, err := clientsync.NewClient(address, way)
	require.NoError(t, err)
	config, err := client.GetConfig(ctx, "2.90")
	require.NoError(t, err)
	auth, err := client.GetAuthorizationCookie(ctx, config.ServiceURL, clientID, group, name)
	require.NoError(t, err)
	cookie, err := client.GetCookie(ctx, clientsync.GetCookieParameters{
		AuthCookies: []clientsync.AuthorizationCookie{auth}, OldCookie: old, LastChange: config.LastChange, CurrentTime: time.Now(), ProtocolVersion: "2.90"})
	require.NoError(t, err)
	return &wua{Client: client, cookie: cookie}
}

func (w *wua) register(t testing.TB, name, model string) {
	t.Helper()
	info := clientsync.ComputerInfo{DNSName: name, ComputerModel: model, OSMajorVersion: 10}
	require.NoError(t, w.RegisterComputer(context.Background(), w.cookie, info))
}

// sync makes one call and takes over the new cookie.
func (w *wua) sync(t testing.TB, p clientsync.SyncParameters) clientsync.SyncInfo {
	t.Helper()
	info, err := w.SyncUpdates(context.Background(), w.cookie, p)
	require.NoError(t, err)
	w.cookie = info.NewCookie
	return info
}
