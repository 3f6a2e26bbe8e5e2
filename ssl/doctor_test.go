package ssl_test

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// examine requires that the set-up has its own finding and no other.
func (c broken) examine(t *testing.T, p *pki) (row string) {
	w := newWorld(t, p)
	if c.before != nil {
		c.before(w)
	}
	w.start()
	if c.after != nil {
		c.after(w)
	}
	d, err := ssl.Doctor(t.Context(), w.config)
	require.NoError(t, err)
	require.Len(t, d.Findings, 1, "%v", d)
	f := d.Findings[0]
	require.Equal(t, c.want, f.Kind, "%v", d)
	require.Equal(t, c.root, f.Root)
	level := ssl.Error
	if c.level != "" {
		level = c.level
	}
	require.Equal(t, level, f.Severity)
	code := ""
	if f.ClientError != 0 {
		code = f.ClientError.String()
	}
	require.Equal(t, c.code, code, "%v", d)
	require.NotEmpty(t, f.Cause)
	require.NotEmpty(t, f.Remedy)
	require.False(t, d.OK())
	return fmt.Sprintf("%-60s %-8s %-26s %-22s %-10s %s", c.title, f.Severity, f.Kind, f.Root, code, f.Cause)
}

func TestDoctorFindsNothingInAHealthySite(t *testing.T) {
	type healthy struct {
		title  string
		before func(w *world)
		after  func(w *world)
	}
	all := []healthy{
		{title: "ECDSA", before: func(*world) {}},
		{title: "RSA", before: func(w *world) { w.use(certificate(w, w.pki.root, newRSA(w, 2048), own, nil)) }},
		{title: "RSA, from an RSA authority", before: func(w *world) { w.use(certificate(w, w.pki.rsaRoot, newRSA(w, 2048), own, nil)) }},
		{title: "ECDSA and RSA side by side", before: func(w *world) {
			w.use(certificate(w, w.pki.root, newECDSA(w, elliptic.P384()), own, nil), certificate(w, w.pki.rsaRoot, newRSA(w, 2048), own, nil))
		}},
		{title: "wildcard", before: leaf([]string{"*.lab.example"}, nil)},
		{title: "two names, both in use", before: func(w *world) {
			leaf([]string{"updates.lab.example", host, "wsus01"}, nil)(w)
			w.config.OtherNames = []string{"Updates.Lab.Example."}
		}, after: advertise("http://updates.lab.example:8530/Content/A0/x.cab")},
		{title: "short name", before: func(w *world) {
			leaf([]string{host, "wsus01"}, nil)(w)
			w.config.URL = "https://WSUS01:8531/"
		}, after: advertise("http://wsus01:8530/Content/A0/x.cab")},
		{title: "issuer sent", before: func(w *world) {
			w.use(with(certificate(w, w.pki.issuer, newECDSA(w, elliptic.P256()), own, nil), w.pki.issuer))
		}},
		{title: "issuer and root sent", before: func(w *world) {
			w.use(with(certificate(w, w.pki.issuer, newECDSA(w, elliptic.P256()), own, nil), w.pki.issuer, w.pki.root))
		}},
		{title: "self-signed and trusted", before: func(w *world) {
			c := selfSigned(w, host)
			w.use(c)
			w.config.Roots = x509.NewCertPool()
			w.config.Roots.AddCert(c.Leaf)
		}},
		{title: "laboratory CA, seven days at a time", before: func(w *world) {
			ca, err := ssl.OpenCA(w.TempDir(), ssl.CAOptions{Names: own})
			require.NoError(w, err)
			w.tls, w.config.Roots = ssl.Required(ca.GetCertificate).TLSConfig(), ca.Pool()
		}},
		{title: "TLS 1.2 only", before: versions(tls.VersionTLS12, tls.VersionTLS12)},
		{title: "ports 80 and 443", before: func(w *world) { w.config.URL = "https://" + host },
			after: func(w *world) {
				w.ports[80], w.ports[443] = w.ports[8530], w.ports[8531]
				delete(w.ports, 8530)
				delete(w.ports, 8531)
				advertise("http://" + host + "/Content/A0/x.cab")(w)
			}},
		{title: "ports given", before: func(w *world) { w.config.Ports = ports.Custom }},
		{title: "IPv6", after: func(w *world) {
			plain, secure := w.listen("[::1]:0"), w.listen("[::1]:0")
			quiet := log.New(io.Discard, "", 0)
			servers := []*http.Server{{Handler: w.handler(), ErrorLog: quiet}, {Handler: w.handler(), ErrorLog: quiet}}
			go servers[0].Serve(plain)
			go servers[1].Serve(tls.NewListener(secure, w.tls))
			for _, s := range servers {
				w.Cleanup(func() { s.Close() })
			}
			w.ports[8530], w.ports[8531] = wayTo(plain), wayTo(secure)
		}},
		{title: "without SSL, plain HTTP alone", before: func(w *world) {
			w.config.URL = "http://" + host + ":8530"
			allOpen(w)
		}, after: func(w *world) { delete(w.ports, 8531) }},
		{title: "mixed, clients with http", before: func(w *world) {
			w.config.URL = "http://" + host + ":8530"
			allOpen(w)
		}},
		{title: "mixed, clients with https", before: func(w *world) {
			w.config.Mixed = true
			allOpen(w)
		}},
		{title: "services ask who is there, refuse a GET, or are not built", before: func(w *world) {
			at([]string{"ApiRemoting30"}, 0, 401)(w)
			at([]string{"ClientWebService", "SimpleAuthWebService"}, 0, 405)(w)
			at([]string{"ServerSyncWebService"}, 0, 501)(w)
			at([]string{"Inventory"}, 501, 501)(w)
		}},
		{title: "folder that is not listed", before: at([]string{"Inventory"}, 403, 403)},
		{title: "clocks differ by minutes", before: func(w *world) { w.config.Now = func() time.Time { return in(20 * time.Minute) } }},
	}
	p := newPKI(t)
	for _, c := range all {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, p)
			if c.before != nil {
				c.before(w)
			}
			w.start()
			if c.after != nil {
				c.after(w)
			}
			d, err := ssl.Doctor(t.Context(), w.config)
			require.NoError(t, err)
			require.Empty(t, d.Findings, "%v", d)
			require.True(t, d.OK())
			require.Empty(t, d.NotLookedAt)
			require.Len(t, d.Roots, 9)
			require.Contains(t, d.String(), "nothing found")
		})
	}
	t.Logf("%d healthy set-ups", len(all))
}

