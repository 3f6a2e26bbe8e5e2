package clientagent

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// GroupPolicyReader is an optional ability of a Machine. A scan first asks it whether the domain's Group Policy overrides the
// server that the site names; without the ability there is no such policy.
type GroupPolicyReader interface {
	// UpdateService is the server of the domain policy "Specify intranet Microsoft update service location" (WUServer), such as
	// http://wsus.corp.example:8530; empty when the domain sets none. The local policy, which the agent sets itself, is not meant.
	UpdateService(ctx context.Context) (string, error)
}

// NetworkWatcher is an optional ability of a Machine. Without it the machine is on the intranet.
type NetworkWatcher interface {
	// OnIntranet says whether the site's intranet can be reached.
	OnIntranet(ctx context.Context) (bool, error)
}

// checkGroupPolicy compares server and port of the domain's policy with those of the location: unless both are identical the scan
// fails (0x87D00692).
func (a *Agent) checkGroupPolicy(ctx context.Context, location Location) error {
	reader, able := a.machine.(GroupPolicyReader)
	if !able {
		return nil
	}
	domain, err := reader.UpdateService(ctx)
	if err != nil {
		return fmt.Errorf("read group policy: %w", err)
	}
	if domain == "" || serverPort(domain) == serverPort(location.WSUSURL) {
		return nil
	}
	return fmt.Errorf("%w: the domain's policy names %s, the site %s; give the policy exactly that address, or remove it",
		ErrGroupPolicyConflict, domain, location.WSUSURL)
}

// serverPort is the name and the port of an address, without regard to case.
func serverPort(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return address
	}
	port := u.Port()
	switch {
	case port != "":
	case strings.EqualFold(u.Scheme, "https"):
		port = "443"
	default:
		port = "80"
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}

// reachable says whether a server could be reached from where the machine is: off the intranet only those of the internet. A
// machine that does not know where it is counts as one that could.
func (a *Agent) reachable(ctx context.Context, t *turn, server string) bool {
	watcher, able := a.machine.(NetworkWatcher)
	location, _ := t.policy.location(server)
	if !able || location.Internet {
		return true
	}
	on, err := watcher.OnIntranet(ctx)
	if err != nil {
		a.log.WarnContext(ctx, "machine cannot tell whether it is on the intranet", "error", err)
	}
	return on || err != nil
}
