package ssl

import "strings"

// defaultWebSite is the site of IIS that WSUS may share with strangers.
const defaultWebSite = "Default Web Site"

// site lifts Require SSL where the whole site has it. On a site that is not WSUS's own that is the administrator's to decide: other
// applications may rely on it, and WSUS does not need it, since each of its roots says for itself.
func (m *planner) site() {
	if !m.found(SiteRequiresSSL) {
		return
	}
	step := Step{
		ID:    "lift-ssl site",
		Title: "Do not require SSL for the site " + m.config.Site + " as a whole",
		Why:   "Its virtual roots inherit it, and four of them must answer plain HTTP. Each root gets its own value in the next steps.",
		Checklist: []string{
			"Select the site " + m.config.Site + " and open SSL Settings.",
			"Clear Require SSL, choose Ignore for client certificates, and click Apply."},
	}
	if strings.EqualFold(m.config.Site, defaultWebSite) {
		step.Manual = true
		step.Why = "WSUS does not need it, and each of its roots gets its own value in the next steps. Other applications of this " +
			"site may rely on it, so decide for each of them first."
	} else {
		step.Setting, step.Want = &Setting{Kind: AccessFlags, Site: m.config.Site}, "None"
		m.readdressed = true
	}
	m.add(step)
}

// roots sets the five, then lifts the four. Once the site is touched every root is looked at, for what it has may be inherited.
func (m *planner) roots() {
	inherited := m.found(SiteRequiresSSL)
	for _, secured := range []bool{true, false} {
		for _, root := range m.report.Roots {
			if root.RequireSSL != secured || !root.Present {
				continue
			}
			flags, err := canonicalFlags(root.Flags)
			if err != nil {
				m.err = err
				return
			}
			if want := wantedFlags(secured, flags); inherited || flags != want {
				m.root(root, want)
			}
		}
	}
}

// wantedFlags keeps the demand for strong ciphers on a root that requires SSL.
func wantedFlags(secured bool, flags string) string {
	switch {
	case !secured:
		return "None"
	case strings.Contains(flags, "Ssl128"):
		return "Ssl,Ssl128"
	}
	return "Ssl"
}

func (m *planner) root(root RootAudit, want string) {
	m.readdressed = true
	step := Step{
		ID:    "require-ssl " + root.Name,
		Title: "Require SSL for " + root.Name + ", ignoring client certificates",
		Why:   "It carries metadata. Agents that are asked for a certificate fail with 0x80072F0C.",
		Checklist: []string{
			"Open the site " + m.config.Site + ", select " + root.Name + " and open SSL Settings.",
			"Tick Require SSL, choose Ignore for client certificates, and click Apply."},
		Setting: &Setting{Kind: AccessFlags, Site: m.config.Site, Path: root.Name},
		Want:    want,
	}
	if !root.RequireSSL {
		step.ID = "lift-ssl " + root.Name
		step.Title = "Do not require SSL for " + root.Name
		step.Why = "Clients use it over plain HTTP: what it carries is signed or not secret, and they fail with 0x80244018 where SSL is required."
		step.Checklist[1] = "Clear Require SSL, choose Ignore for client certificates, and click Apply."
	}
	m.add(step)
}
