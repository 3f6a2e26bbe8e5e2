package ports

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// The faults that a pair can have; what Validate returns matches them with errors.Is.
var (
	// ErrMissing: a port was not given. There is no default.
	ErrMissing = errors.New("port is missing")
	// ErrRange: a port is outside 1 to 65535.
	ErrRange = errors.New("port is out of range")
	// ErrEqual: one port cannot serve both schemes.
	ErrEqual = errors.New("HTTP and HTTPS port are equal")
	// ErrPairing: WSUS derives one port from the other, and the pair disagrees.
	ErrPairing = errors.New("ports do not go together")
)

// Validate returns every fault of the pair at once, as a *multierror.Error, or nil. A message about the pairing rule states
// the rule and the pairs that keep it with one of the given ports.
func (p Pair) Validate() error {
	var faults *multierror.Error
	httpFault, httpsFault := p.checkPort("HTTP", p.HTTP), p.checkPort("HTTPS", p.HTTPS)
	for _, fault := range []error{httpFault, httpsFault} {
		if fault != nil {
			faults = multierror.Append(faults, fault)
		}
	}
	if httpFault == nil && httpsFault == nil {
		if p.HTTP == p.HTTPS {
			faults = multierror.Append(faults, fmt.Errorf("%w: %d", ErrEqual, p.HTTP))
		}
		if !p.paired() {
			faults = multierror.Append(faults, fmt.Errorf("%w: HTTP %d and HTTPS %d: %s; %s",
				ErrPairing, p.HTTP, p.HTTPS, rule, suggest(p)))
		}
	}
	return faults.ErrorOrNil()
}

// checkPort tells a missing port from a wrong one and names the counterpart of the port that is there.
func (p Pair) checkPort(scheme string, port int) error {
	if port != 0 {
		return checkRange(scheme, port)
	}
	return fmt.Errorf("%w: the %s port must be given; %s", ErrMissing, scheme, suggest(p))
}

func checkRange(scheme string, port int) error {
	if port < minPort || port > maxPort {
		return fmt.Errorf("%w: %s port %d is not between %d and %d", ErrRange, scheme, port, minPort, maxPort)
	}
	return nil
}

// suggest lists valid pairs near to what was given, else those that set-up makes.
func suggest(p Pair) string {
	var pairs []string
	if near, err := ForHTTP(p.HTTP); err == nil {
		pairs = append(pairs, near.String())
	}
	if near, err := ForHTTPS(p.HTTPS); err == nil && (len(pairs) == 0 || pairs[0] != near.String()) {
		pairs = append(pairs, near.String())
	}
	if len(pairs) == 0 {
		pairs = []string{Custom.String(), Default.String()}
	}
	return "valid is " + strings.Join(pairs, " or ")
}
