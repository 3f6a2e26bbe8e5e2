package iis

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Binding is one binding of a site. Address, Port and Host are set for http, https and ftp, whose information is
// address:port:host; other protocols have shapes of their own and keep only Information. A binding says nothing about a certificate:
// that is known to http.sys.
type Binding struct {
	Protocol    string `json:"protocol"`
	Information string `json:"information,omitempty"`
	SSLFlags    uint32 `json:"sslFlags,omitempty"`
	Address     string `json:"address,omitempty"` // "" and "*" mean every address; an IPv6 address has no brackets
	Port        int    `json:"port,omitempty"`    // 0 when the information is malformed; IIS does not start the site then
	Host        string `json:"host,omitempty"`    // "" and "*" mean every name; "*.name" is a wildcard
}

// ParseBinding reads the bindingInformation of a protocol. The error says what is wrong with one of http, https or ftp; the binding
// has its Protocol and Information nevertheless.
func ParseBinding(protocol, information string) (Binding, error) {
	b := Binding{Protocol: protocol, Information: information}
	if !isHTTP(protocol) && !strings.EqualFold(protocol, "ftp") {
		return b, nil
	}
	address, port, host, ok := cutInformation(information)
	if !ok {
		return b, fmt.Errorf("bindingInformation %q is not address:port:host", information)
	}
	address, err := bindingAddress(address)
	if err != nil {
		return b, fmt.Errorf("bindingInformation %q: %w", information, err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return b, fmt.Errorf("bindingInformation %q: the port is not a number from 1 to 65535", information)
	}
	b.Address, b.Port, b.Host = address, int(number), host
	return b, nil
}

// bindingAddress takes the brackets off an IPv6 address.
func bindingAddress(address string) (string, error) {
	if address == "" || address == "*" {
		return address, nil
	}
	inner, bracket := strings.CutPrefix(address, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	ip, err := netip.ParseAddr(inner)
	if err != nil || bracket != closed || bracket && !ip.Is6() {
		return "", fmt.Errorf("the address %q is neither * nor an IPv4 address nor an IPv6 address in brackets", address)
	}
	return inner, nil
}

// IsHTTP says that web clients use the binding: its protocol is http or https.
func (b Binding) IsHTTP() bool { return isHTTP(b.Protocol) }
