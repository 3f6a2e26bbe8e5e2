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
	// ClientCertificates, when set, keeps the three roots of servers and consoles for callers with a certificate, on a listener
	// of their own. Off by default: agents are never asked for one.
	ClientCertificates *ClientCertificates
}

// Required returns the settings of a secured site: TLS is offered, and the five roots answer nothing else.
func Required(get CertificateSource) Settings { return Settings{Required: true, GetCertificate: get} }

// Offered returns the settings of a site in mixed mode: TLS is offered, and all roots answer plain HTTP as well.
func Offered(get CertificateSource) Settings { return Settings{GetCertificate: get} }

// ErrNoCertificate says that TLS is required and there is no certificate source.
var ErrNoCertificate = errors.New("SSL is required but there is no certificate")

// Validate answers [ErrNoCertificate] when TLS is required and cannot be spoken, or when client certificates are wanted, and
// [ErrNoClientCA] when nobody issues those.
func (s Settings) Validate() error {
	if s.GetCertificate == nil && (s.Required || s.ClientCertificates != nil) {
		return ErrNoCertificate
	}
	return s.ClientCertificates.validate()
}

// Refuses says that a request to a root must be answered 403. secure is whether the connection itself is TLS: headers that
// claim so do not count.
func (s Settings) Refuses(root Root, secure bool) bool {
	return s.Required && root.RequireSSL && !secure
}
