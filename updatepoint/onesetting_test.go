package updatepoint_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
)

// The nine virtual roots and whether they require SSL in a secured site, from the product's table (configuration manager facts §2.1).
var nineRoots = map[string]bool{
	"SimpleAuthWebService": true, "ClientWebService": true, "DssAuthWebService": true, "ServerSyncWebService": true, "ApiRemoting30": true,
	"Content": false, "Inventory": false, "ReportingWebService": false, "SelfUpdate": false,
}

// halfConfigured is a host on which one root has Require SSL the wrong way round.
type halfConfigured struct {
	*host
	mu    sync.Mutex
	wrong string
}

func (h *halfConfigured) set(root string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wrong = root
}

func (h *halfConfigured) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	wrong := h.wrong
	h.mu.Unlock()
	root, _, ok, err := ssl.FindRoot(r.URL)
	if err == nil && ok && root.Name == wrong {
		if !root.RequireSSL && r.TLS == nil {
			w.WriteHeader(http.StatusForbidden)
		}
		return
	}
	h.host.ServeHTTP(w, r)
}

// Rule 5: exactly the five roots require SSL and the other four must not; each that is missing is named, and synchronization waits.
func TestEveryMissingRootIsNamed(t *testing.T) {
	site, _ := newSite(t, updatepoint.NativeMode)
	h := &halfConfigured{host: newHost()}
	point, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h, Ports: ports.Custom,
		SSL: ssl.Offered(newCA(t).GetCertificate)}) // native mode switches it on
	require.NoError(t, err)
	require.Equal(t, updatepoint.ConfigSuccess, point.LastChannel().State, point.LastChannel().Reason)
	require.Empty(t, point.LastChannel().Missing())
	for root, required := range nineRoots {
		h.set(root)
		channel := point.Channel(t.Context())
		require.Equal(t, updatepoint.ConfigFailed, channel.State, root)
		require.Equal(t, []string{root}, channel.Missing())
		want := map[bool]string{true: "NotSecured", false: "Blocked"}[required]
		require.Contains(t, channel.Reason, root+" is "+want)
		systems, err := site.SiteSystems(t.Context())
		require.NoError(t, err)
		require.Equal(t, updatepoint.StatusCritical, systems[0].Roles[0].Status)
		require.Contains(t, systems[0].Roles[0].Detail, root)
		var waits *updatepoint.ChannelError
		require.ErrorAs(t, site.Synchronize(t.Context()), &waits)
		require.Contains(t, waits.Reason, root)
		h.set("")
		require.Equal(t, updatepoint.ConfigSuccess, point.Channel(t.Context()).State)
		require.NoError(t, site.Synchronize(t.Context()))
	}
}

// elsewhere is a WSUS on IIS with both ports, reached without a network.
func elsewhere(t *testing.T, h http.Handler, certificates ssl.Settings) (stop func(), dial func(context.Context, string, string) (net.Conn, error)) {
	t.Helper()
	endPlain, plain := memoryServer(t, h)
	secured := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	s := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = s.Serve(tls.NewListener(secured, certificates.TLSConfig())) }()
	return func() { endPlain(); _ = s.Close() },
		func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasSuffix(address, ":8531") {
				return secured.dial(ctx, network, address)
			}
			return plain(ctx, network, address)
		}
}

// overLoopback is elsewhere on real connections: over pipes, two ends that close TLS at once wait for each other until the clock, here
// a real one, ends that.
func overLoopback(t *testing.T, h http.Handler, certificates ssl.Settings) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	plain, secure := listener(t), listener(t)
	s := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(plain) })
	serving.Go(func() { _ = s.Serve(tls.NewListener(secure, certificates.TLSConfig())) })
	t.Cleanup(func() {
		require.NoError(t, s.Close())
		serving.Wait()
	})
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		to := plain
		if strings.HasSuffix(address, ":8531") {
			to = secure
		}
		var d net.Dialer
		return d.DialContext(ctx, network, to.Addr().String())
	}
}

