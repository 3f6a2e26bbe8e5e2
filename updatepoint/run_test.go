package updatepoint_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// run starts a site and returns a function that ends it and answers what Run did.
func run(t *testing.T, site *updatepoint.Site) (end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- site.Run(ctx) }()
	ended := false
	end = func() error {
		cancel()
		ended = true
		return <-done
	}
	t.Cleanup(func() {
		if !ended {
			require.NoError(t, end())
		}
	})
	return end
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() }) // closed already when Run had it
	return l
}

// clientOf reaches the server by its name at the given listeners.
func clientOf(t *testing.T, roots *x509.CertPool, plain, secure net.Listener) *http.Client {
	t.Helper()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			to := plain
			if strings.HasSuffix(address, ":8531") {
				to = secure
			}
			var d net.Dialer
			return d.DialContext(ctx, network, to.Addr().String())
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// eventually waits for what another goroutine brings about over a real network.
func eventually(t *testing.T, site *updatepoint.Site, holds func(updatepoint.Channel) bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		point, err := site.SoftwareUpdatePoint(t.Context())
		return err == nil && holds(point.LastChannel())
	}, 20*time.Second, 5*time.Millisecond)
}

func TestRunServesANativeSite(t *testing.T) {
	site, _ := newSite(t, updatepoint.NativeMode)
	plain, secure, ca := listener(t), listener(t), newCA(t)
	h := newHost()
	h.updates = []updatepoint.Update{update(1, "One")}
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h, Ports: ports.Custom,
		SSL: ssl.Required(ca.GetCertificate), Plain: plain, Secure: secure})
	require.NoError(t, err)
	end := run(t, site)
	eventually(t, site, func(c updatepoint.Channel) bool { return c.State == updatepoint.ConfigSuccess && c.Reason == "" })
	require.Eventually(t, func() bool { return contentVersion(t, site) == 1 }, 20*time.Second, 5*time.Millisecond,
		"a point that was never synchronized is at once")

	client := clientOf(t, ca.Pool(), plain, secure)
	way := clientagent.HTTPWith("https://wsus01.lab.example:8531", client)
	token, err := way.Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "pc1"})
	require.NoError(t, err)
	p, err := way.Policy(t.Context(), token, "")
	require.NoError(t, err)
	require.Equal(t, "https://wsus01.lab.example:8531", p.Locations[0].WSUSURL)

	_, err = clientagent.HTTPWith("http://wsus01.lab.example:8530", client).Policy(t.Context(), token, "")
	require.ErrorContains(t, err, "403")
	for url, status := range map[string]int{
		"http://wsus01.lab.example:8530/ClientWebService/client.asmx":  http.StatusForbidden,
		"https://wsus01.lab.example:8531/ClientWebService/client.asmx": http.StatusOK,
		"http://wsus01.lab.example:8530/Content/x":                     http.StatusOK,
	} {
		answer, err := client.Get(url)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, status, answer.StatusCode, url)
	}
	client.CloseIdleConnections()
	require.ErrorIs(t, site.Run(t.Context()), updatepoint.ErrRunning)
	require.NoError(t, end())
	_, err = client.Get("https://wsus01.lab.example:8531/Content/x")
	require.Error(t, err, "the ports are closed")
}

func TestRunFollowsTheRole(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	run(t, site)
	add := func() net.Listener {
		plain := listener(t)
		_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: newHost(), Ports: ports.Custom, Plain: plain})
		require.NoError(t, err)
		eventually(t, site, func(c updatepoint.Channel) bool { return c.State == updatepoint.ConfigSuccess && c.Reason == "" })
		return plain
	}
	open := func(l net.Listener) bool {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err == nil {
			require.NoError(t, conn.Close())
		}
		return err == nil
	}
	first := add()
	require.True(t, open(first))
	second := add()
	require.True(t, open(second))
	require.False(t, open(first), "reconfigured")
	require.NoError(t, site.RemoveSoftwareUpdatePoint(t.Context()))
	require.Eventually(t, func() bool { return !open(second) }, 20*time.Second, 5*time.Millisecond)
}

