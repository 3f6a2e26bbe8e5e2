package softwareupdates_test

import (
	"context"
	"net"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// TestProbeOfOwnServer looks at this module's WSUS server as ports.Probe looks at any: it is healthy with SSL required and without, and
// its missing HTTPS port is noticed where it is needed.
func TestProbeOfOwnServer(t *testing.T) {
	for _, required := range []bool{true, false} {
		server, err := wsus.NewServer(t.Context(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
		require.NoError(t, err)
		channel := wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom, SSL: ssl.Settings{Required: required}}
		require.NoError(t, server.SetChannel(t.Context(), channel))
		plain, secure := httptest.NewServer(server), httptest.NewTLSServer(server)
		defer plain.Close()
		defer secure.Close()
		closed := httptest.NewServer(server)
		closed.Close()

		for _, bound := range []*httptest.Server{secure, closed} {
			report, err := ports.Probe(t.Context(), ports.ProbeConfig{Host: channel.Name, Ports: channel.Ports, Required: required,
				Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
					to := plain
					if addr == net.JoinHostPort(channel.Name, "8531") {
						to = bound
					}
					return new(net.Dialer).DialContext(ctx, network, to.Listener.Addr().String())
				}})
			require.NoError(t, err)
			require.True(t, report.HTTP.WSUS)
			require.Equal(t, bound == secure, report.HTTPS.WSUS)
			if required && bound == closed {
				require.Len(t, report.Findings, 1)
				require.Equal(t, ports.Closed, report.Findings[0].Kind)
				continue
			}
			require.Empty(t, report.Findings)
		}
	}
}
