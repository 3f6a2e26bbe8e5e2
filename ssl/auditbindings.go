package ssl

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// auditBindings compares the ports that the site binds with those that the software update point was told, or, when nobody told
// any, with the rule by which WSUS derives one from the other.
func (a *audit) auditBindings() {
	told := a.config.Ports
	plain := a.judgeProtocol("http", told.HTTP, HTTPBindingMissing, "clients fetch files and send reports over HTTP")
	secure := a.judgeProtocol("https", told.HTTPS, HTTPSBindingMissing, "there is no way for metadata")
	a.report.Ports = ports.Pair{HTTP: plain, HTTPS: secure}
	switch bound := a.report.Ports; {
	case told.IsZero():
		if err := bound.Validate(); errors.Is(err, ports.ErrPairing) {
			a.found(PortsNotPaired, "", fmt.Sprintf("the site binds %v, and WSUS derives one port from the other: HTTP 80 goes with HTTPS 443, "+
				"any other HTTP port p with HTTPS p+1", bound), "bind a pair such as "+pairNear(bound)+", then run WSUSUtil configuressl again")
		}
	case plain != 0 && plain != told.HTTP || secure != 0 && secure != told.HTTPS:
		a.found(PortsDiffer, "", fmt.Sprintf("the site binds %v, and the software update point was told %v", bound, told),
			"tell the software update point the ports that the site binds, or bind the others and run WSUSUtil configuressl again")
	}
	for _, b := range a.site.Bindings {
		if b.IsHTTP() && b.Port != 0 {
			a.judgeBinding(b)
		}
	}
}

// judgeProtocol returns the port of a protocol: of several the one that was told, else the first; 0 when there is none.
func (a *audit) judgeProtocol(protocol string, told int, missing Kind, why string) int {
	var found []int
	for _, b := range a.site.Bindings {
		if strings.EqualFold(b.Protocol, protocol) && b.Port != 0 && !slices.Contains(found, b.Port) {
			found = append(found, b.Port)
		}
	}
	if len(found) == 0 {
		port := "the port that belongs to the other one"
		if told != 0 {
			port = fmt.Sprintf("port %d", told)
		}
		a.found(missing, "", fmt.Sprintf("the site %q has no binding for %s with a port: %s", a.site.Name, protocol, why),
			fmt.Sprintf("IIS Manager, %s, Bindings: add %s on %s, all addresses, without host name", a.site.Name, protocol, port))
		return 0
	}
	port := found[0]
	if slices.Contains(found, told) {
		port = told
	}
	if len(found) > 1 {
		a.found(SeveralPorts, "", fmt.Sprintf("the site binds %s on the ports %s, and WSUS uses one of them", protocol, numbers(found)),
			fmt.Sprintf("remove the bindings for %s that do not have port %d, then run WSUSUtil configuressl again", protocol, port))
	}
	return port
}

func numbers(ports []int) string {
	texts := make([]string, len(ports))
	for i, port := range ports {
		texts[i] = fmt.Sprint(port)
	}
	return strings.Join(texts, " and ")
}

// pairNear is a valid pair with one of the ports.
func pairNear(bound ports.Pair) string {
	if pair, err := ports.ForHTTPS(bound.HTTPS); err == nil {
		return pair.String()
	}
	if pair, err := ports.ForHTTP(bound.HTTP); err == nil {
		return pair.String()
	}
	return ports.Custom.String()
}

// judgeBinding advises against what keeps some callers out, unless another binding of the same protocol lets them in.
func (a *audit) judgeBinding(b iis.Binding) {
	const byName = 3 // 1 is SNI, 2 the central store, which goes by the name as well
	what := fmt.Sprintf("the binding %s %s", b.Protocol, b.Information)
	switch {
	case strings.EqualFold(b.Protocol, "https") && b.SSLFlags&byName != 0:
		a.found(BindingSNI, "", what+" finds its certificate by the host name that a client sends: old agents send none, and the console uses another",
			"clear Require Server Name Indication and the host name of the binding, and attach the certificate to the port")
	case !anyName(b.Host) && !a.otherBinding(b, func(other iis.Binding) bool { return anyName(other.Host) }):
		a.found(BindingHostName, "", fmt.Sprintf("%s answers to the name %s only: the console and the health checks use others", what, b.Host),
			"clear the host name of the binding, then run WSUSUtil configuressl again")
	}
	if !anyAddress(b.Address) && !a.otherBinding(b, func(other iis.Binding) bool { return anyAddress(other.Address) }) {
		a.found(BindingAddress, "", fmt.Sprintf("%s answers at %s only: the health checks of WSUS call the server by its own name or as localhost", what, b.Address),
			"bind all addresses, unless another web site of the server needs the port")
	}
}

func (a *audit) otherBinding(b iis.Binding, open func(iis.Binding) bool) bool {
	return slices.ContainsFunc(a.site.Bindings, func(other iis.Binding) bool {
		return strings.EqualFold(other.Protocol, b.Protocol) && other.Port == b.Port && open(other)
	})
}

func anyName(host string) bool { return host == "" || host == "*" }

func anyAddress(address string) bool {
	ip, err := netip.ParseAddr(address)
	return err != nil || ip.IsUnspecified()
}
