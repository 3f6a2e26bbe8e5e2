package iis

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// What keeps a site from having one pair of ports; errors of [Site.Ports] match them.
var (
	// ErrNoBinding: the site has no binding for one of the two protocols.
	ErrNoBinding = errors.New("no binding")
	// ErrSeveralPorts: the bindings of one protocol have different ports.
	ErrSeveralPorts = errors.New("several ports")
	// ErrMalformedBinding: a binding has no port.
	ErrMalformedBinding = errors.New("malformed binding")
)

// Ports returns the two ports that the bindings for http and https have. Other protocols do not count, nor do address and host. Every
// fault is told at once, as a *multierror.Error of ErrNoBinding, ErrSeveralPorts, ErrMalformedBinding and the errors of package ports
// for a pair that breaks its rule; the pair has what is known nevertheless.
func (s Site) Ports() (ports.Pair, error) {
	var faults *multierror.Error
	port := func(protocol string) int {
		n, err := s.port(protocol)
		if err != nil {
			faults = multierror.Append(faults, err)
		}
		return n
	}
	pair := ports.Pair{HTTP: port("http"), HTTPS: port("https")}
	if faults == nil {
		return pair, pair.Validate()
	}
	return pair, faults
}

// Bound returns the bindings for http and https, in the order of the file: what [ports.Compare] holds against the ports that a software
// update point was told. One that is malformed has port 0 and does not count there.
func (s Site) Bound() []ports.Bound {
	var all []ports.Bound
	for _, b := range s.Bindings {
		if b.IsHTTP() {
			all = append(all, b.Bound())
		}
	}
	return all
}

// Bound is the binding as package ports compares it, whatever its protocol.
func (b Binding) Bound() ports.Bound {
	return ports.Bound{Scheme: b.Protocol, Address: b.Address, Port: b.Port, Host: b.Host}
}

// port returns the one port that a protocol has.
func (s Site) port(protocol string) (int, error) {
	var found []int
	for _, b := range s.Bindings {
		if !strings.EqualFold(b.Protocol, protocol) {
			continue
		}
		if b.Port == 0 {
			return 0, fmt.Errorf("site %q: %w for %s: %q is not address:port:host", s.Name, ErrMalformedBinding, protocol, b.Information)
		}
		if !slices.Contains(found, b.Port) {
			found = append(found, b.Port)
		}
	}
	switch len(found) {
	case 0:
		return 0, fmt.Errorf("site %q: %w for %s: add one", s.Name, ErrNoBinding, protocol)
	case 1:
		return found[0], nil
	}
	return 0, fmt.Errorf("site %q: %w for %s, %v: a pair has one of each, remove the other bindings", s.Name, ErrSeveralPorts, protocol, found)
}
