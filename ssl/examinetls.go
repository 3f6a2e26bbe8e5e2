package ssl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
)

// tlsLook is what the HTTPS port offers.
type tlsLook struct {
	versions []uint16
	chain    []*x509.Certificate
	asked    bool // for a client certificate
}

// examineTLS looks at versions and at what the server asks of clients. When it refuses the name it is asked once more without one,
// which tells whether it has a certificate for others.
func (x *examination) examineTLS(ctx context.Context) {
	if !x.secureSeen {
		return
	}
	x.tls.versions = x.offered(ctx, x.found.HTTPS)
	shake := x.securePort.shake
	refused := shake.err
	if len(shake.chain) == 0 {
		if nameless := x.shake(ctx, x.found.HTTPS, "", tls.VersionTLS10, tls.VersionTLS13); len(nameless.chain) > 0 {
			shake = nameless
		}
	}
	x.tls.chain, x.tls.asked = shake.chain, shake.asked
	x.secureSeen = refused == nil
	switch {
	case shake.asked:
		x.add(Finding{Kind: ClientCertificate, Severity: Error, ClientError: CodeClientCertificateNeeded,
			Cause: "the server asks for a client certificate during the handshake, and agents have none for WSUS",
			Remedy: "set client certificates to Ignore for the site and all its roots, and turn Negotiate Client Certificate off for the port " +
				"(netsh http show sslcert)"})
	case refused != nil && !x.explains(refused, shake.chain):
		x.add(Finding{Kind: HandshakeFailed, Severity: Error, ClientError: CodeSecureFailure,
			Cause:  fmt.Sprintf("the server does not complete the handshake for the name %s: %v", x.name, reason(refused)),
			Remedy: fmt.Sprintf("give the server a certificate for %s, and ciphers and versions that clients have", x.name)})
		return
	case refused != nil:
		return // handshakes that fail tell nothing of versions
	}
	x.judgeVersions()
}

// explains says that the certificate itself is why a handshake was not completed, which examineCertificate tells: its key is so short
// that nobody accepts what it signs, or the server refused a name that it does not hold.
func (x *examination) explains(refused error, chain []*x509.Certificate) bool {
	if len(chain) == 0 {
		return false
	}
	keys := certificateWish{}.judgeKeys(chain)
	if len(keys) > 0 && keys[0].Severity == Error {
		return true
	}
	var op *net.OpError
	byServer := errors.As(refused, &op) && op.Op == "remote error"
	return byServer && chain[0].VerifyHostname(x.name) != nil
}

func (x *examination) judgeVersions() {
	offered := x.tls.versions
	old := slices.DeleteFunc(slices.Clone(offered), func(v uint16) bool { return v >= tls.VersionTLS12 })
	switch {
	case len(offered) == 0:
	case len(old) == len(offered):
		x.add(Finding{Kind: OldTLS, Severity: Error, ClientError: CodeSecureFailure,
			Cause:  fmt.Sprintf("the server offers nothing newer than %s", versionNames(offered[len(offered)-1:])),
			Remedy: "turn TLS 1.2 on in SCHANNEL, set SchUseStrongCrypto for .NET, and restart the server"})
	case len(old) > 0:
		x.add(Finding{Kind: OldTLSToo, Severity: Advice,
			Cause:  fmt.Sprintf("the server also offers %s", versionNames(old)),
			Remedy: "turn TLS 1.0 and 1.1 off in SCHANNEL when no client needs them"})
	case !slices.Contains(offered, tls.VersionTLS12):
		x.add(Finding{Kind: NoTLS12, Severity: Warning, ClientError: CodeSecureFailure,
			Cause:  "the server offers TLS 1.3 alone, which agents before Windows 11 and Windows Server 2022 do not speak",
			Remedy: "turn TLS 1.2 on as well"})
	}
}

func versionNames(versions []uint16) string {
	var all []string
	for _, v := range versions {
		all = append(all, tls.VersionName(v))
	}
	return strings.Join(all, " and ")
}
