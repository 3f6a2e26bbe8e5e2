package ports_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
)

// TestHealthy looks at six set-ups as administrators have them: none gives a finding.
func TestHealthy(t *testing.T) {
	both := func(t *testing.T, handler http.Handler) (plain, secure string) {
		return serve(t, handler, nil), serve(t, handler, new(tls.Config))
	}
	for name, config := range map[string]func(t *testing.T) ports.ProbeConfig{
		"IPv6": func(t *testing.T) ports.ProbeConfig {
			plain, secure := both(t, forHost(site{secured: true}, "[2001:db8::7]:8530", "[2001:db8::7]:8531"))
			dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
				to := map[string]string{"[2001:db8::7]:8530": plain, "[2001:db8::7]:8531": secure}[addr]
				return new(net.Dialer).DialContext(ctx, network, to)
			}
			return ports.ProbeConfig{Host: "[2001:db8::7]", Ports: ports.Custom, Dial: dial}
		},
		"80/443": func(t *testing.T) ports.ProbeConfig {
			plain, secure := both(t, forHost(site{secured: true}, host, host))
			return ports.ProbeConfig{Host: host, Ports: ports.Default, Dial: mapped(map[string]string{"80": plain, "443": secure})}
		},
		"wildcard host": func(t *testing.T) ports.ProbeConfig { // *.lab.example: any name of the domain, and any certificate
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Host != "wsus.lab.example:8530" && r.Host != "wsus.lab.example:8531" {
					says(400, "Invalid Hostname").ServeHTTP(w, r)
					return
				}
				site{secured: true}.ServeHTTP(w, r)
			})
			wildcard := &tls.Config{Certificates: []tls.Certificate{selfSigned(t, "*.lab.example")}}
			return ports.ProbeConfig{Host: "wsus.lab.example", Ports: ports.Custom,
				Dial: mapped(map[string]string{"8530": serve(t, handler, nil), "8531": serve(t, handler, wildcard)})}
		},
		"two bindings": func(t *testing.T) ports.ProbeConfig { // the same site at both usual pairs; either is right
			plain, secure := both(t, site{secured: true})
			dial := mapped(map[string]string{"80": plain, "443": secure, "8530": plain, "8531": secure})
			other, err := ports.Probe(t.Context(), ports.ProbeConfig{Host: host, Ports: ports.Default, Required: true, Dial: dial})
			require.NoError(t, err)
			require.Empty(t, other.Findings)
			return ports.ProbeConfig{Host: host, Ports: ports.Custom, Dial: dial}
		},
		"host name binding with SNI": func(t *testing.T) ports.ProbeConfig {
			certificate := selfSigned(t, host)
			byName := &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				if hello.ServerName != host {
					return nil, fmt.Errorf("no binding for the name %q", hello.ServerName)
				}
				return &tls.Config{Certificates: []tls.Certificate{certificate}}, nil
			}}
			handler := forHost(site{secured: true}, host+":8530", host+":8531")
			return ports.ProbeConfig{Host: host, Ports: ports.Custom,
				Dial: mapped(map[string]string{"8530": serve(t, handler, nil), "8531": serve(t, handler, byName)})}
		},
		"custom pair": func(t *testing.T) ports.ProbeConfig { // and no Dial: neighbouring ports of this machine
			return ports.ProbeConfig{Host: "127.0.0.1", Ports: neighbours(t, site{secured: true})}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			c.Required = true
			report, err := ports.Probe(t.Context(), c)
			require.NoError(t, err)
			t.Log(table(report))
			require.Empty(t, report.Findings)
			require.True(t, report.HTTP.WSUS && report.HTTPS.WSUS)

			c.Ports = ports.Pair{}
			found, err := ports.Detect(t.Context(), c, ports.Pair{HTTP: report.HTTP.Port, HTTPS: report.HTTPS.Port})
			require.NoError(t, err)
			require.Equal(t, ports.Pair{HTTP: report.HTTP.Port, HTTPS: report.HTTPS.Port}, found)
		})
	}
}

// forHost answers only requests for those hosts, as a binding with a host name does.
func forHost(next http.Handler, plain, secure string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		want := plain
		if r.TLS != nil {
			want = secure
		}
		if r.Host != want {
			says(400, "Bad Request - Invalid Hostname").ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// neighbours serves at two free ports that are a pair.
func neighbours(t *testing.T, handler http.Handler) ports.Pair {
	for range 50 {
		plain, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		pair, err := ports.ForHTTP(plain.Addr().(*net.TCPAddr).Port)
		require.NoError(t, err)
		secure, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(pair.HTTPS)))
		if err != nil {
			plain.Close()
			continue
		}
		for _, listener := range []net.Listener{plain, secure} {
			server := httptest.NewUnstartedServer(handler)
			server.Listener.Close()
			server.Listener = listener
			if listener == secure {
				server.StartTLS()
			} else {
				server.Start()
			}
			t.Cleanup(server.Close)
		}
		return pair
	}
	t.Fatal("no two free neighbouring ports")
	return ports.Pair{}
}
