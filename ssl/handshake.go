package ssl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"sync"
)

// handshake is one TLS handshake as far as it came.
type handshake struct {
	chain []*x509.Certificate // as sent, the server's own first
	asked bool                // the server asked for a client certificate
	err   error
}

// answered says that the other side spoke TLS, though it may have refused.
func (h handshake) answered() bool {
	var op *net.OpError
	return len(h.chain) > 0 || errors.As(h.err, &op) && op.Op == "remote error"
}

// lenient accepts every certificate, version and cipher: what is wrong with them is found out, not refused.
func (x *examination) lenient() *tls.Config {
	config := &tls.Config{
		InsecureSkipVerify: true, // examineCertificate judges the chain
		MinVersion:         tls.VersionTLS10,
	}
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		config.CipherSuites = append(config.CipherSuites, suite.ID)
	}
	return config
}

// shake makes a handshake within versions; an empty server name sends none.
func (x *examination) shake(ctx context.Context, port int, serverName string, least, most uint16) (h handshake) {
	conn, err := x.dial(ctx, port)
	if err != nil {
		return handshake{err: err}
	}
	defer conn.Close()
	config := x.lenient()
	config.ServerName, config.MinVersion, config.MaxVersion = serverName, least, most
	// The certificate comes before the server proves that it has the key, so that it is seen even when the proof fails.
	config.VerifyPeerCertificate = func(sent [][]byte, _ [][]*x509.Certificate) error {
		for _, der := range sent {
			certificate, err := x509.ParseCertificate(der)
			if err != nil {
				return err
			}
			h.chain = append(h.chain, certificate)
		}
		return nil
	}
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		h.asked = true
		return new(tls.Certificate), nil // agents have none for WSUS
	}
	ctx, cancel := context.WithTimeout(ctx, x.timeout)
	defer cancel()
	h.err = tls.Client(conn, config).HandshakeContext(ctx)
	return h
}

// versions are those that can be looked for, the oldest first.
var versions = [...]uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13}

// offered finds out by a handshake for each version which ones a server takes.
func (x *examination) offered(ctx context.Context, port int) []uint16 {
	var taken [len(versions)]bool
	var wg sync.WaitGroup
	for i, version := range versions {
		wg.Go(func() {
			h := x.shake(ctx, port, x.name, version, version)
			taken[i] = h.err == nil || len(h.chain) > 0
		})
	}
	wg.Wait()
	var offered []uint16
	for i, version := range versions {
		if taken[i] {
			offered = append(offered, version)
		}
	}
	return offered
}
