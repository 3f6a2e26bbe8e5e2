package ssl

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// auditBindings compares the ports that the site binds with those that the software update point was told, or, when nobody told
// any, with the pair that belongs to what is bound.
func (a *audit) auditBindings() {
	for _, b := range a.site.Bindings {
		if b.IsHTTP() {
			a.report.Bindings = append(a.report.Bindings, b)
		}
	}
	told := a.config.Ports
	https := a.port("https", told.HTTPS)
	a.report.Ports = ports.Pair{HTTP: a.port("http", cmp.Or(told.HTTP, httpOf(https))), HTTPS: https}
	if told.IsZero() {
		told = a.pairOfBound()
	}
	bound := a.bound()
	mismatches := ports.Compare(told, true, bound)
	for _, m := range mismatches {
		if Kind(m.Kind) != PortsNotPaired { // of what is bound, and reported
			a.found(Kind(m.Kind), "", m.Cause, m.Remedy)
		}
	}
	if len(mismatches) == 0 {
		a.judgeShared(bound)
	}
	a.judgeSNI()
}

// httpOf is the port that WSUS derives, 0 when none belongs to the HTTPS port.
func httpOf(https int) int {
	pair, err := ports.ForHTTPS(https)
	if err != nil {
		return 0
	}
	return pair.HTTP
}

// judgeShared reports a port with both schemes, of which IIS starts one.
func (a *audit) judgeShared(bound []ports.Bound) {
	for _, b := range bound {
		shared := func(other ports.Bound) bool { return other.Port == b.Port && strings.EqualFold(other.Scheme, "http") }
		if strings.EqualFold(b.Scheme, "https") && slices.ContainsFunc(bound, shared) {
			a.found(BindingScheme, "", fmt.Sprintf("the site binds both http and https to port %d, of which only one works", b.Port),
				fmt.Sprintf("IIS Manager, %s, Bindings: remove the one of http on port %d", a.site.Name, b.Port))
			return
		}
	}
}

// judgeSNI looks for bindings that need a host name, unless one beside them serves whoever sends none.
func (a *audit) judgeSNI() {
	for _, b := range a.site.Bindings {
		open := func(other iis.Binding) bool {
			return strings.EqualFold(other.Protocol, "https") && other.Port == b.Port && !isSNI(other)
		}
		if isSNI(b) && !slices.ContainsFunc(a.site.Bindings, open) {
			a.found(BindingSNI, "", fmt.Sprintf("the binding https %s finds its certificate by the host name that a client sends: old agents "+
				"send none, and the console uses another", b.Information),
				"clear Require Server Name Indication and the host name of the binding, and attach the certificate to the port")
		}
	}
}

// port returns the port of a protocol: of several the one that was told, else the first; 0 when there is none.
func (a *audit) port(protocol string, told int) int {
	var found []int
	for _, b := range a.site.Bindings {
		if strings.EqualFold(b.Protocol, protocol) && b.Port != 0 {
			found = append(found, b.Port)
		}
	}
	switch {
	case slices.Contains(found, told):
		return told
	case len(found) > 0:
		return found[0]
	}
	return 0
}

// pairOfBound completes what is bound by the pairing rule, and reports two ports that do not belong together. The HTTPS port leads,
// because clients are told that one.
func (a *audit) pairOfBound() ports.Pair {
	bound := a.report.Ports
	near, err := ports.ForHTTPS(bound.HTTPS)
	if err != nil {
		near, err = ports.ForHTTP(bound.HTTP)
	}
	if err != nil {
		near = ports.Custom
	}
	if !errors.Is(bound.Validate(), ports.ErrPairing) || errors.Is(bound.Validate(), ports.ErrMissing) {
		return near
	}
	a.found(PortsNotPaired, "", fmt.Sprintf("the site binds %v, and WSUS derives one port from the other: HTTP 80 goes with HTTPS 443, "+
		"any other HTTP port p with HTTPS p+1", bound),
		fmt.Sprintf("bind a pair such as %v, then run WSUSUtil configuressl again", near))
	return bound
}

// bound leaves the host name of SNI bindings out: what is wrong with those is reported apart.
func (a *audit) bound() []ports.Bound {
	var all []ports.Bound
	for _, b := range a.site.Bindings {
		if !b.IsHTTP() {
			continue
		}
		one := b.Bound()
		if isSNI(b) {
			one.Host = ""
		}
		all = append(all, one)
	}
	return all
}

// isSNI says that the certificate goes by the name that a client sends: 1 is SNI, and 2 the central store, which needs the name too.
func isSNI(b iis.Binding) bool {
	const byName = 3
	return strings.EqualFold(b.Protocol, "https") && b.SSLFlags&byName != 0
}
