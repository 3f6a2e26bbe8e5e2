package ports

// Kind is the stable name of a kind of finding or mismatch, for programs; the texts beside it are for people.
type Kind string

// What [Probe] finds at a host. Where package ssl finds the same with a look at certificates and roots, the name is the same.
const (
	// NameUnknown: the host is not resolved. It belongs to no port.
	NameUnknown Kind = "name-unknown"
	// Closed: the connection is refused; nobody listens at the port.
	Closed Kind = "closed"
	// Filtered: no connection comes about, in time or at all, as when a firewall drops it or there is no way to the host.
	Filtered Kind = "filtered"
	// Silent: the port takes connections and says nothing, whatever it is told.
	Silent Kind = "silent"
	// CutOff: the port takes connections and ends them, whatever it is told, as http.sys does when no certificate is attached.
	CutOff Kind = "cut-off"
	// SwappedPorts: the HTTP port speaks TLS and the HTTPS port plain HTTP.
	SwappedPorts Kind = "swapped-ports"
	// HTTPWithTLS: the HTTP port speaks TLS.
	HTTPWithTLS Kind = "http-with-tls"
	// HTTPSWithoutTLS: the HTTPS port speaks plain HTTP.
	HTTPSWithoutTLS Kind = "https-without-tls"
	// HandshakeFailed: the port speaks TLS, and no handshake comes about or none that counts.
	HandshakeFailed Kind = "handshake-failed"
	// NotHTTP: the port speaks neither HTTP nor TLS.
	NotHTTP Kind = "not-http"
	// Redirects: the port leads elsewhere.
	Redirects Kind = "redirects"
	// ProxyAnswers: a proxy or a gateway answers in the place of the server.
	ProxyAnswers Kind = "proxy-answers"
	// ProxyBetween: WSUS answers, and says that a proxy passed the answer on.
	ProxyBetween Kind = "proxy-between"
	// AnotherApplication: the port answers HTTP and is no WSUS.
	AnotherApplication Kind = "another-application"
	// HostHeader: the port refuses requests for this name, as a binding for another host name does.
	HostHeader Kind = "host-header"
	// Refuses: the port is closed to everybody who has no login or no right, where clients must get an answer.
	Refuses Kind = "refuses"
	// Unavailable: the port answers 503, as IIS does when the application pool of WSUS is stopped.
	Unavailable Kind = "unavailable"
	// Fails: the port answers with another fault of a server.
	Fails Kind = "fails"
)

// What [Compare] finds between the ports that were told and those that are bound.
const (
	// PortsNotGiven: the software update point was told no pair.
	PortsNotGiven Kind = "ports-not-given"
	// PortsNotPaired: the pair that was told is none by WSUS's rule.
	PortsNotPaired Kind = "ports-not-paired"
	// NothingBound: the web site has no binding for HTTP or HTTPS.
	NothingBound Kind = "nothing-bound"
	// PortsDiffer: the web site binds another pair than was told.
	PortsDiffer Kind = "ports-differ"
	// SwappedBindings: the web site binds https to the HTTP port and http to the HTTPS port.
	SwappedBindings Kind = "swapped-bindings"
	// HTTPBindingMissing: http is not bound to the HTTP port, which WSUS derives from the HTTPS port.
	HTTPBindingMissing Kind = "http-binding-missing"
	// HTTPSBindingMissing: https is bound nowhere, and SSL is required.
	HTTPSBindingMissing Kind = "https-binding-missing"
	// HTTPSOtherPort: https is bound, to another port than the HTTPS port.
	HTTPSOtherPort Kind = "https-other-port"
	// BindingScheme: a port of the pair is bound with the other scheme.
	BindingScheme Kind = "binding-scheme"
	// SeveralPorts: https is bound to several ports, of which WSUS uses one.
	SeveralPorts Kind = "several-ports"
	// BindingHostName: a port answers to host names only.
	BindingHostName Kind = "binding-host-name"
	// BindingAddress: a port answers at certain addresses only, of which none is a loopback address.
	BindingAddress Kind = "binding-address"
	// BindingLoopback: a port answers at loopback addresses only.
	BindingLoopback Kind = "binding-loopback"
)

// What the Windows Update Agent shows for some of it.
const (
	codeTimeout           uint32 = 0x80072EE2 // 12002
	codeNameNotResolved   uint32 = 0x80072EE7 // 12007
	codeCannotConnect     uint32 = 0x80072EFD // 12029
	codeConnectionAborted uint32 = 0x80072EFE // 12030
	codeClientCertificate uint32 = 0x80072F0C // 12044
	codeSecureFailure     uint32 = 0x80072F8F // 12175
	codeOtherStatus       uint32 = 0x8024402B
)

// codeOfStatus is what an agent shows for an HTTP status that it cannot use. Statuses from 400 on have codes in the order of their
// numbers, but for 402, 406 and those above 410, which have none (Windows Update Agent result codes).
func codeOfStatus(status int) uint32 {
	switch {
	case status == 400 || status == 401:
		return 0x80244016 + uint32(status-400)
	case status >= 403 && status <= 405:
		return 0x80244018 + uint32(status-403)
	case status >= 407 && status <= 410:
		return 0x8024401B + uint32(status-407)
	case status >= 500 && status <= 505:
		return 0x8024401F + uint32(status-500)
	}
	return codeOtherStatus
}
