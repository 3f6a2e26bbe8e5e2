package ssl

import (
	"fmt"
	"slices"
	"strings"
)

// NewPlan makes a plan of what an audit found: only what is needed, in the order in which it must be done. A plan for a server that
// is as it should be has no steps. Faults of the configuration, and names that no command line would carry unchanged, are told all at
// once as a *multierror.Error.
//
// Where the site itself requires SSL, that is lifted first: the five roots may only have inherited it, and the other four must not.
// WSUSUtil configuressl, the restarts after it and what the software update point and the clients must be told are in the plan
// whenever bindings, Require SSL or what WSUS knows of its address change.
//
// The certificate of c.Thumbprint is attached whenever one is given; without one the plan leaves it to the administrator where the audit
// found that another is needed.
func NewPlan(report AuditReport, c PlanConfig) (Plan, error) {
	c, err := c.complete(report)
	if err != nil {
		return Plan{}, fmt.Errorf("plan: %w", err)
	}
	m := &planner{
		report: report, config: c,
		plan: Plan{Site: c.Site, Name: c.Name, Ports: c.Ports, Tools: Tools{Appcmd: c.AppcmdPath, WSUSUtil: c.ToolPath}},
	}
	m.missingRoots()
	m.certificate()
	m.unbind()
	m.bindings()
	m.attach()
	m.site()
	m.roots()
	m.configure()
	m.otherPorts()
	if m.err != nil {
		return Plan{}, fmt.Errorf("plan: %w", m.err)
	}
	return m.plan, nil
}

// planner collects the steps of one plan.
type planner struct {
	report AuditReport
	config PlanConfig
	plan   Plan
	// readdressed says that WSUS must read its web site again.
	readdressed bool
	err         error
}

func (m *planner) found(kinds ...Kind) bool {
	return slices.ContainsFunc(m.report.Findings, func(f Finding) bool { return slices.Contains(kinds, f.Kind) })
}

// add completes a step with the commands of its setting.
func (m *planner) add(step Step) {
	if step.Setting != nil {
		b, err := behaviourOf(*step.Setting, m.plan)
		if err != nil {
			m.err = err
			return
		}
		if read := b.read(); read != nil {
			step.Check = &Action{Commands: read, PowerShell: b.test(step.Want)}
		}
		if !step.Manual {
			step.Do = &Action{Commands: b.change("", step.Want), PowerShell: b.script(step.Want)}
		}
		step.Edit = editOf(*step.Setting, step.Want)
	}
	m.plan.Steps = append(m.plan.Steps, step)
}

func (m *planner) missingRoots() {
	for _, root := range m.report.Roots {
		if !root.Present {
			m.add(Step{
				ID: "restore " + root.Name, Manual: true,
				Title: "Bring back the virtual root " + root.Name,
				Why:   "The site does not have it, so nothing can be set there.",
				Checklist: []string{"Run WsusUtil postinstall with the CONTENT_DIR of the server, or repair the role in Server Manager.",
					"Audit the server again and make a new plan."},
			})
		}
	}
}

// certificateFaults are those that another certificate cures. An unknown authority is none: the clients must trust it.
var certificateFaults = []Kind{CertificateName, CertificateOtherName, CertificateCommonName, CertificateExpired, CertificateNotYetValid,
	CertificateKeyUsage, WeakKey, WeakSignature, NoServerAuth, BadCertificate}

func (m *planner) certificate() {
	faulty := m.found(certificateFaults...)
	switch {
	case m.config.Thumbprint != "":
		m.add(Step{
			ID: "certificate", Manual: true,
			Title: "Have the certificate with its private key in the store of the computer",
			Why:   "Windows attaches only certificates of LocalMachine\\My whose key is there; a user's own store never counts.",
			Checklist: []string{
				"Start certlm.msc and open Personal, Certificates.",
				"Check that the certificate with the thumbprint " + m.config.Thumbprint + " is there and that its icon shows a key.",
				"Check that its subject alternative names have " + m.config.Name + "."},
			Setting: &Setting{Kind: StoredCertificate, Thumbprint: m.config.Thumbprint}, Want: present,
		})
	case faulty || m.httpsMissing():
		m.add(Step{
			ID: "certificate", Manual: true,
			Title: "Get a certificate for " + m.config.Name,
			Why:   "Clients check name, time and chain, and there is none that they would take.",
			Checklist: []string{
				"Start certlm.msc, open Personal and request a certificate for server authentication from your authority.",
				"Give " + m.config.Name + " and every other name of the server as subject alternative names of the type DNS.",
				"Make a new plan with its thumbprint, or choose it in the binding by hand."},
		})
	}
}

func (m *planner) httpsMissing() bool {
	return m.report.Ports.HTTPS != m.config.Ports.HTTPS || m.found(HTTPSBindingMissing, BindingSNI)
}

func (m *planner) bindings() {
	shaped := m.found(BindingHostName, BindingAddress)
	if shaped || m.report.Ports.HTTP != m.config.Ports.HTTP || m.found(HTTPBindingMissing) {
		m.bind("http", m.config.Ports.HTTP, "Files and reports always travel over HTTP, on the port that belongs to the HTTPS port.")
	}
	if shaped || m.httpsMissing() {
		m.bind("https", m.config.Ports.HTTPS, "Metadata travel over HTTPS. The host name stays empty, since consoles and old agents send none.")
	}
}

func (m *planner) bind(protocol string, port int, why string) {
	m.readdressed = true
	m.add(Step{
		ID:    "bind-" + protocol,
		Title: fmt.Sprintf("Bind %s on port %d to the site %s", strings.ToUpper(protocol), port, m.config.Site),
		Why:   why,
		Checklist: []string{
			"Select the site " + m.config.Site + " and click Bindings.",
			fmt.Sprintf("Add: type %s, all unassigned addresses, port %d, empty host name.", protocol, port)},
		Setting: &Setting{Kind: SiteBinding, Site: m.config.Site, Protocol: protocol, Binding: fmt.Sprintf("*:%d:", port)},
		Want:    present,
	})
}

func (m *planner) attach() {
	known := m.config.Thumbprint != ""
	if !known && !m.httpsMissing() {
		return
	}
	step := Step{
		ID: "attach-certificate", Manual: !known,
		Title: fmt.Sprintf("Attach the certificate to port %d", m.config.Ports.HTTPS),
		Why:   "A binding says nothing of the certificate: Windows keeps that apart, and without it resets every connection.",
		Checklist: []string{
			"Select the site " + m.config.Site + " and click Bindings.",
			fmt.Sprintf("Edit https on port %d and choose the certificate for %s.", m.config.Ports.HTTPS, m.config.Name)},
		Setting: &Setting{Kind: AttachedCertificate, Site: m.config.Site, Endpoint: fmt.Sprintf("0.0.0.0:%d", m.config.Ports.HTTPS)},
		Want:    anyCertificate,
	}
	if known {
		step.Want = m.config.Thumbprint + " " + iisApplication + " MY"
	}
	m.add(step)
}
