package ssl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
)

// ClientCertificates say who may call the three roots that agents do not use: DssAuthWebService and ServerSyncWebService of
// downstream servers, and ApiRemoting30 of consoles and of Configuration Manager.
//
// A server cannot ask for a certificate by root: the question is part of the handshake, before any path is known, and TLS 1.3 has
// no second one. Asked on the port of agents, those would fail (0x80072F0C), and a root on IIS must be set to Ignore. So callers
// with a certificate have a listener of their own, which asks for one always ([Settings.ServersTLSConfig]) and serves these three
// roots only; on the port of agents the three then answer a look with GET, which health checks and audits need, and refuse
// every call.
type ClientCertificates struct {
	// CAs issue the certificates, for the use client authentication. Required.
	CAs *x509.CertPool
	// Names are the DNS names of the servers and consoles that are let in; their certificate has one of them among its alternative
	// names. Empty lets in whoever has a certificate of the CAs: in a site whose authority gives one to every computer, as
	// native mode needs, that is every computer.
	Names []string
}

// ErrNoClientCA says that client certificates are wanted and no authority for them is given.
var ErrNoClientCA = errors.New("client certificates are wanted but ClientCertificates.CAs is missing")

func (c *ClientCertificates) validate() error {
	if c != nil && c.CAs == nil {
		return ErrNoClientCA
	}
	return nil
}

// Certified says that calls to a root need a client certificate when [Settings.ClientCertificates] is set.
func (r Root) Certified() bool {
	return r.Name == "ApiRemoting30" || r.Name == "DssAuthWebService" || r.Name == "ServerSyncWebService"
}

// ServersTLSConfig returns the configuration for the listener of downstream servers and consoles, or nil unless client certificates
// and a certificate source are set. It is that of [Settings.TLSConfig], and no handshake succeeds without a certificate that holds.
func (s Settings) ServersTLSConfig() *tls.Config {
	config := s.TLSConfig()
	if config == nil || s.ClientCertificates == nil {
		return nil
	}
	config.ClientAuth = tls.RequireAndVerifyClientCert
	config.ClientCAs = s.ClientCertificates.CAs
	if config.ClientCAs == nil {
		config.ClientCAs = x509.NewCertPool() // nil would mean every authority of this machine
	}
	// VerifyConnection is asked for resumed connections too, unlike VerifyPeerCertificate.
	config.VerifyConnection = s.ClientCertificates.admit
	return config
}

// admit lets in a verified certificate with one of the names.
func (c *ClientCertificates) admit(state tls.ConnectionState) error {
	if len(c.Names) == 0 {
		return nil
	}
	have := state.PeerCertificates[0].DNSNames
	for _, name := range have {
		if slices.ContainsFunc(c.Names, func(n string) bool { return normalName(n) == normalName(name) }) {
			return nil
		}
	}
	return fmt.Errorf("the client certificate is for %q, none of which is let in", have)
}
