package ssl

import "fmt"

// configure lets WSUS read its web site again and tells everybody who has its address.
func (m *planner) configure() {
	if !m.readdressed && !m.found(ConfigureSSLNotRun, ConfigureSSLOtherName, ConfigureSSLOtherPort) {
		return
	}
	url := m.config.Ports.MetadataURL(m.config.Name, true)
	setup := serverSetup{m.config.ToolPath, m.config.Name, m.config.Ports}
	m.add(Step{
		ID: "configuressl", OnChange: true,
		Title: "Tell WSUS its name and let it read the web site",
		Why:   "WSUS keeps its own address, and goes on with the old one until it is told, after every change of name, port or SSL.",
		Checklist: []string{
			"Open an elevated command prompt.",
			fmt.Sprintf(`Run "%s" configuressl %s`, m.config.ToolPath, m.config.Name),
			"Check that it prints " + url + "."},
		Setting: &Setting{Kind: ServerSetup}, Want: setup.wanted(),
	})
	m.add(Step{
		ID: "restart-iis", OnChange: true,
		Title:     "Restart IIS",
		Why:       "Its workers go on with the address that they started with.",
		Checklist: []string{"Select the server and click Restart."},
		Setting:   &Setting{Kind: RestartIIS},
	})
	m.add(Step{
		ID: "restart-wsus", OnChange: true,
		Title:     "Restart the WSUS service",
		Why:       "It calls its own virtual roots by the address that it started with.",
		Checklist: []string{"Start services.msc, select WSUS Service and click Restart."},
		Setting:   &Setting{Kind: RestartWSUS},
	})
	m.add(Step{
		ID: "checkhealth", OnChange: true,
		Title: "Check the health of WSUS",
		Why:   "It looks at its own virtual roots and says in the event log which of them fail.",
		Checklist: []string{
			fmt.Sprintf(`Run "%s" checkhealth`, m.config.ToolPath),
			"Look for Windows Server Update Services in the Application log: 10000 is healthy, 12002 to 12052 name a root."},
		Setting: &Setting{Kind: Health},
	})
	m.tell(url)
}

// tell has what happens elsewhere: trust comes before the address.
func (m *planner) tell(url string) {
	m.add(Step{
		ID: "tell-software-update-point", Manual: true,
		Title: "Set the software update point to SSL",
		Why:   "Until then it synchronizes and tells clients by the old address.",
		Checklist: []string{
			"Open the properties of the software update point role in the Configuration Manager console.",
			fmt.Sprintf("Set the ports %d and %d and tick Require SSL communication to the WSUS server.",
				m.config.Ports.HTTP, m.config.Ports.HTTPS),
			"Follow WCM.log until it says that the server is configured."},
	})
	m.add(Step{
		ID: "tell-downstream-servers", Manual: true,
		Title: "Set downstream servers and consoles to SSL",
		Why:   "The roots that they use no longer answer plain HTTP.",
		Checklist: []string{
			fmt.Sprintf("In the options of each downstream server, Update Source: name %s, port %d, use SSL.",
				m.config.Name, m.config.Ports.HTTPS),
			fmt.Sprintf("In each console connect to %s on port %d with SSL.", m.config.Name, m.config.Ports.HTTPS)},
	})
	m.add(Step{
		ID: "tell-clients", Manual: true,
		Title: "Give clients the authority, then the address",
		Why:   "A client that has the address before it trusts the certificate fails with 0x80072F8F, one that keeps http with 0x80244018.",
		Checklist: []string{
			"Distribute the root certificate of the authority to the computers' Trusted Root Certification Authorities.",
			"Where clients pin certificates for update detection, add the new one to their store before the old one goes.",
			"Where a policy names the server, set both addresses of the intranet update service to " + url + ".",
			"Configuration Manager sets its own clients; they need the authority only."},
	})
}
