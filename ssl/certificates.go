package ssl

import "crypto/tls"

// Certificates returns a source that has several others side by side, such as one with an ECDSA and one with an RSA certificate,
// or one for each name. It answers the first certificate that the hello of the client supports: its name (SNI), its signature
// algorithms, its curves and its cipher suites. Agents older than Windows 10 need RSA, so put ECDSA first and RSA behind it.
//
// When none fits in all, the first whose algorithms fit is answered whatever its names are: a client then says that the name is
// wrong (0x80072F06), which helps an administrator more than a connection that ends without a word. When not even the algorithms
// fit, the first certificate is answered and crypto/tls refuses the handshake. A source that fails is passed over; when all do,
// the error is that of the first. Without sources no handshake succeeds.
func Certificates(sources ...CertificateSource) CertificateSource {
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		var candidates []*tls.Certificate
		var firstErr error
		for _, source := range sources {
			certificate, err := source(hello)
			switch {
			case err != nil && firstErr == nil:
				firstErr = err
			case err == nil && certificate != nil:
				candidates = append(candidates, certificate)
			}
		}
		if len(candidates) == 0 && firstErr != nil {
			return nil, firstErr
		}
		return choose(hello, candidates), nil
	}
}

// Fixed returns a source that always answers one certificate. It is for certificates that are never renewed while the program
// runs; see [OpenFileCertificate] for those that are.
func Fixed(certificate tls.Certificate) CertificateSource {
	return func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &certificate, nil }
}

// choose answers the best of some certificates, or nil when there is none, as crypto/tls takes for "no certificate".
func choose(hello *tls.ClientHelloInfo, candidates []*tls.Certificate) *tls.Certificate {
	anyName := *hello
	anyName.ServerName = ""
	for _, wanted := range []*tls.ClientHelloInfo{hello, &anyName} {
		for _, certificate := range candidates {
			if wanted.SupportsCertificate(certificate) == nil {
				return certificate
			}
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	return candidates[0]
}
