package ssl

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// SettingKind is what a Setting is about.
type SettingKind string

// The kinds.
const (
	// StoredCertificate: whether the certificate with Thumbprint is in LocalMachine\My with its private key, "present" or "absent".
	StoredCertificate SettingKind = "stored-certificate"
	// SiteBinding: whether Site has a binding with Protocol and Binding, "present" or "absent".
	SiteBinding SettingKind = "binding"
	// AttachedCertificate: what http.sys has for Endpoint: thumbprint, application id and store; empty for nothing.
	AttachedCertificate SettingKind = "attached-certificate"
	// AccessFlags: what sslFlags of system.webServer/security/access comes to at Site and Path.
	AccessFlags SettingKind = "access"
	// ServerSetup: what configuressl wrote to the registry: UsingSSL, PortNumber and ServerCertificateName.
	ServerSetup SettingKind = "setup"
	// RestartIIS, RestartWSUS and Health have no state: they are done after changes.
	RestartIIS  SettingKind = "restart-iis"
	RestartWSUS SettingKind = "restart-wsus"
	Health      SettingKind = "health"
)

// Setting is one thing of a server that can be read, changed and put back. Its values are texts that [Apply] writes to its journal.
type Setting struct {
	Kind SettingKind `json:"kind"`
	Site string      `json:"site,omitempty"`
	// Path is that of an application or virtual directory without the leading slash; empty is the site.
	Path string `json:"path,omitempty"`
	// Protocol and Binding are those of a binding, for example https and *:8531:.
	Protocol string `json:"protocol,omitempty"`
	Binding  string `json:"binding,omitempty"`
	// Endpoint is an address and port as netsh spells it, for example 0.0.0.0:8531.
	Endpoint   string `json:"endpoint,omitempty"`
	Thumbprint string `json:"thumbprint,omitempty"`
}

// behaviour is what a kind of setting can do. Values are canonical, so that equal ones are equal texts.
type behaviour interface {
	// read returns the commands that tell the value; parse reads their outputs, in that order, whatever the language of the
	// server. Both are nil and "" where there is no state.
	read() []Command
	parse(outputs []Output) (string, error)
	// holds says whether a value is as good as the one wanted.
	holds(value, want string) bool
	// change returns the commands that lead from current to want, restore those from current back to found.
	change(current, want string) []Command
	restore(current, found string) []Command
	// accept judges what the commands of change printed, for tools that say more than their exit code.
	accept(outputs []Output) error
	// test and script are check and change in PowerShell.
	test(want string) string
	script(want string) string
}

// stateless says that a kind has nothing to read: it is done after changes, and done again after a rollback.
func (k SettingKind) stateless() bool { return k == RestartIIS || k == RestartWSUS || k == Health }

// errUnreadable says that a command answered in no form that is known, so that nothing may be concluded.
var errUnreadable = errors.New("the answer cannot be read")

// behaviourOf binds a setting to the tools and the address of a plan or journal.
func behaviourOf(s Setting, p Plan) (behaviour, error) {
	switch s.Kind {
	case StoredCertificate:
		return storedCertificate{s.Thumbprint}, nil
	case SiteBinding:
		return siteBinding{p.Tools.Appcmd, s.Site, s.Protocol, s.Binding}, nil
	case AttachedCertificate:
		return attachedCertificate{s.Site, s.Endpoint}, nil
	case AccessFlags:
		return accessFlags{p.Tools.Appcmd, s.Site, s.Path}, nil
	case ServerSetup:
		return serverSetup{p.Tools.WSUSUtil, p.Name, p.Ports}, nil
	case RestartIIS:
		return afterChanges{Command{Name: "iisreset.exe"}, "iisreset.exe"}, nil
	case RestartWSUS:
		return afterChanges{powerShell(restartWSUS), restartWSUS}, nil
	case Health:
		return afterChanges{Command{Name: p.Tools.WSUSUtil, Args: []string{"checkhealth"}},
			"& " + quote.PowerShell(p.Tools.WSUSUtil) + " checkhealth"}, nil
	}
	return nil, fmt.Errorf("setting of unknown kind %q", s.Kind)
}

var (
	bindingPattern  = regexp.MustCompile(`^\*:[0-9]{1,5}:$`)
	endpointPattern = regexp.MustCompile(`^[0-9.]{7,15}:[0-9]{1,5}$`)
	pathPattern     = regexp.MustCompile(`^[0-9A-Za-z]*$`)
)

// validate holds a setting that was read from a file to those that plans make.
func (s Setting) validate() error {
	ok := true
	switch s.Kind {
	case StoredCertificate:
		ok = thumbprintPattern.MatchString(s.Thumbprint)
	case SiteBinding:
		ok = (s.Protocol == "http" || s.Protocol == "https") && bindingPattern.MatchString(s.Binding) && checkSiteName(s.Site) == nil
	case AttachedCertificate:
		ok = endpointPattern.MatchString(s.Endpoint) && checkSiteName(s.Site) == nil
	case AccessFlags:
		ok = pathPattern.MatchString(s.Path) && checkSiteName(s.Site) == nil
	case ServerSetup, RestartIIS, RestartWSUS, Health:
	default:
		return fmt.Errorf("setting of unknown kind %q", s.Kind)
	}
	if !ok {
		return fmt.Errorf("setting of kind %s is none that a plan has: %+v", s.Kind, s)
	}
	return nil
}

// attachedPattern is a value of an attached certificate.
var attachedPattern = regexp.MustCompile(`^[0-9A-F]{40} \{[0-9a-fA-F-]{36}\} [0-9A-Za-z]+$`)

// validateWant holds what a step wants to what plans want.
func (s Setting) validateWant(want string, p Plan) error {
	ok := want == ""
	switch s.Kind {
	case StoredCertificate:
		ok = want == present
	case SiteBinding:
		ok = want == present || want == absent
	case AttachedCertificate:
		ok = want == anyCertificate || attachedPattern.MatchString(want)
	case AccessFlags:
		ok = want == "None" || want == "Ssl" || want == "Ssl,Ssl128"
	case ServerSetup:
		ok = want == serverSetup{p.Tools.WSUSUtil, p.Name, p.Ports}.wanted()
	}
	if !ok {
		return fmt.Errorf("setting of kind %s cannot become %q", s.Kind, want)
	}
	return nil
}