// Two causes are two findings, the gravest first, though one of them is the certificate of everything.
func TestDoctorNamesEachOfSeveralCauses(t *testing.T) {
	w := newWorld(t, newPKI(t))
	w.use(certificate(w, w.pki.stranger, newECDSA(w, elliptic.P256()), []string{"wsus02.lab.example"}, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = in(-360*day), in(5*day)
	}))
	at([]string{"SelfUpdate"}, 404, 404)(w)
	at([]string{"ClientWebService"}, 200, 0)(w)
	w.start()
	w.config.Advertised = nil
	d, err := ssl.Doctor(t.Context(), w.config)
	require.NoError(t, err)
	var kinds []ssl.Kind
	for _, f := range d.Findings {
		kinds = append(kinds, f.Kind)
	}
	require.ElementsMatch(t, []ssl.Kind{ssl.RootNotSecured, ssl.RootMissing, ssl.CertificateName, ssl.UnknownAuthority, ssl.CertificateExpiresSoon}, kinds)
	require.Equal(t, ssl.CertificateExpiresSoon, kinds[4])
	require.Len(t, d.NotLookedAt, 1)

	text := d.String()
	for _, words := range []string{"https://" + host + ":8531, ports 8530/8531, TLS 1.2, TLS 1.3",
		"certificate for wsus02.lab.example, issued by CN=Stranger Root", "error root-not-secured at ClientWebService",
		"(clients show 0x80072F06)", "remedy: ", "not looked at: the addresses of files"} {
		require.Contains(t, text, words)
	}
	var asJSON struct {
		Ports        ports.Pair `json:"ports"`
		Certificate  struct{ Names []string }
		Roots        []map[string]string
		Findings     []map[string]string
		NotLookedAt  []string
		TLS          []string
		Time, Server string
	}
	encoded, err := json.Marshal(d)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(encoded, &asJSON))
	require.Equal(t, ports.Custom, asJSON.Ports)
	require.Equal(t, "200 OK", asJSON.Roots[1]["http"])
	require.Len(t, asJSON.Findings, 5)
	require.Contains(t, string(encoded), `"clientError":"0x80244019"`)
	var again ssl.Diagnosis
	require.NoError(t, json.Unmarshal(encoded, &again))
	require.Equal(t, d.Findings, again.Findings)
}