// Rule 8 on a WSUS that is not ours: what an administrator does on it is noticed within the hour, the state says what is missing, first
// the roots and then configuressl, and the synchronization that waited starts by itself.
func TestSynchronizationWaitsForRootsAndConfigureSSL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &halfConfigured{host: newHost(), wrong: "SimpleAuthWebService"}
		h.detection.Setup = &wsus.Setup{PortNumber: 8530}
		ca := newCA(t)
		stop, dial := elsewhere(t, h, ssl.Required(ca.GetCertificate))
		defer stop()
		site, _ := newSite(t, updatepoint.NativeMode)
		end := run(t, site)
		point, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h.remote, Ports: ports.Custom,
			Dial: dial, Roots: ca.Pool()})
		require.NoError(t, err)
		state := func(after time.Duration) updatepoint.Channel {
			time.Sleep(after)
			synctest.Wait()
			return point.LastChannel()
		}
		channel := state(0)
		require.Equal(t, updatepoint.ConfigFailed, channel.State)
		require.Equal(t, []string{"SimpleAuthWebService"}, channel.Missing())
		require.Contains(t, channel.Reason, "configuressl wsus01.lab.example", "both at once, so that one visit is enough")
		require.EqualValues(t, 0, contentVersion(t, site))

		h.set("")
		require.Equal(t, updatepoint.ConfigFailed, state(updatepoint.ReconcileInterval/2).State)
		channel = state(updatepoint.ReconcileInterval)
		require.Equal(t, updatepoint.ConfigPending, channel.State, channel.Reason)
		require.Empty(t, channel.Missing())
		require.Contains(t, channel.Reason, "run WSUSUtil.exe configuressl wsus01.lab.example on the WSUS server")
		var waits *updatepoint.ChannelError
		require.ErrorAs(t, site.Synchronize(t.Context()), &waits)
		require.Equal(t, updatepoint.ConfigPending, waits.State)

		h.change(func(w *remote) {
			w.detection.Setup = &wsus.Setup{UsingSSL: true, ServerCertificateName: "WSUS01.lab.example", PortNumber: 8531}
		})
		require.Equal(t, updatepoint.ConfigSuccess, state(updatepoint.ReconcileInterval).State)
		require.EqualValues(t, 1, contentVersion(t, site), "nobody asked for it")
		require.NoError(t, end())
	})
}

// Whatever of name, SSL and port configuressl wrote otherwise keeps the state pending, although the roots are right.
func TestConfigureSSLMustBeOfTheSettings(t *testing.T) {
	good := wsus.Setup{UsingSSL: true, ServerCertificateName: server, PortNumber: 8531}
	for title, c := range map[string]struct {
		setup    wsus.Setup
		required bool
		state    updatepoint.ConfigurationState
	}{
		"as it should be":     {good, true, updatepoint.ConfigSuccess},
		"the plain port":      {wsus.Setup{UsingSSL: true, ServerCertificateName: server, PortNumber: 8530}, true, updatepoint.ConfigSuccess},
		"never run":           {wsus.Setup{PortNumber: 8530}, true, updatepoint.ConfigPending},
		"another name":        {wsus.Setup{UsingSSL: true, ServerCertificateName: "wsus01", PortNumber: 8531}, true, updatepoint.ConfigPending},
		"another port":        {wsus.Setup{UsingSSL: true, ServerCertificateName: server, PortNumber: 443}, true, updatepoint.ConfigPending},
		"SSL was off":         {wsus.Setup{ServerCertificateName: server, PortNumber: 8531}, true, updatepoint.ConfigPending},
		"SSL is off now":      {good, false, updatepoint.ConfigPending},
		"never on":            {wsus.Setup{PortNumber: 8530}, false, updatepoint.ConfigSuccess},
		"an old name, no SSL": {wsus.Setup{ServerCertificateName: "old", PortNumber: 8530}, false, updatepoint.ConfigSuccess},
	} {
		t.Run(title, func(t *testing.T) {
			h := newHost()
			h.detection.Setup = &c.setup
			ca := newCA(t)
			dial := overLoopback(t, h, ssl.Required(ca.GetCertificate))
			site, _ := newSite(t, updatepoint.MixedMode)
			point, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h.remote, Ports: ports.Custom,
				SSL: ssl.Settings{Required: c.required}, Dial: dial, Roots: ca.Pool()})
			require.NoError(t, err)
			channel := point.LastChannel()
			require.Equal(t, c.state, channel.State, channel.Reason)
			require.Equal(t, c.state == updatepoint.ConfigPending, strings.Contains(channel.Reason, "WSUSUtil.exe configuressl"))
		})
	}
}

