package ssl

import "slices"

// KindRow is what all findings of a kind have in common.
type KindRow struct {
	Kind Kind `json:"kind"`
	// Severity is that of the gravest finding of the kind.
	Severity Severity `json:"severity"`
	// ClientError goes with that finding; 0 when clients show no code.
	ClientError ClientError `json:"clientError,omitempty"`
}

// What the agent shows for a policy that leads nowhere.
const (
	// CodeServerNotSet: the policy WUServer is missing.
	CodeServerNotSet ClientError = 0x80244011
	// CodeEndpointURL: WUServer is no address.
	CodeEndpointURL ClientError = 0x8024043A
)

// AuditKinds returns a row for every kind of finding of [Audit], in the order in which it looks.
//
//	root-missing                 error    0x80244019   one of the nine virtual roots is not there
//	root-not-secured             error                 one of the five does not require SSL
//	root-requires-ssl            error    0x80244018   one of the four requires SSL, by a statement of its own
//	site-requires-ssl            error    0x80244018   the site or the server requires SSL, and what must not inherits it
//	client-certificate           error    0x80072F0C   clients are asked for a certificate
//	certificate-not-negotiated   error    0x80244018   SslRequireCert without SslNegotiateCert
//	cipher-strength-without-ssl  warning               Ssl128 without Ssl
//	access-in-locked-web-config  error    0x8024401F   a web.config states access, and may not: 500.19
//	web-config-malformed         error    0x8024401F   a web.config cannot be parsed: 500.19
//	site-does-not-start          warning  0x80072EFD   serverAutoStart is false
//	pool-missing                 error    0x80244022   an application names an application pool that is not there
//	pool-queue-length            advice   0x80244022   below 2000
//	pool-idle-timeout            advice                not 0
//	pool-pinging                 advice   0x80244022   on
//	pool-private-memory          advice   0x80244022   limited to less than 4 GB
//	pool-periodic-restart        advice   0x80244022   not 0
//	ports-not-paired             error    0x80072EFD   the site binds ports that do not belong together
//	nothing-bound                error    0x80072EFD   no binding at all
//	ports-differ                 error    0x80072EFD   the site binds other ports than the software update point was told
//	swapped-bindings             error    0x80072EFE   each port has the scheme of the other
//	http-binding-missing         error    0x80072EFD   no binding for files and reports
//	https-binding-missing        error    0x80072EFD   no binding for metadata
//	https-other-port             error    0x80072EFD   https is bound to another port than was told
//	binding-scheme               error    0x80072EFE   a port that was told has the other scheme
//	several-ports                warning  0x80072EFD   the site binds https to several ports
//	binding-host-name            advice   0x80244019   the site answers to host names only
//	binding-address              advice   0x80072EFD   the site answers at certain IP addresses only
//	binding-loopback             error    0x80072EFD   the site answers to the server itself only
//	binding-sni                  advice   0x80072F8F   the certificate goes by the host name that a client sends
//	name-not-qualified           warning  0x80072F06   the name that clients use has no domain
//	address-as-name              error    0x80072F06   it is an IP address; a warning when the certificate holds it
//	certificate-name             error    0x80072F06   the certificate is for other names
//	certificate-common-name      error    0x80072F06   the name is its common name only
//	certificate-other-name       error    0x80072F06   the Internet or NLB name is not in it
//	certificate-expired          error    0x80072F05   it or an authority above it
//	certificate-not-yet-valid    error    0x80072F05   it or an authority above it
//	certificate-expires-soon     warning               within 30 days, or the last fifth of a short lifetime
//	weak-key                     error    0x80072F8F   RSA below 1024 bits; a warning below 2048
//	weak-signature               error    0x80072F8F   SHA-1 or older in the chain
//	no-server-auth               error    0x80072F8F   it is not for server authentication
//	certificate-key-usage        error    0x80072F8F   its key may not sign a handshake
//	self-signed                  error    0x800B0109   it is its own issuer, and clients do not trust it
//	unknown-authority            error    0x80072F0D   clients do not trust its authority
//	missing-intermediate         error    0x80072F0D   they would, and a certificate on the way is not presented
//	bad-certificate              error    0x80072F8F   it does not verify for another reason
//	configuressl-not-run         warning               UsingSSL is 0
//	configuressl-other-name      warning               ServerCertificateName is another
//	configuressl-other-port      warning               PortNumber is another
//	policy-without-server        error    0x80244011   no WUServer
//	policy-no-address            error    0x8024043A   WUServer has no scheme or no host
//	policy-says-http             error    0x80244018   WUServer says http
//	policy-without-port          error    0x80072EFD   WUServer leaves out a port that is not 443
//	policy-other-port            error    0x80072EFD   WUServer has another port
//	policy-trailing              warning               something stands behind the port
//	policy-short-name            warning  0x80072F06   a name without domain
//	policy-address               warning  0x80072F06   an IP address
//	policy-other-server          error                 another server
//	policy-status-server         error                 WUStatusServer differs from WUServer
//	policy-unused                error                 UseWUServer is off
func AuditKinds() []KindRow { return slices.Clone(auditKinds[:]) }

