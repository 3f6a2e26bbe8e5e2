package ssl_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// authority is a certificate that issues others.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// pki is a small public key infrastructure: a root that clients trust, one of another company, and issuers below the first.
type pki struct {
	root, stranger, issuer, rsaRoot authority
	trusted                         *x509.CertPool
}

func newECDSA(t testing.TB, curve elliptic.Curve) crypto.Signer {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return key
}

// The primes of RSA keys take long to find: one key of each size is enough for all tests.
var (
	rsaMu   sync.Mutex
	rsaKeys = map[int]*rsa.PrivateKey{}
)

func newRSA(t testing.TB, bits int) crypto.Signer {
	rsaMu.Lock()
	defer rsaMu.Unlock()
	if rsaKeys[bits] == nil {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		require.NoError(t, err)
		rsaKeys[bits] = key
	}
	return rsaKeys[bits]
}

func newPKI(t testing.TB) *pki {
	p := &pki{trusted: x509.NewCertPool()}
	p.root = p.authority(t, nil, "Lab Root", newECDSA(t, elliptic.P256()), nil)
	p.rsaRoot = p.authority(t, nil, "Lab RSA Root", newRSA(t, 2048), nil)
	p.stranger = p.authority(t, nil, "Stranger Root", newECDSA(t, elliptic.P256()), nil)
	p.issuer = p.authority(t, &p.root, "Lab Issuer", newECDSA(t, elliptic.P256()), nil)
	p.trusted.AddCert(p.root.certificate)
	p.trusted.AddCert(p.rsaRoot.certificate)
	return p
}

// authority makes one below another, or a root.
func (p *pki) authority(t testing.TB, above *authority, name string, key crypto.Signer, change func(*x509.Certificate)) authority {
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-1000 * time.Hour), NotAfter: time.Now().Add(10000 * time.Hour),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	if change != nil {
		change(template)
	}
	a := authority{key: key}
	if above == nil {
		above = &authority{certificate: template, key: key}
	}
	a.certificate = sign(t, template, *above, key)
	return a
}

func serial() *big.Int {
	n, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100)) // rand.Reader does not fail
	return n
}

func sign(t testing.TB, template *x509.Certificate, by authority, key crypto.Signer) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, key.Public(), by.key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return certificate
}

// certificate is one that has nothing wrong, for the names, before change.
func certificate(t testing.TB, by authority, key crypto.Signer, names []string, change func(*x509.Certificate)) tls.Certificate {
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: names[0]},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	if change != nil {
		change(template)
	}
	leaf := sign(t, template, by, key)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
}

// with appends the certificates of authorities to what a server sends.
func with(c tls.Certificate, authorities ...authority) tls.Certificate {
	for _, a := range authorities {
		c.Certificate = append(c.Certificate, a.certificate.Raw)
	}
	return c
}

// selfSigned is its own issuer, and no authority.
func selfSigned(t testing.TB, name string) tls.Certificate {
	key := newECDSA(t, elliptic.P256())
	return certificate(t, authority{certificate: &x509.Certificate{Subject: pkix.Name{CommonName: name}}, key: key}, key, []string{name}, nil)
}
