package ports

import "fmt"

// The bounds of a TCP port and the two ports that the pairing rule excepts.
const (
	minPort      = 1
	maxPort      = 65535
	defaultHTTP  = 80
	defaultHTTPS = 443
)

// rule is the pairing rule in words, as every message about it tells.
const rule = "HTTP 80 goes with HTTPS 443, any other HTTP port p goes with HTTPS p+1"

// ForHTTPS returns the pair that WSUS derives from an HTTPS port. It answers an error wrapping [ErrRange] for what is no
// port and [ErrPairing] for the ports that have no counterpart: 1, and 81, because HTTP 80 goes with 443.
func ForHTTPS(https int) (Pair, error) {
	if err := checkRange("HTTPS", https); err != nil {
		return Pair{}, err
	}
	return counterpart(Pair{HTTP: httpOf(https), HTTPS: https}, "HTTPS", https)
}

// ForHTTP returns the pair that WSUS derives from an HTTP port. It answers an error wrapping [ErrRange] for what is no port
// and [ErrPairing] for the ports that have no counterpart: 65535, and 442, because HTTPS 443 goes with 80.
func ForHTTP(http int) (Pair, error) {
	if err := checkRange("HTTP", http); err != nil {
		return Pair{}, err
	}
	return counterpart(Pair{HTTP: http, HTTPS: httpsOf(http)}, "HTTP", http)
}

func counterpart(p Pair, scheme string, port int) (Pair, error) {
	if !p.paired() || checkRange("HTTP", p.HTTP) != nil || checkRange("HTTPS", p.HTTPS) != nil {
		return Pair{}, fmt.Errorf("%w: no port goes with %s port %d (%s)", ErrPairing, scheme, port, rule)
	}
	return p, nil
}

// paired says that each port is derived from the other. Both directions count: 80/81 and 442/443 satisfy only one.
func (p Pair) paired() bool { return p.HTTPS == httpsOf(p.HTTP) && p.HTTP == httpOf(p.HTTPS) }

func httpOf(https int) int {
	if https == defaultHTTPS {
		return defaultHTTP
	}
	return https - 1
}

func httpsOf(http int) int {
	if http == defaultHTTP {
		return defaultHTTPS
	}
	return http + 1
}
