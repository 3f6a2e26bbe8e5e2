package ssl_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

const host = "wsus01.lab.example"

// site is a web site on two loopback ports, dialled as if it were on ports.Custom of host.
type site struct {
	plain, secure *httptest.Server
	pool          *x509.CertPool
}

// newSite serves answer, which gets the root and whether the request came by TLS.
func newSite(t *testing.T, names []string, now func() time.Time, answer func(root string, secure bool) int) *site {
	t.Helper()
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: names, Now: now})
	require.NoError(t, err)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		root, _, ok, err := ssl.FindRoot(r.URL)
		if !ok || err != nil {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		status := answer(root.Name, r.TLS != nil)
		if status/100 == 3 {
			w.Header().Set("Location", "https://"+host+":8531"+r.URL.Path)
		}
		w.WriteHeader(status)
	})
	s := &site{plain: httptest.NewServer(handler), secure: httptest.NewUnstartedServer(handler), pool: ca.Pool()}
	s.secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.secure.TLS = ssl.Required(ca.GetCertificate).TLSConfig()
	s.secure.StartTLS()
	// httptest adds a certificate of its own, which crypto/tls prefers when no server name is asked for.
	s.secure.TLS.Certificates = nil
	t.Cleanup(s.plain.Close)
	t.Cleanup(s.secure.Close)
	return s
}

func (s *site) config(required bool) ssl.VerifyConfig {
	return ssl.VerifyConfig{Name: host, Ports: ports.Custom, Required: required, Roots: s.pool,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			to := map[string]*httptest.Server{host + ":8530": s.plain, host + ":8531": s.secure}[addr]
			return new(net.Dialer).DialContext(ctx, network, to.Listener.Addr().String())
		}}
}

func secured(root string, secure bool) int {
	for _, r := range ssl.Roots() {
		if r.Name == root && ssl.Required(nil).Refuses(r, secure) {
			return http.StatusForbidden
		}
	}
	return http.StatusOK
}

func TestVerify(t *testing.T) {
	for _, c := range []struct {
		title    string
		required bool
		answer   func(root string, secure bool) int
		want     map[string]ssl.State // roots that are not ready
		remedy   string
	}{
		{title: "secured", required: true, answer: secured},
		{title: "mixed", answer: func(string, bool) int { return 200 }},
		{title: "services ask who is there, refuse a GET, or are not built yet", required: true,
			answer: func(root string, secure bool) int {
				working := map[string]int{"ApiRemoting30": 401, "ClientWebService": 405, "ServerSyncWebService": 501, "Inventory": 501}
				if status, ok := working[root]; ok && secured(root, secure) == 200 {
					return status
				}
				return secured(root, secure)
			}},
		{title: "a folder that is not listed", required: true,
			answer: func(root string, secure bool) int {
				if root == "Inventory" {
					return 403
				}
				return secured(root, secure)
			}},
		{title: "two roots are open", required: true,
			answer: func(root string, secure bool) int {
				switch {
				case root == "ClientWebService" && !secure:
					return 200
				case root == "SimpleAuthWebService" && !secure:
					return 301
				}
				return secured(root, secure)
			},
			want:   map[string]ssl.State{"ClientWebService": ssl.NotSecured, "SimpleAuthWebService": ssl.NotSecured},
			remedy: "turn Require SSL on for the virtual root"},
		{title: "not found over plain HTTP is not refused", required: true,
			answer: func(root string, secure bool) int {
				if root == "DssAuthWebService" {
					return 404
				}
				return secured(root, secure)
			},
			want: map[string]ssl.State{"DssAuthWebService": ssl.NotSecured}},
		{title: "SSL on the whole site", required: true,
			answer: func(_ string, secure bool) int {
				if secure {
					return 200
				}
				return 403
			},
			want: map[string]ssl.State{"Content": ssl.Blocked, "Inventory": ssl.Blocked, "ReportingWebService": ssl.Blocked,
				"SelfUpdate": ssl.Blocked},
			remedy: "it must answer over plain HTTP"},
		{title: "secured, and not expected so", answer: secured,
			want: map[string]ssl.State{"ApiRemoting30": ssl.Blocked, "ClientWebService": ssl.Blocked, "DssAuthWebService": ssl.Blocked,
				"ServerSyncWebService": ssl.Blocked, "SimpleAuthWebService": ssl.Blocked},
			remedy: "turn on SSL for the software update point"},
		{title: "gone and failing", required: true,
			answer: func(root string, secure bool) int {
				switch {
				case root == "SelfUpdate":
					return 404
				case root == "ClientWebService" && secure:
					return 503
				}
				return secured(root, secure)
			},
			want: map[string]ssl.State{"SelfUpdate": ssl.Missing, "ClientWebService": ssl.Failing}},
	} {
		t.Run(c.title, func(t *testing.T) {
			s := newSite(t, []string{host}, nil, c.answer)
			report, err := ssl.Verify(t.Context(), s.config(c.required))
			require.NoError(t, err)
			require.Len(t, report.Roots, 9)
			faults := map[string]ssl.State{}
			for _, root := range report.Faults() {
				faults[root.Name] = root.State
				require.NotEmpty(t, root.Remedy)
				require.Contains(t, root.Remedy, c.remedy)
			}
			if c.want == nil {
				c.want = map[string]ssl.State{}
			}
			require.Equal(t, c.want, faults)
			require.Equal(t, len(c.want) == 0, report.OK())
		})
	}
}

