package wsus_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// faulty lets some roots answer otherwise than the server would.
type faulty struct {
	asListeners
	mu     sync.Mutex
	status map[string]int
}

func (f *faulty) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	status := f.status[strings.Split(r.URL.Path, "/")[1]]
	f.mu.Unlock()
	if status == 0 {
		return f.asListeners.RoundTrip(r)
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: http.NoBody,
		Header: http.Header{"Location": {"https://elsewhere.example/"}}}, nil
}

func (f *faulty) set(root string, status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status[root] = status
}

// The clock of this test is a fake one: a day passes in no time.
func TestHealthMonitorTellsChangesAndRefreshes(t *testing.T) {
	server := newServer(t)
	require.NoError(t, server.SetChannel(t.Context(), wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom,
		SSL: ssl.Settings{Required: true}}))
	require.Empty(t, server.Health(), "nobody has looked")
	synctest.Test(t, func(t *testing.T) {
		network := &faulty{asListeners: asListeners{handler: server}, status: map[string]int{}}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { server.MonitorHealth(ctx, &http.Client{Transport: network}) })
		told := 0
		fresh := func() (ids []int) {
			synctest.Wait()
			events := server.HealthEvents()
			for _, e := range events[told:] {
				ids = append(ids, e.ID)
			}
			told = len(events)
			return ids
		}
		// Three web services and the updates of old agents are not built: an error each, and nothing to mend.
		all := []int{12000, 12012, 12020, 12032, 12040, 12052, 12070, 13042, 10000}
		require.Equal(t, all, fresh(), "at once")
		time.Sleep(5 * wsus.DetectInterval)
		require.Empty(t, fresh(), "nothing has changed")

		network.set("SimpleAuthWebService", http.StatusServiceUnavailable)
		time.Sleep(wsus.DetectInterval)
		require.Equal(t, []int{12042}, fresh())
		network.set("Content", http.StatusForbidden)
		time.Sleep(wsus.DetectInterval)
		require.Equal(t, []int{12072}, fresh())
		network.set("SimpleAuthWebService", 0)
		network.set("Content", http.StatusFound)
		time.Sleep(wsus.DetectInterval)
		require.Equal(t, []int{12040}, fresh(), "and a redirect is no answer: not followed, still an error")
		for _, e := range server.Health() {
			require.Equal(t, e.Component == "Content" || e.NotBuilt, !e.Healthy, "%+v", e)
		}
		wrong := server.ComponentsWithErrors()
		require.Len(t, wrong, 1)
		require.Equal(t, 12072, wrong[0].ID)
		network.set("Content", 0)
		time.Sleep(wsus.DetectInterval)
		require.Equal(t, []int{12070, 10000}, fresh(), "healthy again")
		require.Empty(t, server.ComponentsWithErrors())

		time.Sleep(wsus.RefreshInterval - 9*wsus.DetectInterval)
		require.Equal(t, all, fresh(), "six hours after the start everything is told")
		time.Sleep(2 * wsus.RefreshInterval)
		require.Equal(t, append(all, all...), fresh())

		for range 200 {
			time.Sleep(wsus.RefreshInterval)
		}
		synctest.Wait()
		require.Len(t, server.HealthEvents(), wsus.MaxHealthEvents)
		stop()
		running.Wait()
		require.Equal(t, wsus.MaxHealthEvents, len(server.HealthEvents()), "the end is not a fault")
	})
}

// What fails because the monitor ends is not told.
func TestHealthMonitorEndsQuietly(t *testing.T) {
	server := newServer(t)
	require.NoError(t, server.SetChannel(t.Context(), wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom}))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	server.MonitorHealth(ctx, &http.Client{Transport: &asListeners{handler: server}})
	require.Empty(t, server.HealthEvents())
}
