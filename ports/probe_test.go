package ports_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
)

const host = "wsus01.lab.example"

// short is for the rows that wait for an answer that never comes.
const short = 700 * time.Millisecond

// TestProbeMatrix breaks a server in one way at a time: each gives the finding of its own, and no other.
func TestProbeMatrix(t *testing.T) {
	wsus, secured := site{}, site{secured: true}
	elsewhere := http.RedirectHandler("https://portal.example/login", http.StatusFound)
	page := says(200, "<html><title>Welcome</title></html>")
	hangs := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ssh := raw(func(conn net.Conn) {
		fmt.Fprint(conn, "SSH-2.0-OpenSSH_for_Windows_9.5\r\n")
		_, _ = io.Copy(io.Discard, conn)
	})
	mute := raw(func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	hangsUp := raw(func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) })
	garbled := raw(func(conn net.Conn) { readRequest(conn); fmt.Fprint(conn, "HTTP/1.1 twohundred\r\n\r\n") })

	for _, row := range []struct {
		name        string
		http, https end
		mixed       bool // SSL is not required
		kind        ports.Kind
		port        int
		code        uint32
		timeout     time.Duration
	}{
		{name: "right", http: plain(secured), https: secure(secured)},
		{name: "right, SSL not required", http: plain(wsus), https: secure(wsus), mixed: true},
		{name: "right, HTTPS not bound and not needed", http: plain(wsus), https: nobody, mixed: true},
		{name: "right, without the version file", http: plain(site{old: true}), https: secure(site{old: true})},

		{name: "swapped", http: secure(secured), https: plain(secured), kind: ports.SwappedPorts, port: 8530, code: 0x80072EFE},
		{name: "TLS on the plain port", http: secure(secured), https: secure(secured), kind: ports.HTTPWithTLS, port: 8530, code: 0x80072EFE},
		{name: "TLS on the plain port, others cut off", http: raw(onlyTLS(t)), https: secure(secured), kind: ports.HTTPWithTLS, port: 8530, code: 0x80072EFE},
		{name: "plain on the TLS port", http: plain(secured), https: plain(secured), kind: ports.HTTPSWithoutTLS, port: 8531, code: 0x80072EFE},
		{name: "plain on the TLS port, others cut off", http: plain(secured), https: raw(onlyHTTP), kind: ports.HTTPSWithoutTLS, port: 8531, code: 0x80072EFE},

		{name: "HTTP closed", http: nobody, https: secure(secured), kind: ports.Closed, port: 8530, code: 0x80072EFD},
		{name: "HTTPS closed", http: plain(secured), https: nobody, kind: ports.Closed, port: 8531, code: 0x80072EFD},
		{name: "HTTPS closed, SSL required by the site only", http: plain(secured), https: nobody, mixed: true, kind: ports.Closed, port: 8531, code: 0x80072EFD},
		{name: "HTTP filtered", http: swallowed, https: secure(secured), kind: ports.Filtered, port: 8530, code: 0x80072EE2, timeout: short},
		{name: "HTTPS filtered", http: plain(secured), https: swallowed, kind: ports.Filtered, port: 8531, code: 0x80072EE2, timeout: short},
		{name: "HTTP without an answer", http: mute, https: secure(secured), kind: ports.Silent, port: 8530, code: 0x80072EE2, timeout: short},
		{name: "HTTPS without an answer", http: plain(secured), https: mute, kind: ports.Silent, port: 8531, code: 0x80072EE2, timeout: short},
		{name: "HTTPS without an answer after the handshake", http: plain(secured), https: secure(hangs), kind: ports.Silent, port: 8531,
			code: 0x80072EE2, timeout: short},
		{name: "HTTPS without a certificate", http: plain(secured), https: hangsUp, kind: ports.CutOff, port: 8531, code: 0x80072EFE},

		{name: "HTTP redirects", http: plain(elsewhere), https: secure(secured), kind: ports.Redirects, port: 8530},
		{name: "HTTPS redirects", http: plain(secured), https: secure(elsewhere), kind: ports.Redirects, port: 8531},

		{name: "another application: 404", http: plain(http.NotFoundHandler()), https: secure(wsus), kind: ports.AnotherApplication, port: 8530, code: 0x80244019},
		{name: "another application: a page for all", http: plain(secured), https: secure(page), kind: ports.AnotherApplication, port: 8531, code: 0x8024402B},
		{name: "another application: forbidden folder", http: plain(forbidsMetadata(http.NotFoundHandler())), https: secure(secured),
			kind: ports.AnotherApplication, port: 8530, code: 0x80244019},
		{name: "another application: forbidden folder, redirect", http: plain(forbidsMetadata(elsewhere)), https: secure(secured),
			kind: ports.Redirects, port: 8530},
		{name: "SSH on the plain port", http: ssh, https: secure(secured), kind: ports.NotHTTP, port: 8530, code: 0x80072EFE},
		{name: "SSH on the TLS port", http: plain(secured), https: ssh, kind: ports.NotHTTP, port: 8531, code: 0x80072EFE},
		{name: "no HTTP after all", http: garbled, https: secure(secured), kind: ports.Fails, port: 8530, code: 0x80072EFE},

		{name: "proxy wants a login", http: plain(with(says(407, ""), "Proxy-Authenticate", "NTLM")), https: secure(secured),
			kind: ports.ProxyAnswers, port: 8530, code: 0x8024401B},
		{name: "proxy page, forbidden", http: plain(with(says(403, "<html>denied"), "X-Squid-Error", "ERR_ACCESS_DENIED 0", "Via", "1.1 px")), https: nobody,
			mixed: true, kind: ports.ProxyAnswers, port: 8530, code: 0x80244018},
		{name: "proxy status page", http: plain(with(says(200, "<html>status"), "Via", "1.1 px (squid)")), https: secure(secured),
			kind: ports.ProxyAnswers, port: 8530, code: 0x8024402B},
		{name: "gateway: bad", http: plain(secured), https: secure(says(502, "")), kind: ports.ProxyAnswers, port: 8531, code: 0x80244021},
		{name: "gateway: timeout", http: plain(secured), https: secure(says(504, "")), kind: ports.ProxyAnswers, port: 8531, code: 0x80244023},
		{name: "WSUS through a proxy", http: plain(with(wsus, "Via", "1.1 px")), https: secure(wsus), kind: ports.ProxyBetween, port: 8530},

		{name: "HTTP for another host name", http: plain(says(400, "Bad Request - Invalid Hostname")), https: secure(secured),
			kind: ports.HostHeader, port: 8530, code: 0x80244016},
		{name: "HTTPS for another host name", http: plain(secured), https: secure(says(400, "Bad Request - Invalid Hostname")),
			kind: ports.HostHeader, port: 8531, code: 0x80244016},
		{name: "anonymous off", http: plain(secured), https: secure(says(401, "")), kind: ports.Refuses, port: 8531, code: 0x80244017},
		{name: "whole site requires SSL", http: plain(says(403, "")), https: secure(secured), kind: ports.Refuses, port: 8530, code: 0x80244018},
		{name: "pool stopped", http: plain(secured), https: secure(says(503, "")), kind: ports.Unavailable, port: 8531, code: 0x80244022},
		{name: "configuration broken", http: plain(secured), https: secure(says(500, "")), kind: ports.Fails, port: 8531, code: 0x8024401F},
		{name: "client certificate wanted", http: plain(secured), https: secureWith(secured, &tls.Config{ClientAuth: tls.RequireAnyClientCert}),
			kind: ports.HandshakeFailed, port: 8531, code: 0x80072F0C},
		{name: "no handshake", http: plain(secured), https: secureWith(secured, &tls.Config{
			GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("no certificate for the name") }}),
			kind: ports.HandshakeFailed, port: 8531, code: 0x80072F8F},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			report, err := ports.Probe(t.Context(), ports.ProbeConfig{Host: host, Ports: ports.Custom, Required: !row.mixed, Timeout: row.timeout,
				Dial: mapped(map[string]string{"8530": row.http(t), "8531": row.https(t)})})
			require.NoError(t, err)
			t.Log(table(report))
			if row.kind == "" {
				require.Empty(t, report.Findings)
				require.True(t, report.HTTP.WSUS)
				require.Equal(t, report.HTTPS.Speaks == ports.SpeaksTLS, report.HTTPS.WSUS, "WSUS at both ports that are open")
				return
			}
			require.Len(t, report.Findings, 1)
			found := report.Findings[0]
			require.Equal(t, row.kind, found.Kind)
			require.Equal(t, row.port, found.Port)
			require.Equal(t, fmt.Sprintf("%#x", row.code), fmt.Sprintf("%#x", found.ClientError))
			require.NotEmpty(t, found.Cause)
			require.NotEmpty(t, found.Remedy)
		})
	}
}

