package ssl

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
)

// policyWish is what policies of clients must lead to.
type policyWish struct {
	name   string   // that clients use, normalised; empty when it is not known
	others []string // further names of the server, normalised
	ports  ports.Pair
}

// judge finds what is wrong with one policy.
func (w policyWish) judge(p ClientPolicy) []Finding {
	computer := p.Computer
	if computer == "" {
		computer = "the client"
	}
	found := func(kind Kind, cause string) Finding {
		return auditFinding(kind, "", computer+": "+cause, w.remedy())
	}
	server := strings.TrimSpace(p.WUServer)
	if server == "" {
		return []Finding{found(PolicyWithoutServer, "the policy has no WUServer, so the client asks Microsoft")}
	}
	var findings []Finding
	if !p.UseWUServer {
		findings = append(findings, auditFinding(PolicyUnused, "", computer+": UseWUServer is off, so WUServer does not count",
			`set UseWUServer to 1 in the key WindowsUpdate\AU, as the policy "Specify intranet Microsoft update service location" does`))
	}
	if status := strings.TrimSpace(p.WUStatusServer); !strings.EqualFold(status, server) {
		findings = append(findings, found(PolicyStatusServer,
			fmt.Sprintf("WUStatusServer is %q and WUServer %q; they must be the same", status, server)))
	}
	address, ok := parsePolicyServer(server)
	if !ok {
		return append(findings, found(PolicyNoAddress, fmt.Sprintf("WUServer %q is no address of a WSUS server", server)))
	}
	if kind, cause := w.judgePort(address); kind != "" {
		findings = append(findings, found(kind, fmt.Sprintf("WUServer %q %s", server, cause)))
	}
	if kind, cause := w.judgeHost(normalName(address.Hostname())); kind != "" {
		findings = append(findings, found(kind, fmt.Sprintf("WUServer %q %s", server, cause)))
	}
	if address.Path != "" || address.RawQuery != "" || address.Fragment != "" {
		findings = append(findings, found(PolicyTrailing, fmt.Sprintf("WUServer %q must end after the port: "+
			"clients and tools put paths behind it", server)))
	}
	return findings
}

// parsePolicyServer refuses what has no scheme: such values are written by mistake, or to keep a client from updating at all.
func parsePolicyServer(server string) (*url.URL, bool) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return nil, false
	}
	return u, true
}

func (w policyWish) judgePort(address *url.URL) (kind Kind, cause string) {
	switch port := address.Port(); {
	case address.Scheme == "http":
		return PolicySaysHTTP, "says http, which the server refuses for metadata, or should"
	case w.ports.HTTPS == 0 || port == strconv.Itoa(w.ports.HTTPS) || port == "" && w.ports.HTTPS == 443:
		return "", ""
	case port == "":
		return PolicyWithoutPort, fmt.Sprintf("has no port, which means 443; the server has port %d", w.ports.HTTPS)
	default:
		return PolicyOtherPort, fmt.Sprintf("has the port %s; the server has port %d", port, w.ports.HTTPS)
	}
}

func (w policyWish) judgeHost(host string) (kind Kind, cause string) {
	_, noAddress := netip.ParseAddr(host)
	short, _, _ := strings.Cut(w.name, ".")
	switch {
	case host == w.name || slices.Contains(w.others, host):
		return "", ""
	case noAddress == nil:
		return PolicyAddress, "has an IP address, which changes and which certificates rarely hold"
	case !strings.Contains(host, ".") && (w.name == "" || host == short):
		return PolicyShortName, "has a name without domain, which certificates rarely hold"
	case w.name == "":
		return "", ""
	default:
		return PolicyOtherServer, fmt.Sprintf("leads to another server than %s", w.name)
	}
}

// remedy tells the values that are right, as far as they are known.
func (w policyWish) remedy() string {
	value := "https://, the full name of the server and its HTTPS port"
	if w.name != "" && w.ports.HTTPS != 0 {
		value = w.ports.MetadataURL(w.name, true)
	}
	return "set WUServer and WUStatusServer to " + value + "; on a member of a domain correct the Group Policy, which writes them anew"
}