func TestPortThatIsInUse(t *testing.T) {
	// A pair of neighbours of which one is taken.
	taken := listener(t)
	pair, err := ports.ForHTTP(taken.Addr().(*net.TCPAddr).Port)
	require.NoError(t, err)
	site, _ := newSite(t, updatepoint.MixedMode)
	set := updatepoint.Settings{Server: server, WSUS: newHost(), Ports: pair, Listen: "localhost"}
	_, err = site.AddSoftwareUpdatePoint(t.Context(), set)
	require.NoError(t, err)
	require.ErrorContains(t, site.Run(t.Context()), "open port")

	good := set
	good.Plain = listener(t)
	_, err = site.AddSoftwareUpdatePoint(t.Context(), good)
	require.NoError(t, err)
	run(t, site)
	eventually(t, site, func(c updatepoint.Channel) bool { return c.State == updatepoint.ConfigSuccess && c.Reason == "" })
	_, err = site.AddSoftwareUpdatePoint(t.Context(), set)
	require.NoError(t, err)
	eventually(t, site, func(c updatepoint.Channel) bool {
		return c.State == updatepoint.ConfigFailed && strings.Contains(c.Reason, "open port")
	})
	point, err := site.SoftwareUpdatePoint(t.Context())
	require.NoError(t, err)
	require.Equal(t, updatepoint.ConfigFailed, point.Channel(t.Context()).State, "asking does not clear it")
}

// The clock of this test is a fake one: hours pass in no time.
func TestHourlyReconcileAndSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		elsewhere := newHost()
		far, dial := memoryServer(t, elsewhere)
		defer far()
		site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: newRecords(), Compliance: newReports(),
			SyncInterval: 24 * time.Hour})
		require.NoError(t, err)
		end := run(t, site)
		_, err = site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: elsewhere.remote, Ports: ports.Custom, Dial: dial})
		require.NoError(t, err)
		synctest.Wait()
		require.EqualValues(t, 1, contentVersion(t, site), "at once")
		applied := func() int {
			elsewhere.mu.Lock()
			defer elsewhere.mu.Unlock()
			return len(elsewhere.configured)
		}
		before := applied()
		time.Sleep(3*time.Hour + time.Minute)
		require.Equal(t, before+3, applied(), "every hour")

		elsewhere.set(update(1, "One"))
		time.Sleep(20 * time.Hour)
		require.EqualValues(t, 1, contentVersion(t, site))
		elsewhere.change(func(w *remote) { w.syncErr = errors.New("upstream is away") })
		time.Sleep(90 * time.Minute)
		status, err := site.SyncStatus(t.Context())
		require.NoError(t, err)
		require.Equal(t, updatepoint.SyncFailed, status.LastState)
		elsewhere.change(func(w *remote) { w.syncErr = nil })
		time.Sleep(time.Hour)
		require.EqualValues(t, 2, contentVersion(t, site), "again an hour after the failure")

		elsewhere.fail("ClientWebService", http.StatusServiceUnavailable)
		time.Sleep(time.Hour)
		require.ErrorIs(t, site.Synchronize(t.Context()), updatepoint.ErrChannelNotReady)
		elsewhere.set(update(2, "Two"))
		elsewhere.fail("ClientWebService", 0)
		time.Sleep(time.Hour)
		require.NoError(t, site.Synchronize(t.Context()))
		require.NoError(t, end())
	})
}

// memoryServer serves a handler without a network and returns how to reach it.
func memoryServer(t *testing.T, handler http.Handler) (stop func(), dial func(context.Context, string, string) (net.Conn, error)) {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	s := &http.Server{Handler: handler}
	go func() { _ = s.Serve(l) }()
	return func() { _ = s.Close() }, l.dial
}

type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }
