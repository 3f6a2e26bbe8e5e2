package ports

import (
	"fmt"
	"slices"
	"strings"
)

// judgeHTTP says how the HTTP port is missing. With HTTPS in its place it is the port that WSUS derives.
func (c *comparison) judgeHTTP(httpsHere bool) {
	port := c.told.HTTP
	if hasPort(c.https, port) {
		c.add(BindingScheme, port, fmt.Sprintf("the web site binds https to port %d, which the software update point was told as the HTTP port", port),
			fmt.Sprintf("bind http to port %d: files and reports always travel over plain HTTP", port))
		return
	}
	cause := fmt.Sprintf("the web site does not bind http to port %d", port)
	if httpsHere {
		cause += fmt.Sprintf(", which WSUS derives from the HTTPS port %d and tells clients as the port of files", c.told.HTTPS)
	}
	if len(c.http) > 0 {
		cause += "; it binds http to " + list(portsOf(c.http))
	}
	c.add(HTTPBindingMissing, port, cause,
		fmt.Sprintf("add a binding http on port %d, for all addresses and without host name; SSL does not replace it", port))
}

// judgeHTTPS says how the HTTPS port is missing, which counts only when SSL is required or https is bound elsewhere.
func (c *comparison) judgeHTTPS() {
	port := c.told.HTTPS
	again := fmt.Sprintf("bind https with a certificate to port %d, then run WSUSUtil configuressl again", port)
	switch {
	case hasPort(c.http, port):
		c.add(BindingScheme, port, fmt.Sprintf("the web site binds http to port %d, which the software update point was told as the HTTPS port", port), again)
	case len(c.https) > 0:
		bound := portsOf(c.https)
		cause := fmt.Sprintf("the web site binds https to %s, and the software update point was told %d", list(bound), port)
		if derived, err := ForHTTPS(bound[0]); err == nil && !hasPort(c.http, derived.HTTP) {
			cause += fmt.Sprintf("; from %d WSUS derives the HTTP port %d, which is not bound", bound[0], derived.HTTP)
		}
		c.add(HTTPSOtherPort, port, cause, again)
	case c.required:
		c.add(HTTPSBindingMissing, port, "SSL is required, and the web site has no binding for https", again)
	}
}

// judgeSeveral speaks up when the right https port is bound beside others: WSUS knows one.
func (c *comparison) judgeSeveral() {
	if bound := portsOf(c.https); len(bound) > 1 && slices.Contains(bound, c.told.HTTPS) {
		c.add(SeveralPorts, c.told.HTTPS, fmt.Sprintf("the web site binds https to the ports %s, and WSUS uses one of them", list(bound)),
			fmt.Sprintf("remove the bindings for https that do not have port %d, then run WSUSUtil configuressl again", c.told.HTTPS))
	}
}

// judgeReach looks at who is kept out of a port that is bound: callers by other names, or at other addresses.
func (c *comparison) judgeReach(scheme string, bound []Bound, port int) {
	at := slices.DeleteFunc(slices.Clone(bound), func(b Bound) bool { return b.Port != port })
	if len(at) == 0 {
		return
	}
	if !slices.ContainsFunc(at, Bound.anyName) {
		c.add(BindingHostName, port, fmt.Sprintf("%s on port %d answers to %s only: consoles, downstream servers and health checks that use "+
			"another name get no answer", scheme, port, names(at)),
			"clear the host name of the binding; if it must stay, run WSUSUtil configuressl without arguments, and use that name everywhere")
	}
	switch {
	case slices.ContainsFunc(at, Bound.anyAddress):
	case !slices.ContainsFunc(at, func(b Bound) bool { return !b.loopback() }):
		c.add(BindingLoopback, port, fmt.Sprintf("%s on port %d answers at %s only: no client reaches it", scheme, port, addresses(at)),
			"bind all addresses")
	case !slices.ContainsFunc(at, Bound.loopback):
		c.add(BindingAddress, port, fmt.Sprintf("%s on port %d answers at %s only: the health checks of WSUS call localhost and may fail",
			scheme, port, addresses(at)), "bind all addresses, unless another web site of the server needs the port; then bind 127.0.0.1 as well")
	}
}

func names(bound []Bound) string {
	return join(bound, func(b Bound) string { return b.Host })
}

func addresses(bound []Bound) string {
	return join(bound, func(b Bound) string { return b.Address })
}

func join(bound []Bound, text func(Bound) string) string {
	var out []string
	for _, b := range bound {
		if t := text(b); !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return strings.Join(out, " and ")
}

func list(ports []int) string {
	texts := make([]string, len(ports))
	for i, port := range ports {
		texts[i] = fmt.Sprint(port)
	}
	return strings.Join(texts, " and ")
}
