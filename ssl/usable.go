package ssl

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Reasons why a certificate cannot be served, to branch on with errors.Is.
var (
	// ErrKeyMismatch is a private key that does not belong to the certificate.
	ErrKeyMismatch = errors.New("the private key does not belong to the certificate")
	// ErrNameNotCovered is a certificate without a name that clients use.
	ErrNameNotCovered = errors.New("the certificate does not cover a name that clients use")
	// ErrNotInForce is a certificate that has expired or has not begun.
	ErrNotInForce = errors.New("the certificate is not in force")
	// ErrWeakCertificate is a key or a signature that Windows clients refuse, now or soon.
	ErrWeakCertificate = errors.New("the certificate is of a kind that Windows clients refuse")
)

// checkUsable says everything that keeps a certificate from serving clients at those names: the requirements on WSUS
// certificates that can be seen without the clients, whose trust in the issuer is not among them. certificate.Leaf must be set.
func checkUsable(certificate *tls.Certificate, names []string, now time.Time) error {
	var faults []error
	leaf := certificate.Leaf
	if err := checkKey(certificate); err != nil {
		faults = append(faults, err)
	}
	for _, name := range names {
		if err := leaf.VerifyHostname(normalName(name)); err != nil {
			faults = append(faults, fmt.Errorf("%w: %w", ErrNameNotCovered, err))
		}
	}
	switch {
	case now.After(leaf.NotAfter):
		faults = append(faults, fmt.Errorf("%w: it expired on %s", ErrNotInForce, leaf.NotAfter.UTC().Format(time.RFC3339)))
	case now.Before(leaf.NotBefore):
		faults = append(faults, fmt.Errorf("%w: it begins on %s", ErrNotInForce, leaf.NotBefore.UTC().Format(time.RFC3339)))
	}
	if err := checkStrength(leaf); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// checkKey compares the public halves.
func checkKey(certificate *tls.Certificate) error {
	signer, ok := certificate.PrivateKey.(crypto.Signer)
	if !ok {
		return fmt.Errorf("%w: it cannot sign", ErrKeyMismatch)
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(certificate.Leaf.PublicKey) {
		return ErrKeyMismatch
	}
	return nil
}

// checkStrength holds key, signature and usage against what Schannel takes.
func checkStrength(leaf *x509.Certificate) error {
	switch key := leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() < rsaBits {
			return fmt.Errorf("%w: its RSA key has %d bits, want %d or more", ErrWeakCertificate, key.N.BitLen(), rsaBits)
		}
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			return fmt.Errorf("%w: its key is on %s, want P-256 or P-384", ErrWeakCertificate, key.Curve.Params().Name)
		}
	default:
		return fmt.Errorf("%w: its key is %v, want RSA or ECDSA", ErrWeakCertificate, leaf.PublicKeyAlgorithm)
	}
	switch leaf.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return fmt.Errorf("%w: it is signed with %v, want SHA-256 or better", ErrWeakCertificate, leaf.SignatureAlgorithm)
	}
	usages := leaf.ExtKeyUsage
	if len(usages)+len(leaf.UnknownExtKeyUsage) > 0 && !slices.Contains(usages, x509.ExtKeyUsageServerAuth) &&
		!slices.Contains(usages, x509.ExtKeyUsageAny) {
		return fmt.Errorf("%w: its extended key usage has no server authentication (1.3.6.1.5.5.7.3.1)", ErrWeakCertificate)
	}
	return nil
}
