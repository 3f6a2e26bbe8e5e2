package updatepoint_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

func TestChannelOfASecuredPoint(t *testing.T) {
	site, _ := newSite(t, updatepoint.NativeMode)
	h := newHost()
	point, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{
		Server: server, WSUS: h, Ports: ports.Custom, SSL: ssl.Required(newCA(t).GetCertificate)})
	require.NoError(t, err)
	require.Equal(t, "https://wsus01.lab.example:8531", point.URL())
	require.Equal(t, server, h.configured[0].Name)

	channel := point.Channel(t.Context())
	require.Equal(t, updatepoint.ConfigSuccess, channel.State, channel.Reason)
	var names []string
	for _, root := range channel.Roots {
		require.Equal(t, ssl.Ready, root.State, root.Detail)
		names = append(names, root.Name)
	}
	require.Equal(t, []string{"ApiRemoting30", "ClientWebService", "Content", "DssAuthWebService", "Inventory",
		"ReportingWebService", "SelfUpdate", "ServerSyncWebService", "SimpleAuthWebService"}, names)
}

// A fault is a state that blocks synchronization and says why; its end clears it.
func TestFaultBlocksSynchronization(t *testing.T) {
	for name, c := range map[string]struct {
		fault  func(*host)
		mend   func(*host)
		reason string
	}{
		"root fails": {
			func(h *host) { h.fail("ApiRemoting30", http.StatusServiceUnavailable) },
			func(h *host) { h.fail("ApiRemoting30", 0) },
			"ApiRemoting30 is Failing"},
		"root closed": {
			func(h *host) { h.fail("Content", http.StatusForbidden) },
			func(h *host) { h.fail("Content", 0) },
			"Content is Blocked"},
		"WSUS gone": {
			func(h *host) { h.change(func(w *remote) { w.detection.Installed = false }) },
			func(h *host) { h.change(func(w *remote) { w.detection.Installed = true }) },
			"no WSUS"},
		"configuration refused": {
			func(h *host) { h.change(func(w *remote) { w.configErr = errors.New("access denied") }) },
			func(h *host) { h.change(func(w *remote) { w.configErr = nil }) },
			"access denied"},
	} {
		t.Run(name, func(t *testing.T) {
			site, _ := newSite(t, updatepoint.MixedMode)
			h := withPoint(t, site)
			point, err := site.SoftwareUpdatePoint(t.Context())
			require.NoError(t, err)

			c.fault(h)
			require.Equal(t, updatepoint.ConfigFailed, point.Channel(t.Context()).State)
			err = site.Synchronize(t.Context())
			require.ErrorIs(t, err, updatepoint.ErrChannelNotReady)
			var channel *updatepoint.ChannelError
			require.ErrorAs(t, err, &channel)
			require.Equal(t, updatepoint.ConfigFailed, channel.State)
			require.Contains(t, channel.Reason, c.reason)
			require.ErrorContains(t, err, "WSUS server not configured")

			c.mend(h)
			require.Equal(t, updatepoint.ConfigSuccess, point.Channel(t.Context()).State)
			require.NoError(t, site.Synchronize(t.Context()))
		})
	}
}

func TestCertificateForAnotherName(t *testing.T) {
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{"other.lab.example"}})
	require.NoError(t, err)
	site, _ := newSite(t, updatepoint.NativeMode)
	point, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{
		Server: server, WSUS: newHost(), Ports: ports.Custom, SSL: ssl.Required(ca.GetCertificate)})
	require.NoError(t, err, "a fault of the channel does not refuse the role")
	require.Equal(t, updatepoint.ConfigFailed, point.LastChannel().State)
}

func TestChannelAfterRemoval(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site)
	point, err := site.SoftwareUpdatePoint(t.Context())
	require.NoError(t, err)
	require.NoError(t, site.RemoveSoftwareUpdatePoint(t.Context()))
	require.Equal(t, updatepoint.ConfigNone, point.Channel(t.Context()).State)
}

func TestStateNames(t *testing.T) {
	want := []string{"WSUS_CONFIG_NONE", "WSUS_CONFIG_PENDING", "WSUS_CONFIG_SUCCESS", "WSUS_CONFIG_FAILED", "WSUS_CONFIG_SUBSCRIPTION_PENDING"}
	for number, name := range want {
		require.Equal(t, name, updatepoint.ConfigurationState(number).String())
	}
}
