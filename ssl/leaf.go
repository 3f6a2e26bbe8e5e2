package ssl

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// ErrUnknownName says that a client asked for a server name that the CA does not issue for.
var ErrUnknownName = errors.New("no certificate for this name")

// rsaBits is the size of RSA keys that a CA makes: what agents older than Windows 10 verify, and no more work than they need.
const rsaBits = 2048

// leaf is the server certificate of one kind of key, issued when it is first asked for. Each kind has a mutex of its own: making
// an RSA key takes part of a second, which clients that want ECDSA do not wait for.
type leaf struct {
	mu          sync.Mutex
	certificate *tls.Certificate
}

// GetCertificate is a [CertificateSource]: it answers a certificate for all names of the CA, with the first as common name, and
// issues the next one in time. The key is ECDSA P-256, or RSA 2048 for a client whose hello does not support that; both kinds are
// issued when a client first needs them. A client that asks for another name (SNI) is refused with [ErrUnknownName]; one that
// names none, as with an IP address, is served.
func (ca *CA) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if hello.ServerName != "" && !slices.Contains(ca.names, normalName(hello.ServerName)) {
		return nil, fmt.Errorf("%w: %q", ErrUnknownName, hello.ServerName)
	}
	modern, err := ca.current(&ca.ecdsa, func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
	if err != nil || !wantsRSA(hello, modern) {
		return modern, err
	}
	return ca.current(&ca.rsa, func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, rsaBits) })
}

// wantsRSA says that a client cannot use an ECDSA certificate. A hello that offers no version is not one of a client: callers that
// only want to see the certificate make such.
func wantsRSA(hello *tls.ClientHelloInfo, modern *tls.Certificate) bool {
	return len(hello.SupportedVersions) > 0 && hello.SupportsCertificate(modern) != nil
}

// current returns the certificate of one kind, issued anew when that is due.
func (ca *CA) current(l *leaf, newKey func() (crypto.Signer, error)) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.certificate != nil && !ca.renewalDue(l.certificate.Leaf) {
		return l.certificate, nil
	}
	key, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("issue certificate: %w", err)
	}
	issued, err := ca.issue(key)
	if err != nil {
		return nil, fmt.Errorf("issue certificate: %w", err)
	}
	l.certificate = issued
	return issued, nil
}

// renewalDue also notices a clock that was set back before the certificate begins.
func (ca *CA) renewalDue(leaf *x509.Certificate) bool {
	now := ca.now()
	return now.Before(leaf.NotBefore) || !now.Before(leaf.NotAfter.Add(-ca.lifetime/3))
}

func (ca *CA) issue(key crypto.Signer) (*tls.Certificate, error) {
	now := ca.now()
	if now.After(ca.certificate.NotAfter) {
		return nil, fmt.Errorf("the CA expired on %s", ca.certificate.NotAfter.UTC().Format(time.DateOnly))
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		NotBefore:             later(now.Add(-clockSkew), ca.certificate.NotBefore),
		NotAfter:              earlier(now.Add(ca.lifetime), ca.certificate.NotAfter),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	if _, ok := key.(*rsa.PrivateKey); ok {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment // Schannel of old clients looks for it
	}
	if len(ca.names[0]) <= maxCommonName {
		template.Subject = pkix.Name{CommonName: ca.names[0]}
	}
	for _, name := range ca.names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.certificate, key.Public(), ca.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// maxCommonName is the upper bound of RFC 5280 appendix A; a longer name stands among the alternative names only.
const maxCommonName = 64

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
