package ssl

import "crypto/tls"

// cipherSuites are those of TLS 1.2 that some Windows agent needs, each with forward secrecy; those of TLS 1.3 are not a choice.
//
//   - AES-GCM with ECDSA: Windows 7 and later. AES-GCM with RSA: Windows 10 and later.
//   - AES-CBC with RSA and SHA-1: what agents before Windows 10 offer for an RSA certificate. The SHA-1 here is an HMAC, which
//     holds, and crypto/tls checks it in constant time. The variants with SHA-256 are not checked so, and are left out.
//   - No AES-CBC with ECDSA: every agent that can check ECDSA offers AES-GCM with it.
//   - No ChaCha20: no agent offers it; clients in Go have AES-GCM as well.
//   - Nothing with the key exchange of RSA or with 3DES: whoever records such a connection reads it once the key leaks.
//
// The list is written down, although crypto/tls has nearly the same default, so that GODEBUG settings (tlsrsakex, tls3des) of the
// program around it do not widen it.
var cipherSuites = [...]uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
	tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
}

// curves leave P-521 out, which no agent has as its only one and which costs a server ten times the work of P-256. Agents before
// Windows 10 offer P-256 and P-384 only. The hybrid ones hold against who records today and has a quantum computer later.
var curves = [...]tls.CurveID{
	tls.X25519MLKEM768, tls.SecP256r1MLKEM768, tls.SecP384r1MLKEM1024, tls.X25519, tls.CurveP256, tls.CurveP384,
}

// TLSConfig returns the configuration for the listener of clients, or nil without a certificate source. It is as strict as
// Windows agents allow: TLS 1.2 and 1.3, six cipher suites of TLS 1.2 that all have forward secrecy, no P-521, no client
// certificates (asking for one makes agents fail with 0x80072F0C), and no renegotiation, which crypto/tls never lets a client
// begin. Windows 7, Server 2008 R2 and Server 2012 need their update for TLS 1.2 and DefaultSecureProtocols.
//
// Session tickets are on, since a scan is many short connections. Their keys live in memory only, change every day and end with
// the listener. A resumed connection does not see the certificate again, for seven days at most: after a key has leaked, replace
// the certificate and start the listener anew.
func (s Settings) TLSConfig() *tls.Config {
	if s.GetCertificate == nil {
		return nil
	}
	return &tls.Config{
		MinVersion:       tls.VersionTLS12,
		CipherSuites:     append([]uint16(nil), cipherSuites[:]...),
		CurvePreferences: append([]tls.CurveID(nil), curves[:]...),
		ClientAuth:       tls.NoClientCert,
		GetCertificate:   s.GetCertificate,
	}
}
