package ssl

import (
	"crypto/tls"
	"errors"
)

// CertificateSource answers the certificate of a TLS handshake; it has the shape of tls.Config.GetCertificate, must be safe
// for concurrent use, and may change its answer at any time, which is how certificates are renewed without a restart.
type CertificateSource = func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// Settings say how a WSUS server uses TLS. The zero value is plain HTTP everywhere, which is allowed, and leaves metadata
// unprotected.
type Settings struct {
	// Required closes five of the nine roots to plain HTTP; see [Roots].
	Required bool
	// GetCertificate is where certificates come from; without it the server does not listen for TLS.
	GetCertificate CertificateSource
}

// Required returns the settings of a secured site: TLS is offered, and the five roots answer nothing else.
func Required(get CertificateSource) Settings { return Settings{Required: true, GetCertificate: get} }

// Offered returns the settings of a site in mixed mode: TLS is offered, and all roots answer plain HTTP as well.
func Offered(get CertificateSource) Settings { return Settings{GetCertificate: get} }

// ErrNoCertificate says that TLS is required and there is no certificate source.
var ErrNoCertificate = errors.New("SSL is required but there is no certificate")

// Validate answers [ErrNoCertificate] when TLS is required and cannot be spoken.
func (s Settings) Validate() error {
	if s.Required && s.GetCertificate == nil {
		return ErrNoCertificate
	}
	return nil
}

// Refuses says that a request to a root must be answered 403. secure is whether the connection itself is TLS: headers that
// claim so do not count.
func (s Settings) Refuses(root Root, secure bool) bool {
	return s.Required && root.RequireSSL && !secure
}

// TLSConfig returns the configuration for the listener of clients, or nil without a certificate source: TLS 1.2 or newer, and
// no client certificates, since asking for one makes agents fail (0x80072F0C).
func (s Settings) TLSConfig() *tls.Config {
	if s.GetCertificate == nil {
		return nil
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		ClientAuth:     tls.NoClientCert,
		GetCertificate: s.GetCertificate,
	}
}
