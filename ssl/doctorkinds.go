package ssl

// What Doctor finds at the name and the ports.
const (
	// NameUnknown: the name in WUServer is not resolved.
	NameUnknown Kind = "name-unknown"
	// AddressAsName: WUServer has an IP address, which changes and which certificates rarely hold.
	AddressAsName Kind = "address-as-name"
	// NothingListens: both ports are closed.
	NothingListens Kind = "nothing-listens"
	// WrongPort: both ports are closed, and a usual pair of WSUS answers.
	WrongPort Kind = "wrong-port"
	// WrongScheme: the port of the URL speaks the other scheme, and belongs to a pair with it.
	WrongScheme Kind = "wrong-scheme"
	// HTTPClosed: only the HTTPS port listens; files and reports cannot be fetched or sent.
	HTTPClosed Kind = "http-closed"
	// HTTPSClosed: only the HTTP port listens.
	HTTPSClosed Kind = "https-closed"
	// Filtered: a port swallows connections, as a firewall does, or takes them and stays silent.
	Filtered Kind = "filtered"
	// SwappedPorts: the HTTP port speaks TLS and the HTTPS port plain HTTP.
	SwappedPorts Kind = "swapped-ports"
	// HTTPSWithoutTLS: the HTTPS port speaks plain HTTP.
	HTTPSWithoutTLS Kind = "https-without-tls"
	// HTTPWithTLS: the HTTP port speaks TLS.
	HTTPWithTLS Kind = "http-with-tls"
	// NotHTTP: a port speaks neither HTTP nor TLS.
	NotHTTP Kind = "not-http"
	// HandshakeReset: the HTTPS port ends every handshake, as http.sys does when no certificate is attached to the port.
	HandshakeReset Kind = "handshake-reset"
	// HandshakeFailed: the handshake ends with an alert, for example because the server has no certificate for the name.
	HandshakeFailed Kind = "handshake-failed"
	// ProxyAnswers: a proxy or a gateway answers in the place of the server.
	ProxyAnswers Kind = "proxy-answers"
	// AnotherApplication: a port answers HTTP and is no web site of WSUS.
	AnotherApplication Kind = "another-application"
	// HostHeader: the web site refuses the name of the URL, because its binding has another host name.
	HostHeader Kind = "host-header"
)

// What Doctor finds in TLS and the certificate.
const (
	// OldTLS: nothing newer than TLS 1.1 is offered.
	OldTLS Kind = "old-tls"
	// OldTLSToo: TLS 1.1 or older is offered beside newer versions.
	OldTLSToo Kind = "old-tls-too"
	// NoTLS12: TLS 1.3 alone is offered, which agents before Windows 11 and Server 2022 do not speak.
	NoTLS12 Kind = "no-tls12"
	// ClientCertificate: the server asks for a client certificate.
	ClientCertificate Kind = "client-certificate"
	// CertificateName: the certificate is for other names.
	CertificateName Kind = "certificate-name"
	// CertificateCommonName: only the common name is right, which current clients do not look at.
	CertificateCommonName Kind = "certificate-common-name"
	// CertificateExpired, CertificateNotYetValid: by our clock and by the server's.
	CertificateExpired     Kind = "certificate-expired"
	CertificateNotYetValid Kind = "certificate-not-yet-valid"
	// CertificateExpiresSoon: within 30 days, or within the last fifth of a short lifetime.
	CertificateExpiresSoon Kind = "certificate-expires-soon"
	// ClockWrong: the clocks differ by an hour or more.
	ClockWrong Kind = "clock-wrong"
	// SelfSigned: the certificate is its own issuer, and is not trusted.
	SelfSigned Kind = "self-signed"
	// UnknownAuthority: the chain ends in an authority that is not trusted.
	UnknownAuthority Kind = "unknown-authority"
	// MissingIntermediate: the root is trusted, and the server does not send the certificates on the way to it.
	MissingIntermediate Kind = "missing-intermediate"
	// WeakKey: RSA below 2048 bits, or an elliptic curve below 256.
	WeakKey Kind = "weak-key"
	// WeakSignature: a certificate of the chain is signed with SHA-1 or MD5.
	WeakSignature Kind = "weak-signature"
	// NoServerAuth: the certificate is not for server authentication.
	NoServerAuth Kind = "no-server-auth"
	// BadCertificate: the certificate does not verify for another reason, which Cause tells.
	BadCertificate Kind = "bad-certificate"
)

// What Doctor finds at the virtual roots.
const (
	// SiteNotSecured: all five roots that must require SSL answer plain HTTP.
	SiteNotSecured Kind = "site-not-secured"
	// RootNotSecured: one root that must require SSL answers plain HTTP.
	RootNotSecured Kind = "root-not-secured"
	// Redirects: plain HTTP is answered with a redirect to HTTPS where it must be refused.
	Redirects Kind = "redirects"
	// SiteRequiresSSL: all nine roots refuse plain HTTP.
	SiteRequiresSSL Kind = "site-requires-ssl"
	// RootRequiresSSL: one root that must answer plain HTTP refuses it or redirects it to HTTPS.
	RootRequiresSSL Kind = "root-requires-ssl"
	// PolicySaysHTTP: WUServer says http, and the site requires SSL.
	PolicySaysHTTP Kind = "policy-says-http"
	// RootMissing: one root answers 404.
	RootMissing Kind = "root-missing"
	// RootForbidden: one root answers 403 where it must answer.
	RootForbidden Kind = "root-forbidden"
	// AnonymousOff: a root for clients asks for a login.
	AnonymousOff Kind = "anonymous-off"
	// PoolStopped: roots answer 503.
	PoolStopped Kind = "pool-stopped"
	// RootFails: one root answers with another error, or not at all.
	RootFails Kind = "root-fails"
	// SiteFails: all roots answer with the same server error.
	SiteFails Kind = "site-fails"
)

// What Doctor finds in the addresses of files that clients are told.
const (
	// AdvertisedPort: not the HTTP port.
	AdvertisedPort Kind = "advertised-port"
	// AdvertisedHost: another host than clients were told.
	AdvertisedHost Kind = "advertised-host"
	// AdvertisedScheme: another scheme than http.
	AdvertisedScheme Kind = "advertised-scheme"
	// AdvertisedPath: not below the Content root, or no URL at all.
	AdvertisedPath Kind = "advertised-path"
	// SessionFails: the roots answer, and a client's session with them does not come to an end.
	SessionFails Kind = "session-fails"
)