// What a server says of itself is repeated, and must not be able to write over the screen.
func TestDoctorRepeatsNothingUnprintable(t *testing.T) {
	w := newWorld(t, newPKI(t))
	page(200, "Server", "\u202e all is well "+strings.Repeat("x", 5000))(w)
	w.start()
	d, err := ssl.Doctor(t.Context(), w.config)
	require.NoError(t, err)
	require.Contains(t, d.String(), "all is well")
	require.NotContains(t, d.String(), "\u202e")
	require.Less(t, len(d.String()), 1500)
}

func TestDoctorRefusesAWrongConfig(t *testing.T) {
	for _, c := range []struct {
		config ssl.DoctorConfig
		says   []string
	}{
		{ssl.DoctorConfig{}, []string{"it must begin with https://"}},
		{ssl.DoctorConfig{URL: "wsus01:8531"}, []string{"it must begin with https://"}},
		{ssl.DoctorConfig{URL: "https://wsus01:8531/ClientWebService/client.asmx"}, []string{"it must end after the port"}},
		{ssl.DoctorConfig{URL: "https://wsus01:81"}, []string{"no port goes with HTTPS port 81"}},
		{ssl.DoctorConfig{URL: "https://u:p@wsus01"}, []string{"scheme, name and port only"}},
		{ssl.DoctorConfig{URL: "https://:8531"}, []string{"neither a DNS name nor an IP address"}},
		{ssl.DoctorConfig{URL: "https://wsus01:85x"}, []string{"invalid port"}},
		{ssl.DoctorConfig{URL: "https://wsus01", Ports: ports.Pair{HTTP: 1}, Required: true, Mixed: true, Timeout: -1, OtherNames: []string{"-"}},
			[]string{"the HTTPS port must be given", "either required or not", "timeout is negative", `other name "-"`}},
	} {
		_, err := ssl.Doctor(t.Context(), c.config)
		var all *multierror.Error
		require.ErrorAs(t, err, &all, "%+v", c.config)
		for _, words := range c.says {
			require.ErrorContains(t, err, words)
		}
		if c.config.Ports.IsZero() {
			require.Len(t, all.Errors, 1)
		}
	}
}

// A server that wants a client certificate at one root asks for a second handshake there, which crypto/tls refuses with alert 100
// (RFC 5246 §7.2.2). Go's own server cannot ask so.
func TestDoctorKnowsASecondHandshake(t *testing.T) {
	root := ssl.Roots()[1]
	refused := &net.OpError{Op: "local error", Err: tls.AlertError(100)}
	f := ssl.JudgeRootError(root, &url.Error{Op: "Get", URL: "https://" + host, Err: refused})
	require.Equal(t, ssl.ClientCertificate, f.Kind)
	require.Equal(t, ssl.CodeClientCertificateNeeded, f.ClientError)
	require.Equal(t, root.Name, f.Root)
}

// Windows refuses RSA keys below 1024 bits, and so do servers in Go: this one sends its certificate and cannot sign with the key.
func TestDoctorKnowsKeysThatNobodyAccepts(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	p := newPKI(t)
	tiny := certificate(t, p.root, newRSA(t, 768), own, nil)
	for _, accepted := range []string{"0", "1"} {
		t.Setenv("GODEBUG", "rsa1024min="+accepted)
		w := newWorld(t, p)
		w.use(tiny)
		w.start()
		d, err := ssl.Doctor(t.Context(), w.config)
		require.NoError(t, err)
		require.Len(t, d.Findings, 1, "%v", d)
		require.Equal(t, ssl.WeakKey, d.Findings[0].Kind)
		require.Equal(t, ssl.Error, d.Findings[0].Severity)
		require.Equal(t, ssl.CodeSecureFailure, d.Findings[0].ClientError)
	}
}

func TestDoctorEndsWithItsContext(t *testing.T) {
	w := newWorld(t, newPKI(t))
	w.start()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := ssl.Doctor(ctx, w.config)
	require.ErrorIs(t, err, context.Canceled)
}

// Who follows the remedy for a wrong port must not run into the next fault: a secured site refuses the URL of old.
func TestRemedyOfAWrongPortSaysHTTPS(t *testing.T) {
	w := newWorld(t, newPKI(t))
	w.start()
	w.config.URL = "http://" + host + ":9000"
	d, err := ssl.Doctor(t.Context(), w.config)
	require.NoError(t, err)
	require.Equal(t, ssl.WrongPort, d.Findings[0].Kind)
	require.Contains(t, d.Findings[0].Remedy, "https://"+host+":8531, or http://"+host+":8530 when the site has no SSL")
}
