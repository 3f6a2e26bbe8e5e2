package ssl

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// certificateWish is what a server's certificate must be.
type certificateWish struct {
	name    string   // that clients use, normalised
	others  []string // further names that it must hold
	trusted *x509.CertPool
	issuers []*x509.Certificate // known from elsewhere; a chain that needs them is not complete
	now     time.Time
}

// judge finds what is wrong with a chain, the server's own certificate first. Each step looks at one property and leaves the others
// alone, so that a certificate with one fault has one finding.
func (w certificateWish) judge(chain []*x509.Certificate) []Finding {
	var findings []Finding
	for _, step := range []func([]*x509.Certificate) []Finding{
		w.judgeNames, w.judgeDates, w.judgeKeys, w.judgeSignatures, w.judgeUsage, w.judgeTrust,
	} {
		findings = append(findings, step(chain)...)
	}
	return findings
}

func (w certificateWish) judgeNames(chain []*x509.Certificate) []Finding {
	leaf := chain[0]
	held := strings.Join(certificateNames(leaf), ", ")
	_, noAddress := netip.ParseAddr(w.name)
	var findings []Finding
	switch {
	case leaf.VerifyHostname(w.name) == nil:
	case noAddress == nil:
		findings = append(findings, Finding{Kind: AddressAsName, Severity: Error, ClientError: CodeCertificateName,
			Cause:  fmt.Sprintf("clients are told the address %s, and the certificate is for %s", w.name, held),
			Remedy: "tell clients a DNS name, in WUServer and WUStatusServer, that the certificate holds"})
	case strings.EqualFold(leaf.Subject.CommonName, w.name):
		findings = append(findings, Finding{Kind: CertificateCommonName, Severity: Error, ClientError: CodeCertificateName,
			Cause: fmt.Sprintf("the certificate holds %s as its common name only, and as alternative names %s", w.name, held),
			Remedy: fmt.Sprintf("get a certificate with the alternative name (subjectAltName, DNS) %s and bind it to the HTTPS port; "+
				"current clients do not look at the common name", w.name)})
	default:
		findings = append(findings, Finding{Kind: CertificateName, Severity: Error, ClientError: CodeCertificateName,
			Cause: fmt.Sprintf("clients ask for %s, and the certificate is for %s", w.name, held),
			Remedy: fmt.Sprintf("bind a certificate with the alternative name %s to the HTTPS port, then run WSUSUtil configuressl %s; "+
				"or tell clients a name that the certificate holds", w.name, w.name)})
	}
	for _, other := range w.others {
		if name := normalName(other); name != w.name && leaf.VerifyHostname(name) != nil {
			findings = append(findings, Finding{Kind: CertificateOtherName, Severity: Error, ClientError: CodeCertificateName,
				Cause:  fmt.Sprintf("some clients ask for %s, and the certificate is for %s", name, held),
				Remedy: fmt.Sprintf("get a certificate that holds %s beside the other names, and bind it to the HTTPS port", name)})
		}
	}
	return findings
}

// The time before its end at which a certificate is reported: 30 days, or a fifth of a lifetime that is short by design.
const (
	expiryWarning  = 30 * 24 * time.Hour
	expiryFraction = 5
)