// slow is a host whose Configure, which is configuressl for our own server, takes until it is let go.
type slow struct {
	*host
	asked, let chan struct{}
}

func (s *slow) Configure(ctx context.Context, c updatepoint.Configuration) error {
	s.asked <- struct{}{}
	<-s.let
	return s.host.Configure(ctx, c)
}

// A change of SSL or port makes the state pending until configuressl has run, here Configure, and the next synchronization full.
func TestChangeAsksForConfigureSSLAgain(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	h := &slow{host: newHost(), asked: make(chan struct{}), let: make(chan struct{})}
	h.updates = []updatepoint.Update{update(1, "One")}
	get := newCA(t).GetCertificate
	for n, c := range []struct {
		settings updatepoint.Settings
		pending  string
		url      string
		version  int64 // after the synchronization
	}{
		{updatepoint.Settings{Ports: ports.Custom, SSL: ssl.Offered(get)}, "have not been applied", "http://wsus01.lab.example:8530", 1},
		{updatepoint.Settings{Ports: ports.Custom, SSL: ssl.Required(get)}, "a change of SSL", "https://wsus01.lab.example:8531", 2},
		{updatepoint.Settings{Ports: ports.Custom, SSL: ssl.Required(get)}, "have not been applied", "https://wsus01.lab.example:8531", 2},
		{updatepoint.Settings{Ports: ports.Default, SSL: ssl.Required(get)}, "a change of the ports", "https://wsus01.lab.example", 3},
		{updatepoint.Settings{Ports: ports.Custom}, "a change of SSL and the ports", "http://wsus01.lab.example:8530", 4},
	} {
		set := c.settings
		set.Server, set.WSUS = server, h
		var adding sync.WaitGroup
		adding.Go(func() {
			_, err := site.AddSoftwareUpdatePoint(t.Context(), set)
			require.NoError(t, err)
		})
		<-h.asked
		point, err := site.SoftwareUpdatePoint(t.Context())
		require.NoError(t, err)
		require.Equal(t, updatepoint.ConfigPending, point.LastChannel().State)
		require.Contains(t, point.LastChannel().Reason, c.pending, "step %d", n)
		require.ErrorIs(t, site.Synchronize(t.Context()), updatepoint.ErrChannelNotReady)
		h.let <- struct{}{}
		adding.Wait()
		require.Equal(t, updatepoint.ConfigSuccess, point.LastChannel().State, point.LastChannel().Reason)
		told := h.configured[len(h.configured)-1]
		require.Equal(t, set.Ports, told.Ports)
		require.Equal(t, set.SSL.Required, told.SSL.Required)
		require.Equal(t, c.url, point.URL())
		require.NoError(t, site.Synchronize(t.Context()))
		require.Equal(t, c.version, contentVersion(t, site), "step %d", n)
	}
}

