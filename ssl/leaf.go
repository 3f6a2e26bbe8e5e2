package ssl

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"
)

// ErrUnknownName says that a client asked for a server name that the CA does not issue for.
var ErrUnknownName = errors.New("no certificate for this name")

// GetCertificate is a [CertificateSource]: it answers one certificate for all names of the CA, with the first as common name,
// and issues the next one in time. A client that asks for another name (SNI) is refused with [ErrUnknownName]; one that names
// none, as with an IP address, is served.
func (ca *CA) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if hello.ServerName != "" && !slices.Contains(ca.names, normalName(hello.ServerName)) {
		return nil, fmt.Errorf("%w: %q", ErrUnknownName, hello.ServerName)
	}
	ca.mu.Lock()
	defer ca.mu.Unlock()
	if ca.leaf == nil || ca.renewalDue() {
		leaf, err := ca.issue()
		if err != nil {
			return nil, fmt.Errorf("issue certificate: %w", err)
		}
		ca.leaf = leaf
	}
	return ca.leaf, nil
}

// renewalDue also notices a clock that was set back before the certificate begins.
func (ca *CA) renewalDue() bool {
	now, leaf := ca.now(), ca.leaf.Leaf
	return now.Before(leaf.NotBefore) || !now.Before(leaf.NotAfter.Add(-ca.lifetime/3))
}

func (ca *CA) issue() (*tls.Certificate, error) {
	now := ca.now()
	if now.After(ca.certificate.NotAfter) {
		return nil, fmt.Errorf("the CA expired on %s", ca.certificate.NotAfter.UTC().Format(time.DateOnly))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
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
