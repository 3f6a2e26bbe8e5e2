package ssl

import (
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// auditRoots judges the site as a whole and then each of the nine virtual roots. What roots inherit is reported once, where it is
// stated.
func (a *audit) auditRoots() {
	whole, _ := a.access(a.site.Name, "")
	a.judgeSite(whole)
	inheriting := map[Kind][]string{}
	for _, root := range roots {
		row := RootAudit{Name: root.Name, RequireSSL: root.RequireSSL}
		if _, row.Kind, row.Present = findRoot(a.site, root.Name); row.Present {
			seen, answers := a.access(a.site.Name+"/"+root.Name, root.Name)
			row.Flags, row.From = seen.Flags.String(), place(seen.From)
			row.OK = a.judgeRoot(root, seen, seen.From == whole.From, inheriting) && answers
		} else {
			a.found(RootMissing, root.Name,
				fmt.Sprintf("the site %q has neither an application nor a virtual directory /%s", a.site.Name, root.Name),
				"run WsusUtil postinstall, or repair the role in Server Manager: both bring virtual roots back")
		}
		a.report.Roots = append(a.report.Roots, row)
	}
	a.reportInherited(whole, inheriting)
}

// judgeSite reports Require SSL of the site itself: WSUS does not need it there, and what is on the site inherits it.
func (a *audit) judgeSite(whole iis.Access) {
	if whole.Flags&iis.Ssl == 0 {
		return
	}
	at := whole.From
	if at.File == "" && at.Location == "" {
		at.Location = a.site.Name // other sites keep what the whole server has
	}
	a.found(SiteRequiresSSL, "", fmt.Sprintf("the site %q requires SSL (%s in %s), and whatever states nothing of its own inherits it",
		a.site.Name, whole.Flags, place(whole.From)),
		"require SSL on the five virtual roots themselves, then turn it off on the site: "+editPlace(at)+"; "+
			"Content, Inventory, ReportingWebService and SelfUpdate must answer plain HTTP")
}

// judgeRoot compares the flags of one root with what they should be. What it inherits of the whole site goes to inheriting.
func (a *audit) judgeRoot(root Root, seen iis.Access, inherited bool, inheriting map[Kind][]string) bool {
	ok := true
	report := func(kind Kind, cause, remedy string) {
		ok = false
		if inherited {
			inheriting[kind] = append(inheriting[kind], root.Name)
			return
		}
		a.found(kind, root.Name, fmt.Sprintf("%s has sslFlags %s (%s): %s", root.Name, seen.Flags, place(seen.From), cause), remedy)
	}
	requires := seen.Flags&iis.Ssl != 0
	switch {
	case root.RequireSSL && !requires:
		ok = false
		a.found(RootNotSecured, root.Name, fmt.Sprintf("%s has sslFlags %s (%s): it answers plain HTTP, where metadata can be forged",
			root.Name, seen.Flags, place(seen.From)),
			fmt.Sprintf("require SSL on %s, with client certificates ignored: %s", root.Name, editPlace(ownPlace(a.site, root, seen))))
	case !root.RequireSSL && requires:
		report(RootRequiresSSL, "clients use it over plain HTTP and are refused",
			fmt.Sprintf("turn Require SSL off on %s: %s", root.Name, editPlace(seen.From)))
	}
	ignore := fmt.Sprintf("set client certificates to Ignore on %s: %s", root.Name, editPlace(seen.From))
	switch certificates := seen.Flags & (iis.SslNegotiateCert | iis.SslRequireCert); {
	case certificates == iis.SslRequireCert:
		report(CertificateNotNegotiated, "a client certificate is required and never asked for, so nobody is let in", ignore)
	case certificates != 0:
		report(ClientCertificate, "clients are asked for a certificate, and agents fail", ignore)
	}
	if seen.Flags&iis.Ssl128 != 0 && !requires {
		report(CipherStrengthWithoutSSL, "Ssl128 has no effect without Ssl",
			fmt.Sprintf("take Ssl128 away, or require SSL as well where it belongs: %s", editPlace(seen.From)))
	}
	return ok
}

// ownPlace is where the flags of a root belong: where they are stated now, unless that is not the root's own place.
func ownPlace(site iis.Site, root Root, seen iis.Access) iis.Source {
	location := site.Name + "/" + root.Name
	if seen.From.File != "" || strings.EqualFold(seen.From.Location, location) {
		return seen.From
	}
	return iis.Source{Location: location}
}

// reportInherited names faults that roots have by inheritance once. Require SSL of the site is reported already.
func (a *audit) reportInherited(whole iis.Access, inheriting map[Kind][]string) {
	for _, fault := range []struct {
		kind   Kind
		remedy string
	}{
		{CertificateNotNegotiated, "set client certificates to Ignore there"},
		{ClientCertificate, "set client certificates to Ignore there"},
		{CipherStrengthWithoutSSL, "take Ssl128 away there"},
	} {
		if names := inheriting[fault.kind]; len(names) > 0 {
			a.found(fault.kind, "", fmt.Sprintf("sslFlags %s of %s (%s) go down to %s", whole.Flags, a.site.Name, place(whole.From),
				strings.Join(names, ", ")), fault.remedy+": "+editPlace(whole.From))
		}
	}
}
