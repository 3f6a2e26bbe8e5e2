package ports

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/hashicorp/go-multierror"
)

// DefaultProbeTimeout is how long a conversation with a port may take unless told otherwise.
const DefaultProbeTimeout = 5 * time.Second

// probeConnections is how many conversations are under way at a time.
const probeConnections = 4

// ErrHost: what should be a host is none.
var ErrHost = errors.New("no host name and no IP address")

// ProbeConfig says which host to look at and what it should be.
type ProbeConfig struct {
	// Host is the name or IP address that clients use, without scheme and port.
	Host string
	// Ports are what should be there. [Detect] tries them first when they are given.
	Ports Pair
	// Required says that SSL is required. Otherwise an HTTPS port that is closed or filtered is no finding, unless the HTTP port
	// refuses metadata as a site that requires SSL does.
	Required bool
	// Dial opens connections; nil means a net.Dialer. No proxy is ever used, unless Dial does.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Timeout of each conversation, from dialling to the last byte; 0 means DefaultProbeTimeout. A port is asked at most three times.
	Timeout time.Duration
}

// validate returns every fault at once. Detect brings its own pairs.
func (c ProbeConfig) validate(pairs ...Pair) error {
	var faults *multierror.Error
	if err := checkHost(c.host()); err != nil {
		faults = multierror.Append(faults, err)
	}
	for _, pair := range pairs {
		if err := pair.Validate(); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	if c.Timeout < 0 {
		faults = multierror.Append(faults, errors.New("timeout is negative"))
	}
	return faults.ErrorOrNil()
}

func (c ProbeConfig) host() string {
	return strings.TrimSuffix(strings.TrimPrefix(c.Host, "["), "]")
}

func (c ProbeConfig) prober() *prober {
	p := &prober{host: c.host(), dial: c.Dial, timeout: c.Timeout, free: make(chan struct{}, probeConnections)}
	if p.dial == nil {
		p.dial = new(net.Dialer).DialContext
	}
	if p.timeout == 0 {
		p.timeout = DefaultProbeTimeout
	}
	return p
}

// checkHost takes IP addresses and names of letters, digits, hyphens and underscores, which names of Windows computers may have.
func checkHost(host string) error {
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	const longest = 253
	name := strings.TrimSuffix(host, ".")
	if len(name) > longest {
		return fmt.Errorf("%w: a name has at most %d characters", ErrHost, longest)
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notInNames) {
			return fmt.Errorf("%w: %q; give it without scheme, port and path, such as wsus01.lab.example", ErrHost, host)
		}
	}
	return nil
}

func notInNames(r rune) bool {
	letter := r|0x20 >= 'a' && r|0x20 <= 'z'
	return !letter && (r < '0' || r > '9') && r != '-' && r != '_'
}
