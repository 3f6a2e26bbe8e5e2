package clientagent

import (
	"errors"
	"fmt"
	"net"
	"net/url"
)

// silentHosts are the hosts where nobody answered in this turn, with what was seen. A download tries for a while before it gives up; a
// dead host is waited for once, not for each of its files, while other hosts and the cache still serve.
type silentHosts map[string]error

// check refuses an address at a host that is known to be silent.
func (s silentHosts) check(address string) error {
	if err := s[hostOf(address)]; err != nil {
		return fmt.Errorf("%s did not answer for another file: %w", hostOf(address), err)
	}
	return nil
}

// note remembers the host when the download has failed because no connection came about.
func (s silentHosts) note(address string, err error) {
	var network *net.OpError
	if errors.As(err, &network) && network.Op == "dial" {
		s[hostOf(address)] = network
	}
}

// hostOf is the scheme, the name and the port of an address: what a connection is made to.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.User, u.Path, u.RawPath, u.RawQuery, u.ForceQuery, u.Fragment = nil, "", "", "", false, ""
	return u.String()
}
