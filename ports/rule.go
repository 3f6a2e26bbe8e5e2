package ports

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// Direction is which side opens connections.
type Direction string

// The directions of a rule, as seen from the server.
const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
)

// The protocols of a rule.
const (
	TCP = "TCP"
	UDP = "UDP"
)

// Rule lets connections through a firewall. It allows; none of these rules blocks.
type Rule struct {
	Name      string    `json:"name"`
	Direction Direction `json:"direction"`
	// Protocol is TCP or UDP.
	Protocol string `json:"protocol"`
	// Ports are those of the server that is called: local ones of an inbound rule, remote ones of an outbound rule.
	Ports []int `json:"ports"`
	// Remote are the addresses of the other side; none means any.
	Remote []netip.Prefix `json:"remote,omitempty"`
	// Names are the hosts of the other side where only their names are fixed. Windows Firewall knows no names: the texts name them in
	// the description, and a proxy or firewall that knows names takes them from here.
	Names []string `json:"names,omitempty"`
}

// Validate returns every fault of the rule at once, as a *multierror.Error, or nil.
func (r Rule) Validate() error {
	var faults *multierror.Error
	add := func(format string, args ...any) {
		faults = multierror.Append(faults, fmt.Errorf("rule %q: "+format, append([]any{r.Name}, args...)...))
	}
	if err := checkText(r.Name); err != nil || r.Name == "" || strings.EqualFold(r.Name, "all") {
		add("the name must be one line of text, and not \"all\", which means every rule")
	}
	if r.Direction != Inbound && r.Direction != Outbound {
		add("direction %q is neither inbound nor outbound", r.Direction)
	}
	if r.Protocol != TCP && r.Protocol != UDP {
		add("protocol %q is neither TCP nor UDP", r.Protocol)
	}
	if len(r.Ports) == 0 {
		add("%w: it opens no port", ErrMissing)
	}
	for _, port := range r.Ports {
		if err := checkRange(r.Protocol, port); err != nil {
			add("%w", err)
		}
	}
	for _, prefix := range r.Remote {
		if !prefix.IsValid() {
			add("a remote address is no network, such as 10.0.0.0/8")
		}
	}
	for _, name := range r.Names {
		if err := checkText(name); err != nil {
			add("host %q: %w", name, err)
		}
	}
	return faults.ErrorOrNil()
}

var errControl = errors.New("control characters are in it")

func checkText(text string) error {
	if strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' || r == 0x7F || r >= 0x80 && r < 0xA0 || r == '\u2028' || r == '\u2029'
	}) {
		return errControl
	}
	return nil
}
