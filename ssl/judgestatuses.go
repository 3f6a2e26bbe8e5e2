package ssl

import (
	"fmt"
	"net/http"
	"strings"
)

// administration is the one root where a login is asked for rightly.
const administration = "ApiRemoting30"

// judgeStatuses looks at answers that no agent can use: one finding for a root, and one for a pool or a login, which concern several.
func (x *examination) judgeStatuses() {
	var stopped, denied []string
	for i, root := range roots {
		a, scheme, faulty := x.faultOf(i)
		switch {
		case !faulty:
		case a.err == nil && a.status == http.StatusServiceUnavailable:
			stopped = append(stopped, root.Name)
		case a.err == nil && a.status == http.StatusUnauthorized:
			denied = append(denied, root.Name)
		default:
			x.add(judgeStatus(root, a, scheme))
		}
	}
	if len(stopped) > 0 {
		x.add(*poolStopped("503 is answered at "+strings.Join(stopped, ", "), stopped))
	}
	if len(denied) > 0 {
		x.add(Finding{Kind: AnonymousOff, Severity: Error, Root: only(denied), ClientError: CodeHTTPDenied,
			Cause:  "a login is asked for at " + strings.Join(denied, ", "),
			Remedy: "turn anonymous authentication on for each of these roots"})
	}
}

// only names the root that is concerned when it is one.
func only(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return ""
}

// faultOf returns the first answer of a root that is a fault, plain HTTP first, and its scheme. Refusals and redirects of plain HTTP
// are judged elsewhere, and so is what the five roots do with it in a secured site.
func (x *examination) faultOf(i int) (a answer, scheme string, faulty bool) {
	root, s := roots[i], x.roots[i]
	if x.plainSeen && !(root.RequireSSL && x.wantsTLS() && x.required()) {
		closed := s.plain.status == http.StatusForbidden || s.plain.redirectsToHTTPS()
		if !closed && unusable(root, s.plain) {
			return s.plain, "HTTP", true
		}
	}
	if x.secureSeen && unusable(root, s.secure) && !(isFolder(root) && s.secure.status == http.StatusForbidden) {
		return s.secure, "HTTPS", true
	}
	return answer{}, "", false
}

func unusable(root Root, a answer) bool {
	return !a.works() || a.status/100 == 3 || a.status == http.StatusUnauthorized && root.Name != administration
}

func judgeStatus(root Root, a answer, scheme string) Finding {
	f := Finding{Kind: RootFails, Severity: Error, Root: root.Name, ClientError: codeOfStatus(a.status),
		Cause:  fmt.Sprintf("over %s, %s is answered with %v", scheme, root.Service, a),
		Remedy: "see the event log, and the log of IIS for the sub-status and the reason"}
	switch {
	case a.err != nil && isTimeout(a.err):
		f.ClientError = CodeTimeout
	case a.err != nil:
		f.ClientError = CodeConnectionAborted
		if strings.Contains(a.err.Error(), "no renegotiation") {
			f.Kind, f.ClientError = ClientCertificate, CodeClientCertificateNeeded
			f.Cause = "the server asks for a client certificate at this root, and agents have none for WSUS"
			f.Remedy = "in IIS Manager, SSL Settings of the root: set client certificates to Ignore"
		}
	case a.status == http.StatusNotFound:
		f.Kind = RootMissing
		f.Remedy = "make the virtual root anew (WSUSUtil postinstall repairs WSUS), or check that its folder and its file are there"
	case a.status == http.StatusForbidden:
		f.Kind = RootForbidden
		f.Remedy = "see the log of IIS for the sub-status: 403.6 is a restriction of addresses, 403.7 a client certificate (set it to " +
			"Ignore), 403.16 and 403.17 an untrusted one"
	}
	return f
}
