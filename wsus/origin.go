package wsus

import (
	"net"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// origin is the address that a request came by. The scheme is that of the listener that accepted it, never that of a header.
type origin struct {
	https bool
	host  string
}

func originOf(b clientsync.Bearer) origin { return origin{https: b.Secure, host: b.Host} }

func (o origin) hostname() string {
	if host, _, err := net.SplitHostPort(o.host); err == nil {
		return host
	}
	return strings.Trim(o.host, "[]")
}
