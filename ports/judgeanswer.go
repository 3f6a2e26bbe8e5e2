package ports

import (
	"fmt"
	"net/http"
)

// judgeAnswer is for a port that speaks the right protocol: who speaks? The zero Finding means WSUS.
func judgeAnswer(l look, at string) Finding {
	a := l.answer
	said := fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
	switch {
	case (l.wsus || l.secured) && a.fromProxy():
		return Finding{Kind: ProxyBetween,
			Cause: fmt.Sprintf("WSUS answers at %s through a proxy (%s)", at, a.proxySign()),
			Remedy: "let clients reach the server without a proxy: add its name to the bypass list of the system proxy (netsh winhttp set proxy); " +
				"a reverse proxy of your own must pass both ports on unchanged"}
	case l.wsus || l.secured:
		return Finding{}
	case a.status != http.StatusProxyAuthRequired && a.redirect() != "":
		return Finding{Kind: Redirects,
			Cause: fmt.Sprintf("%s redirects to %s (%s)", at, a.redirect(), said),
			Remedy: "remove the redirect (IIS Manager, HTTP Redirect or URL Rewrite): plain HTTP is refused where SSL is required, never led " +
				"elsewhere; where a portal redirects, let clients past it"}
	case a.fromProxy():
		return Finding{Kind: ProxyAnswers, ClientError: codeOfStatus(a.status),
			Cause: fmt.Sprintf("a proxy or gateway answers at %s in the place of the server (%s)", at, withSign(said, a.proxySign())),
			Remedy: "let clients reach the server without a proxy: add its name to the bypass list of the system proxy " +
				"(netsh winhttp set proxy), or repair the gateway before the server"}
	case a.status == http.StatusBadRequest:
		return Finding{Kind: HostHeader, ClientError: codeOfStatus(a.status),
			Cause:  fmt.Sprintf("%s refuses requests for this name (%s), as a binding for another host name does", at, said),
			Remedy: "remove the host name from the binding of the web site of WSUS; if it must stay, run WSUSUtil configuressl without arguments"}
	case a.status == http.StatusForbidden, a.status == http.StatusUnauthorized:
		return Finding{Kind: Refuses, ClientError: codeOfStatus(a.status),
			Cause: fmt.Sprintf("%s refuses what clients must get (%s)", at, said),
			Remedy: "see the IIS log for the sub-status: 401 means that anonymous authentication is off, 403.4 that the whole site requires SSL " +
				"instead of its five roots, 403.6 that addresses are restricted, 403.7 that a client certificate is wanted"}
	case a.status == http.StatusServiceUnavailable:
		return Finding{Kind: Unavailable, ClientError: codeOfStatus(a.status),
			Cause:  fmt.Sprintf("%s answers %s: the application pool is stopped, recycling or overloaded", at, said),
			Remedy: "start WsusPool; raise its private memory limit (0 is none) and its queue length (2000)"}
	case a.status >= 500 && a.status != http.StatusNotImplemented:
		return Finding{Kind: Fails, ClientError: codeOfStatus(a.status),
			Cause:  fmt.Sprintf("%s answers %s", at, said),
			Remedy: "see the event log and the log of IIS for the sub-status; 500.19 means that a configuration file is broken"}
	}
	return Finding{Kind: AnotherApplication, ClientError: codeOfStatus(a.status),
		Cause: fmt.Sprintf("what answers at %s is not WSUS: %s has no client web service (%s)", at, server(a), said),
		Remedy: "find out which web site has this port; give the port to the web site of WSUS, or correct it; if it is the right site, its " +
			"virtual roots are gone: run WSUSUtil postinstall"}
}

func withSign(said, sign string) string {
	if sign == "" {
		return said
	}
	return said + ", " + sign
}

func server(a answer) string {
	if name := excerpt(a.header.Get("Server")); name != "" {
		return name
	}
	return "it"
}
