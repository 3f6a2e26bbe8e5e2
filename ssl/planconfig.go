package ssl

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// DefaultAppcmdPath is where IIS has its tool on a server whose Windows folder is C:\Windows.
const DefaultAppcmdPath = `C:\Windows\System32\inetsrv\appcmd.exe`

// PlanConfig is what a plan is made for.
type PlanConfig struct {
	// Name is the name that clients use and that configuressl is given: the full DNS name.
	Name string
	// Ports are those that the web site should have; zero means those that the audit found, of which a missing one follows from the
	// other by the pairing rule.
	Ports ports.Pair
	// Site is the web site of WSUS; empty means the one that the audit found.
	Site string
	// Thumbprint is the SHA-1 thumbprint of the certificate for the HTTPS port, 40 hexadecimal digits; blanks and the invisible mark
	// that Windows copies along are dropped. Without one a plan that needs a certificate leaves that step to the administrator.
	Thumbprint string
	// ToolPath is the full path of WsusUtil.exe on the server; see [SetupValues.ToolPath].
	ToolPath string
	// AppcmdPath is the full path of appcmd.exe on the server; empty means DefaultAppcmdPath.
	AppcmdPath string
}

// ToolPath is where WsusUtil.exe is on the server; empty when TargetDir is.
func (v SetupValues) ToolPath() string {
	if v.TargetDir == "" {
		return ""
	}
	return strings.TrimRight(v.TargetDir, `\`) + `\Tools\WsusUtil.exe`
}

var (
	thumbprintPattern = regexp.MustCompile(`^[0-9A-F]{40}$`)
	// namePattern is a DNS name or an address; underscores occur in names of machines.
	namePattern = regexp.MustCompile(`^[0-9A-Za-z_]([0-9A-Za-z_.-]*[0-9A-Za-z_])?$`)
)

// complete fills in what the audit knows and tells every fault at once.
func (c PlanConfig) complete(report AuditReport) (PlanConfig, error) {
	var faults *multierror.Error
	if c.Site == "" {
		c.Site = report.Site
	}
	if c.Ports.IsZero() {
		c.Ports = pairOf(report.Ports)
	}
	if c.AppcmdPath == "" {
		c.AppcmdPath = DefaultAppcmdPath
	}
	c.Thumbprint = plainThumbprint(c.Thumbprint)

	if report.Site != "" && !strings.EqualFold(c.Site, report.Site) {
		faults = multierror.Append(faults, fmt.Errorf("the audit is of the site %q, not of %q: audit that one", report.Site, c.Site))
	}
	if err := checkSiteName(c.Site); err != nil {
		faults = multierror.Append(faults, err)
	}
	if !namePattern.MatchString(c.Name) {
		faults = multierror.Append(faults, fmt.Errorf("the name of the server %q is not a DNS name", c.Name))
	}
	if err := c.Ports.Validate(); err != nil {
		faults = multierror.Append(faults, err)
	}
	if c.Thumbprint != "" && !thumbprintPattern.MatchString(c.Thumbprint) {
		faults = multierror.Append(faults, fmt.Errorf("the thumbprint %q does not have 40 hexadecimal digits: "+
			"give the SHA-1 thumbprint that the certificate's details show", c.Thumbprint))
	}
	for _, tool := range []struct{ what, path string }{{"WsusUtil.exe", c.ToolPath}, {"appcmd.exe", c.AppcmdPath}} {
		if err := checkToolPath(tool.what, tool.path); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	return c, faults.ErrorOrNil()
}

// pairOf completes a pair of which one port is bound. What no rule completes is left for Validate to name.
func pairOf(bound ports.Pair) ports.Pair {
	complete, err := bound, error(nil)
	switch {
	case bound.HTTP == 0 && bound.HTTPS != 0:
		complete, err = ports.ForHTTPS(bound.HTTPS)
	case bound.HTTPS == 0 && bound.HTTP != 0:
		complete, err = ports.ForHTTP(bound.HTTP)
	}
	if err != nil {
		return bound
	}
	return complete
}

// plainThumbprint keeps what is printable and not blank, in upper case.
func plainThumbprint(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, text)
}

// checkSiteName refuses what IIS does not allow in a name or what a command line, a batch file or the WebAdministration module
// would take for something else. The rest is carried by quoting.
func checkSiteName(name string) error {
	switch {
	case name == "":
		return errors.New("the web site is missing: the audit did not find one, so name it")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("the name of the site %q has characters that no command line carries: rename the site in IIS Manager", name)
	case strings.ContainsAny(name, `"/\?*[]`):
		return fmt.Errorf("the name of the site %q has one of \" / \\ ? * [ ], which appcmd and PowerShell read as something else: "+
			"rename the site in IIS Manager", name)
	case strings.HasPrefix(name, "-") || strings.TrimSpace(name) != name:
		return fmt.Errorf("the name of the site %q begins with a dash or has blanks around it, which appcmd does not take for a name: "+
			"rename the site in IIS Manager", name)
	}
	return nil
}

// checkToolPath wants a full path that every shell takes as it stands between quotes.
func checkToolPath(what, path string) error {
	switch {
	case path == "":
		return fmt.Errorf("the path of %s is missing", what)
	case strings.ContainsAny(path, "\"%!*?<>|&^") || strings.ContainsFunc(path, unicode.IsControl):
		return fmt.Errorf("the path of %s %q has characters that a shell changes", what, path)
	case len(path) < 4 || path[1] != ':' || path[2] != '\\':
		return fmt.Errorf("the path of %s %q is not a full path such as C:\\…\\%s", what, path, what)
	}
	return nil
}
