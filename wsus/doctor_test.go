package wsus_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

const examined = "wsus01.lab.example"

// TestDoctorOnOurServer looks at a real server on real listeners from outside, with a session that asks for addresses of files.
func TestDoctorOnOurServer(t *testing.T) {
	payload := []byte("payload")
	for _, c := range []struct {
		title, url string
		mixed      bool
		channel    wsus.Channel
		want       []ssl.Kind
	}{
		{title: "secured", url: "https://" + examined + ":8531", channel: wsus.Channel{Name: examined, SSL: ssl.Settings{Required: true}}},
		{title: "mixed", url: "https://" + examined + ":8531", mixed: true, channel: wsus.Channel{Name: examined}},
		{title: "mixed, with http", url: "http://" + examined + ":8530", channel: wsus.Channel{Name: examined}},
		{title: "not secured", url: "https://" + examined + ":8531", channel: wsus.Channel{Name: examined},
			want: []ssl.Kind{ssl.SiteNotSecured}},
		{title: "clients with http", url: "http://" + examined + ":8530", channel: wsus.Channel{Name: examined, SSL: ssl.Settings{Required: true}},
			want: []ssl.Kind{ssl.PolicySaysHTTP}},
		{title: "configuressl with another name", url: "https://" + examined + ":8531",
			channel: wsus.Channel{Name: "old.lab.example", SSL: ssl.Settings{Required: true}}, want: []ssl.Kind{ssl.AdvertisedHost}},
		{title: "configuressl with other ports", url: "https://" + examined + ":8531",
			channel: wsus.Channel{Name: examined, Ports: ports.Default, SSL: ssl.Settings{Required: true}}, want: []ssl.Kind{ssl.AdvertisedPort}},
	} {
		t.Run(c.title, func(t *testing.T) {
			server := newServer(t,
				document{id: id(1), kind: "Detectoid", title: "Windows"},
				document{id: id(2), kind: "Category", title: "Product", category: "Product", prerequisites: [][]uuid.UUID{{id(1)}}},
				document{id: id(3), title: "update", deployable: true, prerequisites: [][]uuid.UUID{{id(2)}}, file: fileElement("Setup.EXE", payload)})
			ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{examined}})
			require.NoError(t, err)
			if c.channel.Ports.IsZero() {
				c.channel.Ports = ports.Custom
			}
			c.channel.SSL.GetCertificate = ca.GetCertificate
			require.NoError(t, server.SetChannel(t.Context(), c.channel))
			dial := serve(t, server, c.channel.SSL)

			transport := &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: ca.Pool(), MinVersion: tls.VersionTLS12}}
			defer transport.CloseIdleConnections()
			client, err := clientsync.NewClient(c.url, &http.Client{Transport: transport})
			require.NoError(t, err)
			session := &clientsync.Session{Client: client, ClientID: "channel-doctor", DNSName: "channel-doctor",
				Info: clientsync.ComputerInfo{DNSName: "channel-doctor", OSMajorVersion: 10}}
			d, err := ssl.Doctor(t.Context(), ssl.DoctorConfig{URL: c.url, Mixed: c.mixed, Roots: ca.Pool(), Dial: dial, Advertised: session.FileAddresses})
			require.NoError(t, err)
			var kinds []ssl.Kind
			for _, f := range d.Findings {
				kinds = append(kinds, f.Kind)
			}
			require.Equal(t, c.want, kinds, "%v", d)
			if c.want == nil {
				require.Empty(t, d.NotLookedAt)
			}
		})
	}
}

// serve serves on two ports of the loopback, which the returned function dials as 8530 and 8531.
func serve(t *testing.T, handler http.Handler, settings ssl.Settings) func(context.Context, string, string) (net.Conn, error) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	var group errgroup.Group
	group.Go(func() error { return wsus.Serve(ctx, handler, plain, secure, settings, nil) })
	t.Cleanup(func() {
		stop()
		require.NoError(t, group.Wait())
	})
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		to := map[string]net.Listener{examined + ":8530": plain, examined + ":8531": secure}[address]
		return new(net.Dialer).DialContext(ctx, network, to.Addr().String())
	}
}