// SSL is one switch, here on our own server.
func TestSetSSL(t *testing.T) {
	local := newServer(t, memory.Open())
	site, store := newSite(t, updatepoint.MixedMode)
	get := newCA(t).GetCertificate
	point, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: updatepoint.Local(local),
		Ports: ports.Custom, SSL: ssl.Offered(get)})
	require.NoError(t, err)
	require.False(t, local.Setup().UsingSSL)

	channel, err := point.SetSSL(t.Context(), ssl.Required(get))
	require.NoError(t, err)
	require.Equal(t, updatepoint.ConfigSuccess, channel.State, channel.Reason)
	require.Equal(t, wsus.Setup{UsingSSL: true, ServerCertificateName: server, PortNumber: 8531}, local.Setup())
	require.Equal(t, "https://wsus01.lab.example:8531", point.URL())

	before := store.snapshot()
	_, err = point.SetSSL(t.Context(), ssl.Settings{Required: true})
	require.ErrorIs(t, err, ssl.ErrNoCertificate)
	require.Equal(t, before, store.snapshot())
	require.Equal(t, updatepoint.ConfigSuccess, point.LastChannel().State, "refused, and nothing has changed")

	channel, err = point.SetSSL(t.Context(), ssl.Settings{})
	require.NoError(t, err)
	require.Equal(t, updatepoint.ConfigSuccess, channel.State, channel.Reason)
	require.False(t, local.Setup().UsingSSL)

	require.NoError(t, site.RemoveSoftwareUpdatePoint(t.Context()))
	_, err = point.SetSSL(t.Context(), ssl.Required(get))
	require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
	_, err = site.Deploy(t.Context(), updatepoint.Deployment{Updates: []uuid.UUID{id(1)}})
	require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint, "and it does not come back that way")
}

func TestSetSSLInNativeMode(t *testing.T) {
	site, _ := newSite(t, updatepoint.NativeMode)
	addSecured(t, site, newHost())
	point, err := site.SoftwareUpdatePoint(t.Context())
	require.NoError(t, err)
	_, err = point.SetSSL(t.Context(), ssl.Settings{})
	require.ErrorIs(t, err, updatepoint.ErrSSLRequired)
	require.Equal(t, "https://wsus01.lab.example:8531", point.URL())
}

func TestSetSSLWithListenersThatWereGiven(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	point, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: newHost(), Ports: ports.Custom,
		Plain: listener(t)})
	require.NoError(t, err)
	_, err = point.SetSSL(t.Context(), ssl.Required(newCA(t).GetCertificate))
	require.ErrorIs(t, err, updatepoint.ErrListenersGiven)
}

// With client certificates Run serves the roots of servers on a listener of their own, and the roots are right all the same.
func TestRunServesServersWithTheirCertificates(t *testing.T) {
	local := newServer(t, memory.Open())
	site, _ := newSite(t, updatepoint.NativeMode)
	ca := newCA(t)
	settings := ssl.Required(ca.GetCertificate)
	set := updatepoint.Settings{Server: server, WSUS: updatepoint.Local(local), Ports: ports.Custom, SSL: settings,
		Plain: listener(t), Secure: listener(t), Servers: listener(t)}
	_, err := site.AddSoftwareUpdatePoint(t.Context(), set)
	require.ErrorIs(t, err, wsus.ErrNoClientCertificates)
	set.SSL.ClientCertificates = &ssl.ClientCertificates{CAs: ca.Pool()}
	_, err = site.AddSoftwareUpdatePoint(t.Context(), set)
	require.NoError(t, err)
	run(t, site)
	eventually(t, site, func(c updatepoint.Channel) bool { return c.State == updatepoint.ConfigSuccess && c.Reason == "" })

	client := clientOf(t, ca.Pool(), set.Plain, set.Secure)
	answer, err := client.Post("https://wsus01.lab.example:8531/ApiRemoting30/WebService.asmx", "text/xml", strings.NewReader("<x/>"))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	client = clientOf(t, ca.Pool(), set.Plain, set.Servers)
	_, err = client.Post("https://wsus01.lab.example:8531/ApiRemoting30/WebService.asmx", "text/xml", strings.NewReader("<x/>"))
	require.ErrorContains(t, err, "certificate required")
}
