package ssl_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// handshake lets a client and a server with these configurations meet and answers what the client saw.
func handshake(t *testing.T, server, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	served := make(chan struct{})
	go func() {
		defer close(served)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = tls.Server(conn, server).HandshakeContext(context.Background()) // the client tells
	}()
	conn, err := net.DialTimeout("tcp", l.Addr().String(), 5*time.Second)
	require.NoError(t, err)
	defer conn.Close()
	secured := tls.Client(conn, client)
	err = secured.HandshakeContext(t.Context())
	state := secured.ConnectionState()
	<-served
	return state, err
}

// What agents of the Windows versions offer for TLS 1.2 (iis-ssl-ports §3.2 and the versions' lists of cipher suites), and suites
// that must be refused. want is the kind of certificate that is answered; empty means that no connection comes about.
var handshakes = []struct {
	title    string
	min, max uint16
	suites   []uint16
	curves   []tls.CurveID
	want     string
}{
	{"TLS 1.0 only", tls.VersionTLS10, tls.VersionTLS10, nil, nil, ""},
	{"TLS 1.1 at most", tls.VersionTLS10, tls.VersionTLS11, nil, nil, ""},
	{"TLS 1.2", tls.VersionTLS12, tls.VersionTLS12, nil, nil, "ECDSA"},
	{"TLS 1.3 (Windows 11)", tls.VersionTLS13, tls.VersionTLS13, nil, nil, "ECDSA"},
	{"up to TLS 1.3, from TLS 1.0", tls.VersionTLS10, tls.VersionTLS13, nil, nil, "ECDSA"},
	{"Windows 10: all AES-GCM", tls.VersionTLS12, tls.VersionTLS12, []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256},
		[]tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384}, "ECDSA"},
	{"Windows 7 with its update: AES-GCM for ECDSA, AES-CBC for RSA", tls.VersionTLS10, tls.VersionTLS12, []uint16{
		tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_128_CBC_SHA},
		[]tls.CurveID{tls.CurveP256, tls.CurveP384}, "ECDSA"},
	{"a client that wants RSA: AES-256-CBC", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA},
		[]tls.CurveID{tls.CurveP256, tls.CurveP384}, "RSA"},
	{"a client that wants RSA: AES-128-CBC", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA},
		[]tls.CurveID{tls.CurveP256, tls.CurveP384}, "RSA"},
	{"a client that wants RSA: AES-256-GCM", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384},
		nil, "RSA"},
	{"a client without P-256", tls.VersionTLS12, tls.VersionTLS12, nil, []tls.CurveID{tls.CurveP384}, "RSA"},
	{"AES-CBC with SHA-256", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256}, nil, ""},
	{"AES-CBC for ECDSA", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA}, nil, ""},
	{"key exchange of RSA", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}, nil, ""},
	{"key exchange of RSA, AES-GCM", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}, nil, ""},
	{"Triple DES", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA}, nil, ""},
	{"RC4", tls.VersionTLS12, tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA}, nil, ""},
	{"P-521 only", tls.VersionTLS12, tls.VersionTLS12, nil, []tls.CurveID{tls.CurveP521}, ""},
}

func TestHandshakes(t *testing.T) {
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{"wsus01.lab.example"}})
	require.NoError(t, err)
	server := ssl.Required(ca.GetCertificate).TLSConfig()
	for _, c := range handshakes {
		t.Run(c.title, func(t *testing.T) {
			state, err := handshake(t, server, &tls.Config{RootCAs: ca.Pool(), ServerName: "wsus01.lab.example",
				MinVersion: c.min, MaxVersion: c.max, CipherSuites: c.suites, CurvePreferences: c.curves})
			if c.want == "" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.max, state.Version)
			require.Equal(t, c.want, kind(t, state.PeerCertificates[0]))
			if c.suites != nil {
				require.Contains(t, c.suites, state.CipherSuite)
			}
		})
	}
}

func kind(t *testing.T, c *x509.Certificate) string {
	t.Helper()
	switch c.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return "ECDSA"
	case *rsa.PublicKey:
		return "RSA"
	}
	t.Fatalf("certificate with a key of type %T", c.PublicKey)
	return ""
}

func TestCAIssuesBothKinds(t *testing.T) {
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: labNames})
	require.NoError(t, err)
	old := &tls.ClientHelloInfo{ServerName: "wsus01", SupportedVersions: []uint16{tls.VersionTLS12},
		CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA}, SupportedCurves: []tls.CurveID{tls.CurveP256},
		SupportedPoints: []uint8{0}, SignatureSchemes: []tls.SignatureScheme{tls.PKCS1WithSHA256}}
	got, err := ca.GetCertificate(old)
	require.NoError(t, err)
	key, ok := got.Leaf.PublicKey.(*rsa.PublicKey)
	require.True(t, ok)
	require.Equal(t, 2048, key.N.BitLen())
	require.Equal(t, x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment, got.Leaf.KeyUsage)
	_, err = got.Leaf.Verify(x509.VerifyOptions{DNSName: "wsus01.lab.example", Roots: ca.Pool()})
	require.NoError(t, err)
	again, err := ca.GetCertificate(old)
	require.NoError(t, err)
	require.Same(t, got, again, "one is issued and kept")
	modern, err := ca.GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(t, err)
	require.Equal(t, "ECDSA", kind(t, modern.Leaf))
	require.NotEqual(t, got.Leaf.SerialNumber, modern.Leaf.SerialNumber)
}

