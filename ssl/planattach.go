package ssl

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// attachOthers gives the certificate to the bindings of the HTTPS port that have entries of their own in http.sys, by an address or a host
// name: those come before the entry of all addresses, so that clients would go on getting the old certificate.
func (m *planner) attachOthers() {
	if m.config.Thumbprint == "" {
		return
	}
	done := map[string]bool{allAddresses(m.config.Ports.HTTPS): true}
	for _, b := range m.report.Bindings {
		if !strings.EqualFold(b.Protocol, "https") || b.Port != m.config.Ports.HTTPS {
			continue
		}
		if endpoint := endpointOf(b); !done[strings.ToLower(endpoint)] {
			done[strings.ToLower(endpoint)] = true
			m.attachTo(b, endpoint)
		}
	}
}

func (m *planner) attachTo(b iis.Binding, endpoint string) {
	step := Step{
		ID:    "attach-certificate " + endpoint,
		Title: "Attach the certificate to the binding " + b.Information,
		Why:   "Windows keeps a certificate for this binding apart and prefers it to that of the port.",
		Checklist: []string{
			"Select the site " + m.config.Site + " and click Bindings.",
			fmt.Sprintf("Edit https %s and choose the certificate for %s, or remove the binding.", b.Information, m.config.Name)},
		Setting: &Setting{Kind: AttachedCertificate, Site: m.config.Site, Endpoint: endpoint},
		Want:    m.config.Thumbprint + " " + iisApplication + " MY",
	}
	if b.SSLFlags&flagCentralStore != 0 || !endpointPattern.MatchString(endpoint) {
		// The central store has files by the names of hosts, and names outside ASCII have a spelling that netsh alone knows.
		step.ID, step.Manual, step.Setting, step.Want = "attach-certificate "+b.Information, true, nil, ""
	}
	m.add(step)
}

func allAddresses(port int) string { return fmt.Sprintf("0.0.0.0:%d", port) }

// endpointOf is what http.sys keeps the certificate of a binding under.
func endpointOf(b iis.Binding) string {
	if b.SSLFlags&flagSNI != 0 && b.Host != "" && b.Host != "*" {
		return fmt.Sprintf("%s:%d", b.Host, b.Port)
	}
	address, err := netip.ParseAddr(b.Address)
	if err != nil {
		return allAddresses(b.Port)
	}
	return netip.AddrPortFrom(address, uint16(b.Port)).String()
}