func TestVerifyCertificates(t *testing.T) {
	old := func() time.Time { return time.Now().Add(-30 * 24 * time.Hour) }
	for _, c := range []struct {
		title  string
		site   *site
		trust  bool
		detail string
		remedy string
	}{
		{"expired", newSite(t, []string{host}, old, secured), true, "is valid from", "renew the certificate"},
		{"not trusted", newSite(t, []string{host}, nil, secured), false, "authority that is not trusted", "trusted root store"},
		{"refused by name", newSite(t, []string{"other.lab.example"}, nil, secured), true, "broke the handshake off", host},
	} {
		t.Run(c.title, func(t *testing.T) {
			config := c.site.config(true)
			if !c.trust {
				config.Roots = x509.NewCertPool()
			}
			report, err := ssl.Verify(t.Context(), config)
			require.NoError(t, err)
			require.Len(t, report.Faults(), 9, "every root has that port")
			for _, root := range report.Roots {
				require.Equal(t, ssl.CertificateInvalid, root.State)
				require.Contains(t, root.Detail, c.detail)
				require.Contains(t, root.Remedy, c.remedy)
			}
		})
	}
}

func TestVerifyCertificateOfAnotherName(t *testing.T) {
	s := newSite(t, []string{"alias.lab.example"}, nil, secured)
	get := s.secure.TLS.GetCertificate
	s.secure.TLS.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return get(&tls.ClientHelloInfo{}) }
	report, err := ssl.Verify(t.Context(), s.config(true))
	require.NoError(t, err)
	require.Equal(t, ssl.CertificateInvalid, report.Roots[0].State)
	require.Contains(t, report.Roots[0].Detail, "the certificate is for alias.lab.example")
	require.Contains(t, report.Roots[0].Remedy, "WSUSUtil configuressl "+host)
}

func TestVerifyPortsThatDoNotAnswer(t *testing.T) {
	s := newSite(t, []string{host}, nil, secured)
	s.plain.Close()
	report, err := ssl.Verify(t.Context(), s.config(true))
	require.NoError(t, err)
	for _, root := range report.Roots {
		requires := secured(root.Name, false) == http.StatusForbidden
		require.Equal(t, map[bool]ssl.State{true: ssl.Ready, false: ssl.Unreachable}[requires], root.State, root.Name)
	}

	s = newSite(t, []string{host}, nil, secured)
	s.secure.Close()
	s.secure = s.plain
	report, err = ssl.Verify(t.Context(), s.config(true))
	require.NoError(t, err)
	require.Equal(t, ssl.Unreachable, report.Roots[0].State)
	require.Contains(t, report.Roots[0].Detail, "does not speak TLS")
}

func TestVerifyRefusesAWrongConfig(t *testing.T) {
	_, err := ssl.Verify(t.Context(), ssl.VerifyConfig{Timeout: -1})
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 4)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = ssl.Verify(ctx, ssl.VerifyConfig{Name: host, Ports: ports.Custom})
	require.ErrorIs(t, err, context.Canceled)
}
