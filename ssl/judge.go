package ssl

import (
	"fmt"
	"net/http"
	"strings"
)

// judge compares what a root answered with what the site should be. The gravest fault comes first: open metadata.
func (c VerifyConfig) judge(root Root, seen sighting) RootState {
	state := RootState{Name: root.Name, State: Ready,
		Detail: fmt.Sprintf("HTTP: %v; HTTPS: %v", seen.plain, seen.secure)}
	switch {
	case c.Required && root.RequireSSL:
		c.judgeSecured(root, seen, &state)
	case isFolder(root) && seen.forbiddenAlike():
		// IIS refuses to list a folder (403.14) on both schemes alike; Require SSL would refuse plain HTTP only.
	case seen.plain.err == nil && seen.plain.status == http.StatusForbidden:
		state.State = Blocked
		state.Remedy = fmt.Sprintf("turn Require SSL off for the virtual root %s: it must answer over plain HTTP", root.Name)
		if root.RequireSSL {
			state.Remedy = fmt.Sprintf("the virtual root %s requires SSL: turn on SSL for the software update point as well, "+
				"or turn Require SSL off", root.Name)
		}
	case !seen.plain.works():
		c.report("HTTP", c.Ports.HTTP, seen.plain, &state)
	case c.Required && !seen.secure.works():
		c.report("HTTPS", c.Ports.HTTPS, seen.secure, &state)
	}
	if state.State == Ready && (seen.plain.status == http.StatusNotImplemented || seen.secure.status == http.StatusNotImplemented) {
		state.Detail += " (the channel is right; the service behind it is not built)"
	}
	return state
}

// isFolder says that a root has no page that tells whether it works.
func isFolder(root Root) bool { return strings.HasSuffix(root.Service, "/") }

func (s sighting) forbiddenAlike() bool {
	return s.plain.err == nil && s.plain.status == http.StatusForbidden &&
		s.secure.err == nil && s.secure.status == http.StatusForbidden
}

// judgeSecured: nobody listening for plain HTTP does not open a root; the roots that need that port will tell.
func (c VerifyConfig) judgeSecured(root Root, seen sighting, state *RootState) {
	switch {
	case seen.plain.err == nil && seen.plain.status != http.StatusForbidden:
		state.State = NotSecured
		state.Remedy = fmt.Sprintf("turn Require SSL on for the virtual root %s, with client certificates ignored, "+
			"and remove redirects from HTTP to HTTPS", root.Name)
	case !seen.secure.works():
		c.report("HTTPS", c.Ports.HTTPS, seen.secure, state)
	}
}

func (c VerifyConfig) report(scheme string, port int, a answer, state *RootState) {
	fault, detail, remedy := a.fault(c.Name)
	state.State = fault
	state.Detail += fmt.Sprintf(" (%s port %d: %s)", scheme, port, detail)
	state.Remedy = remedy
}