func TestCertificatesSideBySide(t *testing.T) {
	load := func(name string) ssl.CertificateSource {
		c, err := tls.LoadX509KeyPair("testdata/pfx/"+name+".crt", "testdata/pfx/"+name+".key")
		require.NoError(t, err)
		return ssl.Fixed(c)
	}
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{"alias.lab.example"}})
	require.NoError(t, err)
	failing := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, ssl.ErrUnknownName }
	hello := func(name string, suite uint16) *tls.ClientHelloInfo {
		return &tls.ClientHelloInfo{ServerName: name, SupportedVersions: []uint16{tls.VersionTLS12}, CipherSuites: []uint16{suite},
			SupportedCurves: []tls.CurveID{tls.CurveP256}, SupportedPoints: []uint8{0},
			SignatureSchemes: []tls.SignatureScheme{tls.PKCS1WithSHA256, tls.ECDSAWithP256AndSHA256}}
	}
	const forECDSA, forRSA = tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
	both := ssl.Certificates(failing, load("ecdsa"), load("rsa"), ca.GetCertificate)
	for _, c := range []struct {
		title     string
		hello     *tls.ClientHelloInfo
		kind, has string
	}{
		{"ECDSA", hello("wsus01.lab.example", forECDSA), "ECDSA", "wsus01.lab.example"},
		{"RSA", hello("wsus01.lab.example", forRSA), "RSA", "wsus01.lab.example"},
		{"no name, ECDSA", hello("", forECDSA), "ECDSA", "wsus01.lab.example"},
		{"no name, RSA", hello("", forRSA), "RSA", "wsus01.lab.example"},
		{"a name that the last one has", hello("alias.lab.example", forECDSA), "ECDSA", "alias.lab.example"},
		{"a name that nobody has", hello("other.lab.example", forRSA), "RSA", "wsus01.lab.example"},
		{"nothing fits", hello("wsus01", tls.TLS_RSA_WITH_RC4_128_SHA), "ECDSA", "wsus01.lab.example"},
	} {
		got, err := both(c.hello)
		require.NoError(t, err, c.title)
		require.Equal(t, c.kind, kind(t, got.Leaf), c.title)
		require.Equal(t, c.has, got.Leaf.DNSNames[0], c.title)
	}
	_, err = ssl.Certificates(failing, failing)(hello("x", forRSA))
	require.ErrorIs(t, err, ssl.ErrUnknownName)
	none, err := ssl.Certificates()(hello("x", forRSA))
	require.NoError(t, err)
	require.Nil(t, none)
}

// Downstream servers and consoles show a certificate on their own listener; the listener of agents never asks.
func TestServersMustShowACertificate(t *testing.T) {
	server, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{"wsus01.lab.example"}})
	require.NoError(t, err)
	people := newIssuer(t)
	settings := ssl.Required(server.GetCertificate)
	require.Nil(t, settings.ServersTLSConfig(), "off by default")
	settings.ClientCertificates = &ssl.ClientCertificates{}
	require.ErrorIs(t, settings.Validate(), ssl.ErrNoClientCA)
	_, err = handshakeTLS12(t, settings.ServersTLSConfig(), server.Pool(), people.issue(t, "dss.lab.example", x509.ExtKeyUsageClientAuth))
	require.Error(t, err, "nobody is let in without an authority")
	settings.ClientCertificates = &ssl.ClientCertificates{CAs: people.pool(), Names: []string{"DSS.lab.example"}}
	require.NoError(t, settings.Validate())
	require.ErrorIs(t, ssl.Settings{ClientCertificates: settings.ClientCertificates}.Validate(), ssl.ErrNoCertificate)

	for title, c := range map[string]struct {
		certificate *tls.Certificate
		ok          bool
	}{
		"a downstream server":         {people.issue(t, "dss.lab.example", x509.ExtKeyUsageClientAuth), true},
		"nobody":                      {nil, false},
		"a computer of the same site": {people.issue(t, "pc7.lab.example", x509.ExtKeyUsageClientAuth), false},
		"a certificate of a server":   {people.issue(t, "dss.lab.example", x509.ExtKeyUsageServerAuth), false},
		"of another authority":        {newIssuer(t).issue(t, "dss.lab.example", x509.ExtKeyUsageClientAuth), false},
	} {
		_, err := handshakeTLS12(t, settings.ServersTLSConfig(), server.Pool(), c.certificate)
		require.Equal(t, c.ok, err == nil, "%s: %v", title, err)
		_, err = handshakeTLS12(t, settings.TLSConfig(), server.Pool(), c.certificate)
		require.NoError(t, err, "%s on the listener of agents", title)
	}
}

// handshakeTLS12 uses the version in which the client hears of a refusal in the handshake itself.
func handshakeTLS12(t *testing.T, server *tls.Config, roots *x509.CertPool, certificate *tls.Certificate) (tls.ConnectionState, error) {
	t.Helper()
	client := &tls.Config{RootCAs: roots, ServerName: "wsus01.lab.example", MaxVersion: tls.VersionTLS12}
	if certificate != nil {
		client.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	}
	return handshake(t, server, client)
}

func TestCertifiedRoots(t *testing.T) {
	var names []string
	for _, root := range ssl.Roots() {
		if root.Certified() {
			names = append(names, root.Name)
		}
	}
	require.Equal(t, []string{"ApiRemoting30", "DssAuthWebService", "ServerSyncWebService"}, names)
}