func (w certificateWish) judgeDates(chain []*x509.Certificate) []Finding {
	for i, c := range chain {
		whose := "the certificate of the server"
		if i > 0 {
			whose = "the certificate of the authority " + c.Subject.String()
		}
		warning := min(expiryWarning, c.NotAfter.Sub(c.NotBefore)/expiryFraction)
		switch {
		case w.now.After(c.NotAfter):
			return []Finding{{Kind: CertificateExpired, Severity: Error, ClientError: CodeCertificateDate,
				Cause:  fmt.Sprintf("%s expired on %s; it is %s", whose, minute(c.NotAfter), minute(w.now)),
				Remedy: "renew the certificate and bind the new one to the HTTPS port"}}
		case w.now.Before(c.NotBefore):
			return []Finding{{Kind: CertificateNotYetValid, Severity: Error, ClientError: CodeCertificateDate,
				Cause:  fmt.Sprintf("%s is valid from %s on; it is %s", whose, minute(c.NotBefore), minute(w.now)),
				Remedy: "bind a certificate that is valid already, and compare the clock of the authority that issued this one"}}
		case w.now.After(c.NotAfter.Add(-warning)):
			return []Finding{{Kind: CertificateExpiresSoon, Severity: Warning,
				Cause:  fmt.Sprintf("%s expires on %s", whose, minute(c.NotAfter)),
				Remedy: "renew the certificate and bind the new one to the HTTPS port before that day"}}
		}
	}
	return nil
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// The shortest keys that are not reported. Windows refuses RSA below 1024 bits and gives up what is below 2048.
const (
	leastRSA     = 2048
	refusedRSA   = 1024
	leastEllipse = 256
)

func (w certificateWish) judgeKeys(chain []*x509.Certificate) []Finding {
	for _, c := range chain {
		finding := Finding{Kind: WeakKey, Severity: Warning,
			Remedy: "get a certificate with an RSA key of 2048 bits or more, or an ECDSA key on P-256 or P-384"}
		switch key := c.PublicKey.(type) {
		case *rsa.PublicKey:
			bits := key.N.BitLen()
			if bits >= leastRSA {
				continue
			}
			finding.Cause = fmt.Sprintf("the RSA key of %s has %d bits", subject(c), bits)
			if bits < refusedRSA {
				finding.Severity, finding.ClientError = Error, CodeSecureFailure
			}
		case *ecdsa.PublicKey:
			if key.Curve.Params().BitSize >= leastEllipse {
				continue
			}
			finding.Cause = fmt.Sprintf("the key of %s is on the curve %s", subject(c), key.Curve.Params().Name)
		default:
			continue
		}
		return []Finding{finding}
	}
	return nil
}

func subject(c *x509.Certificate) string {
	if name := c.Subject.String(); name != "" {
		return name
	}
	return strings.Join(certificateNames(c), ", ")
}

func (w certificateWish) judgeSignatures(chain []*x509.Certificate) []Finding {
	if c := weaklySigned(chain); c != nil {
		return []Finding{{Kind: WeakSignature, Severity: Error, ClientError: CodeSecureFailure,
			Cause:  fmt.Sprintf("the certificate of %s is signed with %s, which clients refuse", subject(c), c.SignatureAlgorithm),
			Remedy: "let the authority sign with SHA-256 or better, get a new certificate, and bind it to the HTTPS port"}}
	}
	return nil
}

// weaklySigned finds the first certificate whose signature is not believed. Nobody checks the one that a root makes for itself.
func weaklySigned(chain []*x509.Certificate) *x509.Certificate {
	weak := []x509.SignatureAlgorithm{x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1}
	for i, c := range chain {
		if slices.Contains(weak, c.SignatureAlgorithm) && (i == 0 || !selfIssued(c)) {
			return c
		}
	}
	return nil
}

func selfIssued(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

func (w certificateWish) judgeUsage(chain []*x509.Certificate) []Finding {
	leaf := chain[0]
	if !forServers(leaf) {
		return []Finding{{Kind: NoServerAuth, Severity: Error, ClientError: CodeSecureFailure,
			Cause:  "the enhanced key usage of the certificate does not have server authentication",
			Remedy: "get a certificate for server authentication (1.3.6.1.5.5.7.3.1) and bind it to the HTTPS port"}}
	}
	if leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0 {
		return []Finding{{Kind: CertificateKeyUsage, Severity: Error, ClientError: CodeSecureFailure,
			Cause:  "the key usage of the certificate does not have digital signature, so its key may not sign a handshake",
			Remedy: "get a certificate with the key usages digital signature and, for RSA, key encipherment"}}
	}
	return nil
}

func forServers(c *x509.Certificate) bool {
	unlimited := len(c.ExtKeyUsage) == 0 && len(c.UnknownExtKeyUsage) == 0
	return unlimited || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// judgeTrust looks for a way to a trusted root, at a time when the certificate of the server is valid: its dates are judged apart.
func (w certificateWish) judgeTrust(chain []*x509.Certificate) []Finding {
	if weaklySigned(chain) != nil {
		return nil // a signature that is not believed leads nowhere
	}
	err := w.verify(chain, nil)
	var (
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case err == nil || errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return nil
	case errors.As(err, &authority):
		return []Finding{w.untrusted(chain)}
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		return []Finding{{Kind: NoServerAuth, Severity: Error, ClientError: CodeSecureFailure,
			Cause:  "an authority of the chain may not issue certificates for server authentication",
			Remedy: "get a certificate for server authentication (1.3.6.1.5.5.7.3.1) from an authority that may issue it"}}
	}
	return []Finding{{Kind: BadCertificate, Severity: Error, ClientError: CodeSecureFailure,
		Cause: "the certificate does not verify: " + err.Error(), Remedy: "get a new certificate from an authority that clients trust"}}
}

// verify leaves names out, and usages too where the server's own certificate is not for servers: that is told already.
func (w certificateWish) verify(chain, issuers []*x509.Certificate) error {
	leaf := chain[0]
	options := x509.VerifyOptions{Roots: w.trusted, Intermediates: x509.NewCertPool(), CurrentTime: w.now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if !forServers(leaf) {
		options.KeyUsages[0] = x509.ExtKeyUsageAny
	}
	if w.now.Before(leaf.NotBefore) || w.now.After(leaf.NotAfter) {
		options.CurrentTime = leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2)
	}
	for _, c := range append(chain[1:len(chain):len(chain)], issuers...) {
		options.Intermediates.AddCert(c)
	}
	_, err := leaf.Verify(options)
	return err
}

func (w certificateWish) untrusted(chain []*x509.Certificate) Finding {
	leaf, top := chain[0], topOf(chain)
	switch {
	case selfIssued(leaf):
		return Finding{Kind: SelfSigned, Severity: Error, ClientError: CodeUntrustedRoot,
			Cause: "the certificate is its own issuer, and clients do not trust it",
			Remedy: "get a certificate from an authority that clients trust; or, in a laboratory, put this one into the trusted root store " +
				"of the local computer of every client, of downstream servers and of the server itself"}
	case w.issuers != nil && w.verify(chain, w.issuers) == nil:
		return Finding{Kind: MissingIntermediate, Severity: Error, ClientError: CodeCertificateIssuer,
			Cause: fmt.Sprintf("the server does not send the certificate of %s, which leads to a root that clients trust", top.Issuer),
			Remedy: "put the intermediate certificate into the store Intermediate Certification Authorities of the local computer of the " +
				"server, and bind the certificate anew"}
	}
	return Finding{Kind: UnknownAuthority, Severity: Error, ClientError: CodeCertificateIssuer,
		Cause: fmt.Sprintf("the certificate comes from %s, which clients do not trust", top.Issuer),
		Remedy: "put the root of that authority into the trusted root store of the local computer, on every client, on downstream servers " +
			"and on the server; user stores do not count. If clients have that root, the server does not send an intermediate certificate"}
}

// topOf follows the issuers among the certificates that were sent.
func topOf(chain []*x509.Certificate) *x509.Certificate {
	top := chain[0]
	for range chain {
		next := slices.IndexFunc(chain, func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, top.RawIssuer) })
		if next < 0 || selfIssued(top) {
			break
		}
		top = chain[next]
	}
	return top
}
