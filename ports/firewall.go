package ports

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/hashicorp/go-multierror"
)

// The ports of SQL Server's default instance and of its browser, which tells the ports of named instances.
const (
	sqlDefault = 1433
	sqlBrowser = 1434
)

// microsoftNames are where the first server of a hierarchy gets updates from (WSUS, "Configure WSUS", step 2). Their addresses change.
var microsoftNames = [...]string{
	"windowsupdate.microsoft.com",
	"*.windowsupdate.microsoft.com",
	"*.update.microsoft.com",
	"*.windowsupdate.com",
	"download.windowsupdate.com",
	"*.download.windowsupdate.com",
	"download.microsoft.com",
	"ntservicepack.microsoft.com",
	"go.microsoft.com",
	"dl.delivery.mp.microsoft.com",
	"*.delivery.mp.microsoft.com",
}

// InboundRules let clients, consoles and downstream servers in to both ports of a web site: metadata and files need one each. from are
// the networks that may connect; none means any, which no server that the internet reaches should have.
func InboundRules(pair Pair, from ...netip.Prefix) ([]Rule, error) {
	return checked("inbound rules", pair.Validate(),
		Rule{Name: "WSUS-HTTP", Direction: Inbound, Protocol: TCP, Ports: []int{pair.HTTP}, Remote: slices.Clone(from)},
		Rule{Name: "WSUS-HTTPS", Direction: Inbound, Protocol: TCP, Ports: []int{pair.HTTPS}, Remote: slices.Clone(from)})
}

// MicrosoftRules let the first server of a hierarchy out to Microsoft Update, always on ports 80 and 443. What is there is known by name.
func MicrosoftRules() []Rule {
	return []Rule{{Name: "WSUS-Microsoft-Update", Direction: Outbound, Protocol: TCP, Ports: []int{defaultHTTP, defaultHTTPS},
		Names: slices.Clone(microsoftNames[:])}}
}

// UpstreamRules let a downstream server out to both ports of its upstream server, which need not be the server's own.
func UpstreamRules(upstream Pair, to ...netip.Prefix) ([]Rule, error) {
	return checked("upstream rules", upstream.Validate(),
		Rule{Name: "WSUS-Upstream", Direction: Outbound, Protocol: TCP, Ports: []int{upstream.HTTP, upstream.HTTPS}, Remote: slices.Clone(to)})
}

// DatabaseRules let a server out to SUSDB on another computer. Port 0 is that of the default instance, 1433. A named instance has a
// fixed port of its own, or is found through SQL Server Browser, which browser lets the server ask. The connection is not protected by
// the secure channel of WSUS.
func DatabaseRules(port int, browser bool, to ...netip.Prefix) ([]Rule, error) {
	if port == 0 {
		port = sqlDefault
	}
	rules := []Rule{{Name: "WSUS-SUSDB", Direction: Outbound, Protocol: TCP, Ports: []int{port}, Remote: slices.Clone(to)}}
	if browser {
		rules = append(rules, Rule{Name: "WSUS-SQL-Browser", Direction: Outbound, Protocol: UDP, Ports: []int{sqlBrowser}, Remote: slices.Clone(to)})
	}
	return checked("database rules", nil, rules...)
}

// checked returns the rules, or all that is wrong with the pair that they come from and, when that is right, with them.
func checked(what string, pairFault error, rules ...Rule) ([]Rule, error) {
	if pairFault != nil {
		return nil, fmt.Errorf("%s: %w", what, pairFault)
	}
	var faults *multierror.Error
	for _, rule := range rules {
		if err := rule.Validate(); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	if faults != nil {
		return nil, fmt.Errorf("%s: %w", what, faults)
	}
	return rules, nil
}