const noCode ClientError = 0

var auditKinds = [...]KindRow{
	{RootMissing, Error, CodeHTTPNotFound},
	{RootNotSecured, Error, noCode},
	{RootRequiresSSL, Error, CodeHTTPForbidden},
	{SiteRequiresSSL, Error, CodeHTTPForbidden},
	{ClientCertificate, Error, CodeClientCertificateNeeded},
	{CertificateNotNegotiated, Error, CodeHTTPForbidden},
	{CipherStrengthWithoutSSL, Warning, noCode},
	{AccessInLockedWebConfig, Error, CodeHTTPServerError},
	{WebConfigMalformed, Error, CodeHTTPServerError},
	{SiteDoesNotStart, Warning, CodeCannotConnect},
	{PoolMissing, Error, CodeHTTPUnavailable},
	{PoolQueueLength, Advice, CodeHTTPUnavailable},
	{PoolIdleTimeout, Advice, noCode},
	{PoolPinging, Advice, CodeHTTPUnavailable},
	{PoolPrivateMemory, Advice, CodeHTTPUnavailable},
	{PoolPeriodicRestart, Advice, CodeHTTPUnavailable},
	{PortsNotPaired, Error, CodeCannotConnect},
	{NothingBound, Error, CodeCannotConnect},
	{PortsDiffer, Error, CodeCannotConnect},
	{SwappedBindings, Error, CodeConnectionAborted},
	{HTTPBindingMissing, Error, CodeCannotConnect},
	{HTTPSBindingMissing, Error, CodeCannotConnect},
	{HTTPSOtherPort, Error, CodeCannotConnect},
	{BindingScheme, Error, CodeConnectionAborted},
	{SeveralPorts, Warning, CodeCannotConnect},
	{BindingHostName, Advice, CodeHTTPNotFound},
	{BindingAddress, Advice, CodeCannotConnect},
	{BindingLoopback, Error, CodeCannotConnect},
	{BindingSNI, Advice, CodeSecureFailure},
	{NameNotQualified, Warning, CodeCertificateName},
	{AddressAsName, Error, CodeCertificateName},
	{CertificateName, Error, CodeCertificateName},
	{CertificateCommonName, Error, CodeCertificateName},
	{CertificateOtherName, Error, CodeCertificateName},
	{CertificateExpired, Error, CodeCertificateDate},
	{CertificateNotYetValid, Error, CodeCertificateDate},
	{CertificateExpiresSoon, Warning, noCode},
	{WeakKey, Error, CodeSecureFailure},
	{WeakSignature, Error, CodeSecureFailure},
	{NoServerAuth, Error, CodeSecureFailure},
	{CertificateKeyUsage, Error, CodeSecureFailure},
	{SelfSigned, Error, CodeUntrustedRoot},
	{UnknownAuthority, Error, CodeCertificateIssuer},
	{MissingIntermediate, Error, CodeCertificateIssuer},
	{BadCertificate, Error, CodeSecureFailure},
	{ConfigureSSLNotRun, Warning, noCode},
	{ConfigureSSLOtherName, Warning, noCode},
	{ConfigureSSLOtherPort, Warning, noCode},
	{PolicyWithoutServer, Error, CodeServerNotSet},
	{PolicyNoAddress, Error, CodeEndpointURL},
	{PolicySaysHTTP, Error, CodeHTTPForbidden},
	{PolicyWithoutPort, Error, CodeCannotConnect},
	{PolicyOtherPort, Error, CodeCannotConnect},
	{PolicyTrailing, Warning, noCode},
	{PolicyShortName, Warning, CodeCertificateName},
	{PolicyAddress, Warning, CodeCertificateName},
	{PolicyOtherServer, Error, noCode},
	{PolicyStatusServer, Error, noCode},
	{PolicyUnused, Error, noCode},
}

// auditFinding takes severity and code from the table.
func auditFinding(kind Kind, root, cause, remedy string) Finding {
	f := Finding{Kind: kind, Root: root, Cause: cause, Remedy: remedy}
	if i := auditOrder(kind); i >= 0 {
		f.Severity, f.ClientError = auditKinds[i].Severity, auditKinds[i].ClientError
	}
	return f
}

func auditOrder(kind Kind) int {
	return slices.IndexFunc(auditKinds[:], func(row KindRow) bool { return row.Kind == kind })
}
