package ssl

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// examineRoots asks the nine roots, and a path of no root, over the schemes whose ports work. With TLS 1.2, where it is offered, IIS asks
// for a client certificate at one root by a second handshake, which is seen; with TLS 1.3 it cannot ask.
func (x *examination) examineRoots(ctx context.Context) {
	most := uint16(0)
	if slices.Contains(x.tls.versions, tls.VersionTLS12) {
		most = tls.VersionTLS12
	}
	client, closeIdle := x.client(most)
	defer closeIdle()
	var plain, secure string
	if x.plainSeen {
		plain = x.found.MetadataURL(x.name, false)
	}
	if x.secureSeen {
		secure = x.found.MetadataURL(x.name, true)
	}
	x.roots = lookAtRoots(ctx, client, plain, secure)
	nowhere := "/" + strings.ToLower(rand.Text()) // no application has a page of this name
	if x.plainSeen {
		x.stray.plain = ask(ctx, client, plain+nowhere)
	}
	if x.secureSeen {
		x.stray.secure = ask(ctx, client, secure+nowhere)
	}
	if x.tls.asked && x.allFail(func(s sighting) answer { return s.secure }) {
		x.secureSeen = false // the client certificate that was wanted is told already
	}
	x.serverTime = x.serverClock()
	x.judgeSites()
	x.judgeRoots()
}

// judgeSites looks for what all roots of a port have in common. A port that is found out to be no WSUS, or to fail as a whole, is
// not judged root by root.
func (x *examination) judgeSites() {
	var plain, secure *Finding
	if x.plainSeen {
		plain = x.judgeSite(x.answersOf(func(s sighting) answer { return s.plain }), x.stray.plain)
	}
	if x.secureSeen {
		secure = x.judgeSite(x.answersOf(func(s sighting) answer { return s.secure }), x.stray.secure)
	}
	x.plainSeen = x.plainSeen && plain == nil
	x.secureSeen = x.secureSeen && secure == nil
	switch {
	case plain != nil && secure != nil && plain.Kind == secure.Kind:
		plain.Cause = fmt.Sprintf("ports %d and %d: %s", x.found.HTTP, x.found.HTTPS, plain.Cause)
		x.add(*plain)
		return
	case plain != nil:
		plain.Cause = fmt.Sprintf("port %d: %s", x.found.HTTP, plain.Cause)
		x.add(*plain)
	}
	if secure != nil {
		secure.Cause = fmt.Sprintf("port %d: %s", x.found.HTTPS, secure.Cause)
		x.add(*secure)
	}
}

// answersOf takes one scheme of what was seen.
func (x *examination) answersOf(of func(sighting) answer) []answer {
	var all []answer
	for _, s := range x.roots {
		all = append(all, of(s))
	}
	return all
}

func (x *examination) allFail(of func(sighting) answer) bool {
	return !slices.ContainsFunc(x.answersOf(of), func(a answer) bool { return a.err == nil })
}

// judgeSite returns nil for a port that may be WSUS.
func (x *examination) judgeSite(answers []answer, stray answer) *Finding {
	first := answers[0]
	alike := true // all roots answer the same
	for _, a := range answers {
		alike = alike && a.err == nil && a.status == first.status
	}
	switch {
	case x.fromProxy(stray):
		return &Finding{Kind: ProxyAnswers, Severity: Error, ClientError: codeOfStatus(stray.status),
			Cause: fmt.Sprintf("a proxy or gateway answers in the place of the server (%v%s)", stray, signature(stray)),
			Remedy: "let clients reach the server without a proxy: add its name to the bypass list of the system proxy " +
				"(netsh winhttp set proxy), or repair the gateway before the server"}
	case stray.err == nil && stray.status/100 == 2:
		return anotherApplication(first, stray, "answers any path")
	case !slices.ContainsFunc(answers, func(a answer) bool { return a.err == nil }):
		code := CodeConnectionAborted
		if isTimeout(first.err) {
			code = CodeTimeout
		}
		return &Finding{Kind: SiteFails, Severity: Error, ClientError: code,
			Cause:  fmt.Sprintf("no root gives an answer that can be read (%v)", first),
			Remedy: "see the event log of the server, and look for what is between it and clients"}
	case !alike:
		return nil
	case first.status == http.StatusNotFound:
		return anotherApplication(first, stray, "has none of the nine virtual roots")
	case first.status == http.StatusBadRequest:
		return &Finding{Kind: HostHeader, Severity: Error, ClientError: CodeHTTPBadRequest,
			Cause:  fmt.Sprintf("every request for the name %s is answered with 400, as a binding for another host name does", x.name),
			Remedy: "remove the host name from the bindings of the web site of WSUS; if it must stay, run WSUSUtil configuressl without a name"}
	case first.status == http.StatusUnauthorized && stray.status == http.StatusUnauthorized:
		return &Finding{Kind: AnonymousOff, Severity: Error, ClientError: CodeHTTPDenied,
			Cause: "the web site asks for a login everywhere", Remedy: "turn anonymous authentication on for the web site and its roots"}
	case first.status == http.StatusServiceUnavailable:
		return poolStopped("every root answers 503", nil)
	case first.status >= 500 && first.status != http.StatusNotImplemented:
		return &Finding{Kind: SiteFails, Severity: Error, ClientError: codeOfStatus(first.status),
			Cause:  fmt.Sprintf("every root answers %v", first),
			Remedy: "see the event log and the log of IIS for the sub-status; 500.19 means that a configuration file is broken"}
	}
	return nil
}

func anotherApplication(a, stray answer, why string) *Finding {
	return &Finding{Kind: AnotherApplication, Severity: Error, ClientError: codeOfStatus(a.status),
		Cause: fmt.Sprintf("what answers is not WSUS: it %s (%v%s)", why, a, signature(stray)),
		Remedy: "find out which web site has this port; give the ports to the web site of WSUS, or correct the port in WUServer; if it is " +
			"the right site, its virtual roots are gone: run WSUSUtil postinstall"}
}

func poolStopped(what string, names []string) *Finding {
	return &Finding{Kind: PoolStopped, Severity: Error, Root: only(names), ClientError: CodeHTTPUnavailable,
		Cause:  what + ": the application pool is stopped, recycling or overloaded",
		Remedy: "start WsusPool; raise its private memory limit (0 is none) and its queue length (2000)"}
}

// fromProxy knows a proxy by its statuses, its headers, and pages that it sends users to.
func (x *examination) fromProxy(stray answer) bool {
	if stray.err != nil {
		return false
	}
	switch stray.status {
	case http.StatusProxyAuthRequired, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	if stray.status/100 == 3 {
		target, err := url.Parse(stray.header.Get("Location"))
		return err == nil && target.Host != "" && normalName(target.Hostname()) != x.name
	}
	return stray.header.Get("X-Squid-Error") != "" || stray.status/100 == 2 && stray.header.Get("Via") != ""
}

// signature is what an answer says about who gave it.
func signature(a answer) string {
	var out string
	for _, name := range []string{"Server", "Via", "X-Squid-Error", "Location"} {
		if value := a.header.Get(name); value != "" {
			out += fmt.Sprintf(", %s: %.80s", name, value)
		}
	}
	return out
}
