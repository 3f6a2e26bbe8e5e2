package ports

import "fmt"

// judge turns what was seen into findings: first about the host, then about the HTTP port, then about the HTTPS port.
func judge(host string, pair Pair, plain, secure look, required bool) []Finding {
	switch {
	case plain.speaks == unresolved || secure.speaks == unresolved:
		return []Finding{{Kind: NameUnknown, ClientError: codeNameNotResolved,
			Cause:  fmt.Sprintf("the name %s is not resolved", host),
			Remedy: "correct the name, or make the entry in DNS; clients must be able to resolve it"}}
	case plain.speaks == speaksTLS && secure.speaks == speaksHTTP:
		return []Finding{{Kind: SwappedPorts, Port: pair.HTTP, ClientError: codeConnectionAborted,
			Cause: fmt.Sprintf("port %d, which should be HTTP, speaks TLS, and port %d, which should be HTTPS, speaks plain HTTP",
				pair.HTTP, pair.HTTPS),
			Remedy: fmt.Sprintf("bind http to port %d and https to port %d, then run WSUSUtil configuressl", pair.HTTP, pair.HTTPS)}}
	}
	var findings []Finding
	if found, faulty := judgePort(plain, "HTTP"); faulty {
		findings = append(findings, found)
	}
	if !required && !plain.secured && secure.speaks <= dropped {
		return findings // no client goes there
	}
	if found, faulty := judgePort(secure, "HTTPS"); faulty {
		findings = append(findings, found)
	}
	return findings
}

// judgePort finds the one fault of a port: in the connection, the protocol, or the answer.
func judgePort(l look, scheme string) (found Finding, faulty bool) {
	at := fmt.Sprintf("the %s port %d", scheme, l.port)
	switch {
	case l.speaks < foreign:
		found = judgeConnection(l, at, scheme)
	case l.speaks == foreign:
		found = Finding{Kind: NotHTTP, ClientError: codeConnectionAborted,
			Cause:  fmt.Sprintf("%s speaks neither HTTP nor TLS; it begins with %q", at, l.banner),
			Remedy: "find out which program listens there, and correct the port of the one or the other"}
	case scheme == "HTTP" && l.speaks == speaksTLS:
		found = Finding{Kind: HTTPWithTLS, ClientError: codeConnectionAborted,
			Cause:  at + " speaks TLS, and clients fetch files there over plain HTTP",
			Remedy: fmt.Sprintf("bind http to port %d; https belongs to the other port of the pair", l.port)}
	case scheme == "HTTPS" && l.speaks == speaksHTTP:
		found = Finding{Kind: HTTPSWithoutTLS, ClientError: codeConnectionAborted,
			Cause:  at + " speaks plain HTTP",
			Remedy: fmt.Sprintf("bind https with a certificate to port %d; http belongs to the other port of the pair", l.port)}
	case !l.answered:
		found = judgeNoAnswer(l, at)
	default:
		found = judgeAnswer(l, at)
	}
	found.Port = l.port
	return found, found.Kind != ""
}

// reason is an error as a cause has it. What foreign bytes are in it is foreign in length, too.
func reason(err error) string {
	if err == nil {
		return "no reason is known"
	}
	return excerpt(err.Error())
}

// judgeConnection names what keeps a connection from coming about, or ends it.
func judgeConnection(l look, at, scheme string) Finding {
	switch l.speaks {
	case dropped:
		return Finding{Kind: Filtered, ClientError: codeTimeout,
			Cause:  fmt.Sprintf("no connection to %s comes about (%s): a firewall drops it, or there is no way to the host", at, reason(l.err)),
			Remedy: fmt.Sprintf("let clients through to port %d, in the firewall of the server and on the way", l.port)}
	case silent:
		return Finding{Kind: Silent, ClientError: codeTimeout,
			Cause: at + " takes connections and does not answer, neither to HTTP nor to TLS",
			Remedy: "find out what listens there: a server that hangs is restarted (iisreset); a firewall that takes connections in the place " +
				"of the server is told to let them through"}
	case cutOff:
		remedy := "find out what ends the connections: a firewall, or a server that is stopping"
		if scheme == "HTTPS" {
			remedy = fmt.Sprintf("attach a certificate with its private key to the binding; netsh http show sslcert ipport=0.0.0.0:%d shows "+
				"what is attached", l.port)
		}
		return Finding{Kind: CutOff, ClientError: codeConnectionAborted, Cause: at + " takes connections and ends them without a word", Remedy: remedy}
	}
	remedy := "start the web site of WSUS and W3SVC, or correct the port"
	if scheme == "HTTPS" {
		remedy += "; a site without an HTTPS binding needs one with a certificate, before SSL is required"
	}
	return Finding{Kind: Closed, ClientError: codeCannotConnect, Cause: fmt.Sprintf("nobody listens at %s (%s)", at, reason(l.err)), Remedy: remedy}
}

// judgeNoAnswer is for a port that speaks the right protocol and gives no answer in it.
func judgeNoAnswer(l look, at string) Finding {
	switch {
	case isTimeout(l.err):
		return Finding{Kind: Silent, ClientError: codeTimeout,
			Cause:  fmt.Sprintf("%s begins to speak and gives no answer in time", at),
			Remedy: "look at the load of the server and at WsusPool; a server that hangs is restarted (iisreset)"}
	case l.wantsCertificate:
		return Finding{Kind: HandshakeFailed, ClientError: codeClientCertificate,
			Cause:  fmt.Sprintf("%s wants a client certificate (%s)", at, reason(l.err)),
			Remedy: "set client certificates to Ignore for the virtual roots of WSUS"}
	case l.speaks == speaksTLS:
		return Finding{Kind: HandshakeFailed, ClientError: codeSecureFailure,
			Cause:  fmt.Sprintf("%s speaks TLS and gives no answer over it (%s)", at, reason(l.err)),
			Remedy: "look for Schannel in the system event log of the server: a certificate without private key, or no version and cipher in common"}
	}
	return Finding{Kind: Fails, ClientError: codeConnectionAborted,
		Cause:  fmt.Sprintf("%s gives an answer that is no HTTP (%s)", at, reason(l.err)),
		Remedy: "look for what is between clients and the server, and into the event log of the server"}
}
