package ssl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// Reasons why the web site of WSUS is not known, to branch on with errors.Is; the error is a [*SiteError].
var (
	// ErrNoSite: no web site has the virtual roots of WSUS.
	ErrNoSite = errors.New("no web site of WSUS")
	// ErrSeveralSites: more than one has, and nobody said which one counts.
	ErrSeveralSites = errors.New("several web sites look like the one of WSUS")
	// ErrSiteDisputed: the registry of the server names another web site than the one found or given.
	ErrSiteDisputed = errors.New("the registry names another web site")
)

// SiteError says why the web site of WSUS is not known, and lists the web sites that there are to choose from: all of the server
// for [ErrNoSite], the candidates for the others.
type SiteError struct {
	Err   error
	Sites []SiteRef
	// Detail tells what was looked for and what to do.
	Detail string
}

// SiteRef names a web site.
type SiteRef struct {
	Name string
	ID   uint32
}

// Error names reason, sites and what to do.
func (e *SiteError) Error() string {
	names := make([]string, len(e.Sites))
	for i, site := range e.Sites {
		names[i] = fmt.Sprintf("%q (id %d)", site.Name, site.ID)
	}
	list := strings.Join(names, ", ")
	if list == "" {
		list = "none"
	}
	return fmt.Sprintf("%v: %s; web sites: %s", e.Err, e.Detail, list)
}

// Unwrap returns the reason.
func (e *SiteError) Unwrap() error { return e.Err }

// FindWebSite returns the web site of WSUS: the one of that name, without case, or with an empty name the only one with at least
// one of WSUS's six services among its applications and virtual directories, whatever it is called. Content, Inventory and
// SelfUpdate do not count, since older versions put SelfUpdate on any site that listens on port 80. The error is a [*SiteError].
func FindWebSite(config *iis.Config, name string) (iis.Site, error) {
	sites := config.Sites()
	if name != "" {
		return namedSite(sites, name)
	}
	candidates := slices.DeleteFunc(slices.Clone(sites), func(s iis.Site) bool { return !hasService(s) })
	switch len(candidates) {
	case 1:
		return candidates[0], nil
	case 0:
		return iis.Site{}, &SiteError{ErrNoSite, siteRefs(sites),
			"none has an application such as /ClientWebService; install WSUS and its post-installation first, or take the file of another server"}
	}
	return iis.Site{}, &SiteError{ErrSeveralSites, siteRefs(candidates), "say which one counts"}
}

func namedSite(sites []iis.Site, name string) (iis.Site, error) {
	i := slices.IndexFunc(sites, func(s iis.Site) bool { return strings.EqualFold(s.Name, name) })
	switch {
	case i < 0:
		return iis.Site{}, &SiteError{ErrNoSite, siteRefs(sites), fmt.Sprintf("there is no web site %q", name)}
	case !hasService(sites[i]):
		return iis.Site{}, &SiteError{ErrNoSite, siteRefs(sites), fmt.Sprintf("%q has no application such as /ClientWebService", sites[i].Name)}
	}
	return sites[i], nil
}

func siteRefs(sites []iis.Site) []SiteRef {
	refs := make([]SiteRef, len(sites))
	for i, site := range sites {
		refs[i] = SiteRef{site.Name, site.ID}
	}
	return refs
}

// hasService looks for the names that no other product uses.
func hasService(site iis.Site) bool {
	return slices.ContainsFunc(roots[:], func(root Root) bool {
		_, _, found := findRoot(site, root.Name)
		return found && strings.HasSuffix(root.Service, ".asmx")
	})
}

// findRoot looks a virtual root up: an application or a virtual directory of that name, whatever its case.
func findRoot(site iis.Site, name string) (folder iis.Folder, kind string, found bool) {
	folder, found = site.Folder("/" + name)
	switch {
	case found && folder.IsApplication():
		return folder, "application", true
	case found && folder.IsVirtualDirectory():
		return folder, "virtual directory", true
	}
	return iis.Folder{}, "", false
}
