package wsus_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// selfIssued is a certificate of a downstream server that is its own authority.
func selfIssued(t *testing.T, name string) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool
}

// What each of the nine roots answers to a look and to a call, without a certificate on the port of agents and with one on the port
// of servers, when client certificates are set. A service that is not built answers 501 and 500.
func TestRootsOfServersNeedACertificate(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{"wsus01.lab.example"}})
	require.NoError(t, err)
	downstream, people := selfIssued(t, "dss.lab.example")
	settings := ssl.Required(ca.GetCertificate)
	settings.ClientCertificates = &ssl.ClientCertificates{CAs: people, Names: []string{"dss.lab.example"}}
	server := newServer(t)
	require.NoError(t, server.SetChannel(t.Context(), wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom, SSL: settings}))

	plain, secure, extra := loopback(t), loopback(t), loopback(t)
	ctx, stop := context.WithCancel(t.Context())
	var serving sync.WaitGroup
	serving.Go(func() { require.NoError(t, wsus.Serve(ctx, server, plain, secure, settings, nil)) })
	serving.Go(func() { require.NoError(t, wsus.ServeServers(ctx, server, extra, settings, nil)) })
	defer serving.Wait()
	defer stop()

	ask := func(l net.Listener, certificate *tls.Certificate, method, path string) (int, error) {
		config := &tls.Config{RootCAs: ca.Pool(), ServerName: "wsus01.lab.example"}
		if certificate != nil {
			config.Certificates = []tls.Certificate{*certificate}
		}
		transport := &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}
		r, err := http.NewRequest(method, "https://"+l.Addr().String()+path, strings.NewReader("<x/>"))
		require.NoError(t, err)
		answer, err := transport.RoundTrip(r)
		if err != nil {
			return 0, err
		}
		return answer.StatusCode, answer.Body.Close()
	}
	certified := 0
	for _, root := range nineRoots {
		path := "/" + strings.ToUpper(root.name) + "/" + root.document
		look, err := ask(secure, nil, http.MethodGet, path)
		require.NoError(t, err)
		require.Equal(t, root.status, look, "agents, health checks and audits see %s as ever", root.name)
		call, err := ask(secure, downstream, http.MethodPost, path)
		require.NoError(t, err)
		answered, err := ask(extra, downstream, http.MethodPost, path)
		require.NoError(t, err)
		switch root.name {
		case "ApiRemoting30", "DssAuthWebService", "ServerSyncWebService":
			certified++
			require.Equal(t, http.StatusForbidden, call, "%s on the port of agents, which asks nobody for a certificate", root.name)
			require.Equal(t, http.StatusInternalServerError, answered, "%s answers a SOAP fault: not built yet", root.name)
		default:
			require.NotEqual(t, http.StatusForbidden, call, root.name)
			require.Equal(t, http.StatusNotFound, answered, "%s is not there for servers", root.name)
		}
		_, err = ask(extra, nil, http.MethodPost, path)
		require.ErrorContains(t, err, "certificate required", root.name)
	}
	require.Equal(t, 3, certified)
	refused, err := ask(extra, downstream, http.MethodPost, "/ApiRemoting30%2fx")
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, refused)
	stranger, _ := selfIssued(t, "dss.lab.example")
	_, err = ask(extra, stranger, http.MethodPost, "/DssAuthWebService/DssAuthWebService.asmx")
	require.Error(t, err)
}

func TestServeServersNeedsSettings(t *testing.T) {
	for _, settings := range []ssl.Settings{{}, {ClientCertificates: &ssl.ClientCertificates{CAs: x509.NewCertPool()}}} {
		l := loopback(t)
		require.ErrorIs(t, wsus.ServeServers(t.Context(), http.NotFoundHandler(), l, settings, nil), wsus.ErrNoClientCertificates)
		require.ErrorIs(t, l.Close(), net.ErrClosed, "it owns the listener")
	}
}
