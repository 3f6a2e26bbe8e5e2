package ports

import (
	"fmt"
	"net/netip"
	"strings"
)

// Bound is one binding of a web site: where it takes connections. Site.Bound of package ssl/iis makes
// it of what IIS binds.
type Bound struct {
	// Scheme is the protocol of the binding, "http" or "https" in any case. Bindings for other protocols do not count.
	Scheme string `json:"scheme"`
	// Address is an IP address, with or without brackets; empty, "*" or an unspecified address mean all.
	Address string `json:"address,omitempty"`
	Port    int    `json:"port"`
	// Host is the host name that requests must be for; empty or "*" mean any.
	Host string `json:"host,omitempty"`
}

// String writes the binding as IIS does, such as "https *:8531:wsus01.lab.example".
func (b Bound) String() string {
	address := b.Address
	if b.anyAddress() {
		address = "*"
	} else if ip, err := netip.ParseAddr(address); err == nil && ip.Is6() {
		address = "[" + address + "]"
	}
	return fmt.Sprintf("%s %s:%d:%s", strings.ToLower(b.Scheme), address, b.Port, b.Host)
}

func (b Bound) anyName() bool { return b.Host == "" || b.Host == "*" }

func (b Bound) anyAddress() bool {
	ip, err := b.ip()
	return b.Address == "" || b.Address == "*" || err == nil && ip.IsUnspecified()
}

func (b Bound) loopback() bool {
	ip, err := b.ip()
	return err == nil && ip.IsLoopback()
}

func (b Bound) ip() (netip.Addr, error) { return netip.ParseAddr(strings.Trim(b.Address, "[]")) }
