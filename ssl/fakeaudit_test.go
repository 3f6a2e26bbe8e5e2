package ssl_test

import (
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// audited is what an audit of the server says, as far as plans look at it.
func (f *fakeIIS) audited() ssl.AuditReport {
	report := ssl.AuditReport{Site: f.site, Ports: f.ports()}
	found := func(kind ssl.Kind) {
		report.Findings = append(report.Findings, ssl.Finding{Kind: kind, Severity: ssl.Error})
	}
	for _, binding := range f.bindings {
		protocol, information, _ := strings.Cut(binding, "/")
		b, _ := iis.ParseBinding(protocol, information)
		if flags, err := strconv.ParseUint(f.sslFlags[binding], 10, 32); err == nil {
			b.SSLFlags = uint32(flags)
			found(ssl.BindingSNI)
		}
		report.Bindings = append(report.Bindings, b)
	}
	for _, root := range ssl.Roots() {
		flags := f.effective(f.site + "/" + root.Name)
		ok := root.RequireSSL && (flags == "Ssl" || flags == "Ssl,Ssl128") || !root.RequireSSL && flags == "None"
		report.Roots = append(report.Roots, ssl.RootAudit{
			Name: root.Name, RequireSSL: root.RequireSSL, Present: true, Kind: "application", Flags: flags, OK: ok})
	}
	if strings.Contains(f.effective(f.site), "Ssl") {
		found(ssl.SiteRequiresSSL)
	}
	if f.registry["UsingSSL"] != "REG_DWORD 0x1" {
		found(ssl.ConfigureSSLNotRun)
	} else if f.registry["ServerCertificateName"] != "REG_SZ "+fakeName {
		found(ssl.ConfigureSSLOtherName)
	}
	if report.Ports.HTTPS == 0 {
		found(ssl.HTTPSBindingMissing)
	}
	return report
}

func (f *fakeIIS) planned(t interface {
	Helper()
	Fatal(...any)
}) ssl.Plan {
	t.Helper()
	plan, err := ssl.NewPlan(f.audited(), ssl.PlanConfig{
		Name: fakeName, Ports: ports.Custom, Thumbprint: thumbprint, ToolPath: toolPath})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// halfConfigured has what administrators leave behind: a root forgotten, one that asks for certificates, content that requires SSL, an
// old certificate, and the tool run for another name.
func halfConfigured() *fakeIIS {
	f := untouched()
	for _, root := range []string{"ApiRemoting30", "ClientWebService", "DssAuthWebService", "Content"} {
		f.flags[strings.ToLower(f.site+"/"+root)] = "Ssl"
	}
	f.flags[strings.ToLower(f.site+"/SimpleAuthWebService")] = "Ssl,SslNegotiateCert,SslRequireCert,Ssl128"
	f.attached["0.0.0.0:8531"] = oldThumb + " {00000000-1111-2222-3333-444444444444} WebHosting"
	f.registry["UsingSSL"], f.registry["PortNumber"] = "REG_DWORD 0x1", "REG_DWORD 0x2153"
	f.registry["ServerCertificateName"] = "REG_SZ old name; with signs"
	f.iis, f.service = f.address(), f.address()
	return f
}

// inherited requires SSL for the whole site, which four roots must not inherit and five would lose.
func inherited() *fakeIIS {
	f := untouched()
	f.flags[strings.ToLower(f.site)] = "Ssl"
	return f
}

// moved is a secured server on ports that it should not have any more.
func moved() *fakeIIS {
	f := halfConfigured()
	f.bindings = []string{"http/*:80:", "https/*:443:wsus01.lab.example"}
	return f
}