// table writes a report as lines.
func table(report ports.ProbeReport) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w)
	for _, p := range []ports.PortReport{report.HTTP, report.HTTPS} {
		fmt.Fprintf(w, "%d\tspeaks %s\tstatus %d\tWSUS %t\n", p.Port, p.Speaks, p.Status, p.WSUS)
	}
	for _, f := range report.Findings {
		fmt.Fprintf(w, "%d\t%s\t%#x\t%s; remedy: %s\n", f.Port, f.Kind, f.ClientError, f.Cause, f.Remedy)
	}
	w.Flush()
	return b.String()
}

func readRequest(conn net.Conn) bool {
	_, err := http.ReadRequest(bufio.NewReader(conn))
	return err == nil
}

// onlyHTTP ends the connection of whoever does not speak HTTP, without a word.
func onlyHTTP(conn net.Conn) {
	if readRequest(conn) {
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n<ServerVersion>10</ServerVersion>")
	}
}

// onlyTLS ends the connection of whoever does not speak TLS, without a word.
func onlyTLS(t *testing.T) func(net.Conn) {
	config := &tls.Config{Certificates: []tls.Certificate{selfSigned(t, "other.example")}}
	return func(conn net.Conn) {
		secured := tls.Server(conn, config)
		if secured.HandshakeContext(context.Background()) == nil {
			onlyHTTP(secured)
		}
	}
}

