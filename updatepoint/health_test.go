package updatepoint_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
)

func theRole(t *testing.T, site *updatepoint.Site) updatepoint.Role {
	t.Helper()
	systems, err := site.SiteSystems(t.Context())
	require.NoError(t, err)
	return systems[0].Roles[0]
}

// Run keeps the health monitoring component of our own server running, over TLS on the open ports, and the role is well although some
// services are not built.
func TestRunWatchesItsServer(t *testing.T) {
	local := newServer(t, memory.Open())
	site, _ := newSite(t, updatepoint.NativeMode)
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: updatepoint.Local(local), Ports: ports.Custom,
		SSL: ssl.Required(newCA(t).GetCertificate), Plain: listener(t), Secure: listener(t)})
	require.NoError(t, err)
	require.Empty(t, local.HealthEvents())
	run(t, site)
	require.Eventually(t, func() bool { return len(local.Health()) > 0 }, 20*time.Second, 5*time.Millisecond)
	ids := map[int]bool{}
	for _, e := range local.HealthEvents() {
		ids[e.ID] = true
		require.True(t, e.Healthy || e.NotBuilt, "%+v", e)
	}
	for _, id := range []int{12000, 12020, 12040, 12070, 10000} {
		require.True(t, ids[id], "event %d", id)
	}
	require.Equal(t, updatepoint.StatusOK, theRole(t, site).Status)
}

// watched is a host whose health monitoring component finds what it is told to.
type watched struct {
	*host
	answers chan int
	found   []wsus.HealthEvent
}

func (w *watched) MonitorHealth(ctx context.Context, client *http.Client) {
	answer, err := client.Get("https://wsus01.lab.example:8531/ClientWebService/client.asmx")
	if err == nil {
		w.answers <- answer.StatusCode
		_ = answer.Body.Close()
	}
	<-ctx.Done()
}

func (w *watched) Health() []wsus.HealthEvent { return w.found }

func TestRoleShowsWhatHealthMonitoringFinds(t *testing.T) {
	w := &watched{host: newHost(), answers: make(chan int, 1), found: []wsus.HealthEvent{
		{ID: 12020, Component: "ClientWebService", Healthy: true, Message: "fine"},
		{ID: 12052, Component: "DssAuthWebService", NotBuilt: true, Message: "not built"},
		{ID: 12042, Component: "SimpleAuthWebService", Message: "SimpleAuthWebService is not working: 503"},
		{ID: 13042, Component: "SelfUpdate", Message: "SelfUpdate is not working: 403"},
	}}
	site, _ := newSite(t, updatepoint.NativeMode)
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: w, Ports: ports.Custom,
		SSL: ssl.Required(newCA(t).GetCertificate), Plain: listener(t), Secure: listener(t)})
	require.NoError(t, err)
	run(t, site)
	select {
	case status := <-w.answers:
		require.Equal(t, http.StatusOK, status, "its client reaches the open ports, and trusts the certificate of the settings")
	case <-time.After(20 * time.Second):
		t.Fatal("the monitor got no client that reaches the server")
	}
	role := theRole(t, site)
	require.Equal(t, updatepoint.StatusWarning, role.Status)
	require.Equal(t, "event 12042: SimpleAuthWebService is not working: 503\nevent 13042: SelfUpdate is not working: 403", role.Detail)

	w.fail("Content", http.StatusForbidden)
	point, err := site.SoftwareUpdatePoint(t.Context())
	require.NoError(t, err)
	point.Channel(t.Context())
	require.Equal(t, updatepoint.StatusCritical, theRole(t, site).Status, "a fault of the channel is graver")
}
