package ssl

import "github.com/seed599db172/softwareupdates/ports"

// What Audit finds at the site and its virtual roots, beside [RootMissing], [RootNotSecured], [RootRequiresSSL],
// [SiteRequiresSSL] and [ClientCertificate].
const (
	// CertificateNotNegotiated: SslRequireCert without SslNegotiateCert; nobody can show a certificate, so nobody is let in.
	CertificateNotNegotiated Kind = "certificate-not-negotiated"
	// CipherStrengthWithoutSSL: Ssl128 without Ssl has no effect.
	CipherStrengthWithoutSSL Kind = "cipher-strength-without-ssl"
	// AccessInLockedWebConfig: a web.config states the section access, which is locked there; its root answers 500.19.
	AccessInLockedWebConfig Kind = "access-in-locked-web-config"
	// WebConfigMalformed: a web.config cannot be parsed; its root answers 500.19.
	WebConfigMalformed Kind = "web-config-malformed"
	// SiteDoesNotStart: serverAutoStart is false.
	SiteDoesNotStart Kind = "site-does-not-start"
	// PoolMissing: an application of WSUS names an application pool that is not there.
	PoolMissing Kind = "pool-missing"
	// PoolQueueLength: the queue is too short for the clients of a WSUS server.
	PoolQueueLength Kind = "pool-queue-length"
	// PoolIdleTimeout: the worker ends, and loses the metadata that it has cached, when nobody asks.
	PoolIdleTimeout Kind = "pool-idle-timeout"
	// PoolPinging: a worker that is busy is taken for one that hangs.
	PoolPinging Kind = "pool-pinging"
	// PoolPrivateMemory: the worker is recycled before it has cached all metadata.
	PoolPrivateMemory Kind = "pool-private-memory"
	// PoolPeriodicRestart: the worker is recycled by the clock.
	PoolPeriodicRestart Kind = "pool-periodic-restart"
)

// What Audit finds in the bindings: what ports.Compare finds, and SNI.
const (
	// PortsNotPaired: the site binds two ports of which none is the one that WSUS derives from the other.
	PortsNotPaired = Kind(ports.PortsNotPaired)
	// NothingBound: the site has no binding for HTTP or HTTPS.
	NothingBound = Kind(ports.NothingBound)
	// PortsDiffer: the site binds other ports than the software update point was told.
	PortsDiffer = Kind(ports.PortsDiffer)
	// SwappedBindings: the site binds https to the HTTP port and http to the HTTPS port.
	SwappedBindings = Kind(ports.SwappedBindings)
	// HTTPBindingMissing: files and reports have no port.
	HTTPBindingMissing = Kind(ports.HTTPBindingMissing)
	// HTTPSBindingMissing: metadata have no port.
	HTTPSBindingMissing = Kind(ports.HTTPSBindingMissing)
	// HTTPSOtherPort: https is bound, to another port than was told.
	HTTPSOtherPort = Kind(ports.HTTPSOtherPort)
	// BindingScheme: a port that was told is bound with the other scheme.
	BindingScheme = Kind(ports.BindingScheme)
	// SeveralPorts: the site binds https to several ports, of which WSUS uses one.
	SeveralPorts = Kind(ports.SeveralPorts)
	// BindingHostName: the site answers to host names only.
	BindingHostName = Kind(ports.BindingHostName)
	// BindingAddress: the site answers at certain IP addresses only, which its own health checks do not call.
	BindingAddress = Kind(ports.BindingAddress)
	// BindingLoopback: the site answers to programs of the server itself only.
	BindingLoopback = Kind(ports.BindingLoopback)
	// BindingSNI: the certificate is found by the host name that the client sends, and old agents send none.
	BindingSNI Kind = "binding-sni"
)

// What Audit finds in the name and the certificate, beside [AddressAsName], [CertificateName], [CertificateCommonName],
// [CertificateExpired], [CertificateNotYetValid], [CertificateExpiresSoon], [SelfSigned], [UnknownAuthority],
// [MissingIntermediate], [WeakKey], [WeakSignature], [NoServerAuth] and [BadCertificate].
const (
	// NameNotQualified: the name that clients use has no domain.
	NameNotQualified Kind = "name-not-qualified"
	// CertificateOtherName: the certificate is for the name that clients use, but not for the Internet or NLB name.
	CertificateOtherName Kind = "certificate-other-name"
	// CertificateKeyUsage: the key of the certificate may not sign a handshake.
	CertificateKeyUsage Kind = "certificate-key-usage"
)

// What Audit finds in the registry of the server. WSUSUtil configuressl must be run again.
const (
	// ConfigureSSLNotRun: UsingSSL is 0.
	ConfigureSSLNotRun Kind = "configuressl-not-run"
	// ConfigureSSLOtherName: ServerCertificateName is not the name that clients use.
	ConfigureSSLOtherName Kind = "configuressl-other-name"
	// ConfigureSSLOtherPort: PortNumber is not the HTTPS port of the site.
	ConfigureSSLOtherPort Kind = "configuressl-other-port"
)

// What Audit finds in the policies of clients, beside [PolicySaysHTTP].
const (
	// PolicyWithoutServer: there is no WUServer.
	PolicyWithoutServer Kind = "policy-without-server"
	// PolicyNoAddress: WUServer is no address of a WSUS server: the scheme or the host is missing.
	PolicyNoAddress Kind = "policy-no-address"
	// PolicyWithoutPort: WUServer leaves the port out, which means 443, and the site has another one.
	PolicyWithoutPort Kind = "policy-without-port"
	// PolicyOtherPort: WUServer has another port than the site.
	PolicyOtherPort Kind = "policy-other-port"
	// PolicyTrailing: WUServer has a slash, a path or more behind host and port.
	PolicyTrailing Kind = "policy-trailing"
	// PolicyShortName: WUServer has the name of the server without its domain.
	PolicyShortName Kind = "policy-short-name"
	// PolicyAddress: WUServer has an IP address.
	PolicyAddress Kind = "policy-address"
	// PolicyOtherServer: WUServer leads to another server.
	PolicyOtherServer Kind = "policy-other-server"
	// PolicyStatusServer: WUStatusServer is not the same as WUServer.
	PolicyStatusServer Kind = "policy-status-server"
	// PolicyUnused: UseWUServer is off, so that WUServer does not count.
	PolicyUnused Kind = "policy-unused"
)
