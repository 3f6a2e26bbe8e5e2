package ssl

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// Audit looks at the configuration of a WSUS server and says what is wrong with its secure channel and what to do about it: the nine
// virtual roots, bindings and ports, the certificate, what configuressl left in the registry, and policies of clients. It reads what it
// is given and changes nothing. Every kind of finding is in [AuditKinds].
//
// What is wrong with the server is in the report. The error is for settings that cannot be audited (all faults at once, as a
// *multierror.Error), for a web site that is not known (a [*SiteError]), and for a configuration that IIS itself refuses.
func Audit(c AuditConfig) (AuditReport, error) {
	a := &audit{config: c, name: normalName(c.Name), report: AuditReport{Findings: []Finding{}}}
	if err := a.validate(); err != nil {
		return AuditReport{}, fmt.Errorf("audit: %w", err)
	}
	if err := a.findSite(); err != nil {
		return AuditReport{}, fmt.Errorf("audit: %w", err)
	}
	a.auditRoots()
	a.auditSite()
	a.auditPools()
	a.auditBindings()
	a.auditName()
	a.auditCertificate()
	a.auditSetup()
	a.auditPolicies()
	if a.err != nil {
		return AuditReport{}, fmt.Errorf("audit: IIS refuses the configuration: %w", a.err)
	}
	slices.SortStableFunc(a.report.Findings, func(x, y Finding) int { return cmp.Compare(gravity(x), gravity(y)) })
	return a.report, nil
}

// gravity orders errors before warnings before advice.
func gravity(f Finding) int { return slices.Index([]Severity{Error, Warning, Advice}, f.Severity) }

// audit is what is known so far.
type audit struct {
	config AuditConfig
	name   string   // that clients use, normalised; empty when it was not told
	others []string // further names, normalised
	site   iis.Site
	report AuditReport
	err    error // of a configuration that IIS refuses
}

func (a *audit) found(kind Kind, root, cause, remedy string) {
	a.report.Findings = append(a.report.Findings, auditFinding(kind, root, cause, remedy))
}

func (a *audit) notLookedAt(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(a.report.NotLookedAt, text) {
		a.report.NotLookedAt = append(a.report.NotLookedAt, text)
	}
}

func (a *audit) validate() error {
	var faults *multierror.Error
	if a.config.Config == nil {
		faults = multierror.Append(faults, errors.New("no configuration given: read applicationHost.config with iis.Parse or iis.Open"))
	}
	if a.name != "" {
		if err := checkName(a.name); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("name %q: %w", a.config.Name, err))
		}
	}
	for _, other := range a.config.OtherNames {
		name := normalName(other)
		if err := checkName(name); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("other name %q: %w", other, err))
		}
		a.others = append(a.others, name)
	}
	if !a.config.Ports.IsZero() {
		if err := a.config.Ports.Validate(); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	if slices.Contains(a.config.Certificate, nil) || slices.Contains(a.config.Issuers, nil) {
		faults = multierror.Append(faults, errors.New("a certificate is nil"))
	}
	return faults.ErrorOrNil()
}

// findSite also asks the registry, which knows the number of the site.
func (a *audit) findSite() error {
	site, err := FindWebSite(a.config.Config, a.config.Site)
	if err != nil {
		return err
	}
	a.site, a.report.Site = site, site.Name
	if a.config.Setup == nil || a.config.Setup.IISTargetWebSiteIndex == 0 || a.config.Setup.IISTargetWebSiteIndex == site.ID {
		return nil
	}
	index := a.config.Setup.IISTargetWebSiteIndex
	sites := []SiteRef{{site.Name, site.ID}, {"", index}}
	for _, other := range a.config.Config.Sites() {
		if other.ID == index {
			sites[1].Name = other.Name
		}
	}
	return &SiteError{ErrSiteDisputed, sites, fmt.Sprintf("the virtual roots are on the site with id %d, and IISTargetWebSiteIndex is %d; "+
		"are registry and configuration of the same server?", site.ID, index)}
}

func (a *audit) auditSite() {
	if !a.site.ServerAutoStart {
		a.found(SiteDoesNotStart, "", fmt.Sprintf("the site %q does not start with the server (serverAutoStart is false)", a.site.Name),
			fmt.Sprintf("IIS Manager, %s, Advanced Settings: set Start Automatically, and start the site", a.site.Name))
	}
}

func (a *audit) auditName() {
	_, noAddress := netip.ParseAddr(a.name)
	switch {
	case a.name == "":
		a.notLookedAt("the name that clients use: it was not told")
	case noAddress == nil:
		f := auditFinding(AddressAsName, "", fmt.Sprintf("clients are told the IP address %s, which changes and which certificates rarely hold", a.name),
			"use the full name of the server in WUServer, in the certificate and with configuressl")
		f.Severity = Warning
		a.report.Findings = append(a.report.Findings, f)
	case !strings.Contains(a.name, "."):
		a.found(NameNotQualified, "", fmt.Sprintf("clients are told %s, a name without domain: downstream servers and clients of other domains need the full name", a.name),
			"use the full name of the server in WUServer, in the certificate and with configuressl")
	}
}

func (a *audit) auditCertificate() {
	switch {
	case len(a.config.Certificate) == 0:
		a.notLookedAt("the certificate: none was given, and applicationHost.config has none")
		return
	case a.name == "":
		a.notLookedAt("whether the certificate is for the right name")
	}
	wish := certificateWish{name: a.name, others: a.others, trusted: a.config.Trusted, issuers: a.config.Issuers, now: a.config.Now}
	if wish.now.IsZero() {
		wish.now = time.Now()
	}
	for _, f := range wish.judge(a.config.Certificate) {
		switch {
		case a.name == "" && (f.Kind == CertificateName || f.Kind == CertificateCommonName):
			continue
		case f.Kind == AddressAsName: // graver than the warning about any address
			a.report.Findings = slices.DeleteFunc(a.report.Findings, func(f Finding) bool { return f.Kind == AddressAsName })
		}
		a.report.Findings = append(a.report.Findings, f)
	}
}

func (a *audit) auditSetup() {
	if a.config.Setup == nil {
		a.notLookedAt("whether WSUSUtil configuressl was run: the registry of the server was not given")
		return
	}
	findings, notLookedAt := setupWish{a.name, a.others, a.report.Ports}.judge(*a.config.Setup)
	a.report.Findings = append(a.report.Findings, findings...)
	for _, text := range notLookedAt {
		a.notLookedAt("%s", text)
	}
}

func (a *audit) auditPolicies() {
	if len(a.config.Policies) == 0 {
		a.notLookedAt("policies of clients: none was given")
		return
	}
	wish := policyWish{a.name, a.others, a.report.Ports}
	for _, policy := range a.config.Policies {
		a.report.Findings = append(a.report.Findings, wish.judge(policy)...)
	}
}
