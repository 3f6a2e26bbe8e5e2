package ssl

import (
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// unbind takes away what stands where the other scheme must answer: of two schemes on one port IIS starts one.
func (m *planner) unbind() {
	for _, b := range m.report.Bindings {
		wrong := strings.EqualFold(b.Protocol, "http") && b.Port == m.config.Ports.HTTPS ||
			strings.EqualFold(b.Protocol, "https") && b.Port == m.config.Ports.HTTP
		if !wrong {
			continue
		}
		m.readdressed = true
		protocol := strings.ToLower(b.Protocol)
		step := Step{
			ID:    fmt.Sprintf("unbind-%s-%d", protocol, b.Port),
			Title: fmt.Sprintf("Remove the binding %s %s of the site %s", protocol, b.Information, m.config.Site),
			Why:   fmt.Sprintf("Port %d is for the other scheme, and only one can answer there.", b.Port),
			Checklist: []string{
				"Select the site " + m.config.Site + " and click Bindings.",
				fmt.Sprintf("Select %s %s and click Remove.", protocol, b.Information)},
		}
		if plain := fmt.Sprintf("*:%d:", b.Port); plainBinding(b.Information) == plain {
			step.Setting, step.Want = &Setting{Kind: SiteBinding, Site: m.config.Site, Protocol: protocol, Binding: plain}, absent
		} else { // an address or a host name may have been meant for something else
			step.ID, step.Manual = step.ID+" "+b.Information, true
		}
		m.add(step)
	}
}

// otherPorts are bindings beside the pair. Clients may still use them, so that an administrator decides when they go.
func (m *planner) otherPorts() {
	if !m.found(PortsDiffer, HTTPSOtherPort, SwappedBindings, SeveralPorts) {
		return
	}
	var other []iis.Binding
	for _, b := range m.report.Bindings {
		if b.Port != m.config.Ports.HTTP && b.Port != m.config.Ports.HTTPS {
			other = append(other, b)
		}
	}
	if len(other) == 0 {
		return
	}
	step := Step{
		ID: "other-ports", Manual: true,
		Title: "Remove the bindings of other ports once no client uses them",
		Why:   "WSUS derives one port from the other and knows one pair only; a second one misleads clients and whoever reads the configuration.",
		Checklist: []string{"Wait until the policies of all clients name the new address, and the log of the web site shows no other port.",
			"Select the site " + m.config.Site + " and click Bindings."},
	}
	for _, b := range other {
		step.Checklist = append(step.Checklist, fmt.Sprintf("Select %s %s and click Remove.", strings.ToLower(b.Protocol), b.Information))
	}
	m.add(step)
}