// forbidsMetadata answers 403 in the folder that is asked for first, as an application does that knows nothing of WSUS.
func forbidsMetadata(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/ClientWebService/") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Both ports broken: each has its own finding, in the order of the pair; an unknown name is told once.
func TestProbeOfTwoFaults(t *testing.T) {
	report, err := ports.Probe(t.Context(), ports.ProbeConfig{Host: host, Ports: ports.Custom, Required: true,
		Dial: mapped(map[string]string{"8530": nobody(t), "8531": serve(t, says(503, ""), new(tls.Config))})})
	require.NoError(t, err)
	require.Len(t, report.Findings, 2)
	require.Equal(t, []ports.Kind{ports.Closed, ports.Unavailable}, []ports.Kind{report.Findings[0].Kind, report.Findings[1].Kind})

	report, err = ports.Probe(t.Context(), ports.ProbeConfig{Host: host, Ports: ports.Custom,
		Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
		}})
	require.NoError(t, err)
	require.Len(t, report.Findings, 1)
	require.Equal(t, ports.NameUnknown, report.Findings[0].Kind)
	require.Equal(t, uint32(0x80072EE7), report.Findings[0].ClientError)
}

func TestProbeRefusesSettings(t *testing.T) {
	for _, bad := range []string{"", "https://wsus01", "wsus01:8530", "wsus 01", "a..b", strings.Repeat("a", 64), "wsus01\r\nX: y"} {
		_, err := ports.Probe(t.Context(), ports.ProbeConfig{Host: bad, Ports: ports.Pair{HTTP: 80, HTTPS: 81}, Timeout: -1})
		var all *multierror.Error
		require.ErrorAs(t, err, &all)
		require.ErrorIs(t, err, ports.ErrHost, "%q", bad)
		require.ErrorIs(t, err, ports.ErrPairing)
		require.ErrorContains(t, err, "timeout is negative")
		_, err = ports.Detect(t.Context(), ports.ProbeConfig{Host: bad, Timeout: -1}, ports.Pair{HTTP: 442, HTTPS: 443})
		require.ErrorIs(t, err, ports.ErrHost)
		require.ErrorIs(t, err, ports.ErrPairing)
		require.ErrorContains(t, err, "timeout is negative")
	}
}
