package ssl

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// judgeRoots compares root by root what was answered with what should be.
func (x *examination) judgeRoots() {
	if x.plainSeen {
		x.judgePlain()
	}
	x.judgeStatuses()
}

// plainAnswer is what a root does with plain HTTP.
type plainAnswer int

const (
	undecided plainAnswer = iota // failing, or a folder that is listed over no scheme
	open
	refusing
	redirecting
)

// plainOf: a folder without a page refuses to be listed (403.14) over both schemes alike, which is no refusal of plain HTTP.
func (x *examination) plainOf(i int) plainAnswer {
	s := x.roots[i]
	forbidden := s.plain.err == nil && s.plain.status == http.StatusForbidden
	switch {
	case s.plain.redirectsToHTTPS():
		return redirecting
	case forbidden && isFolder(roots[i]) && (!x.secureSeen || s.forbiddenAlike()):
		return undecided
	case forbidden:
		return refusing
	case s.plain.works():
		return open
	}
	return undecided
}

func (a answer) redirectsToHTTPS() bool {
	if a.err != nil || a.status/100 != 3 {
		return false
	}
	target, err := url.Parse(a.header.Get("Location"))
	return err == nil && target.Scheme == "https"
}

// named are names of roots: the five of metadata, and the four that must answer plain HTTP.
type named struct{ five, four []string }

func (x *examination) rootsThatAre(p plainAnswer) named {
	var n named
	for i, root := range roots {
		switch {
		case x.plainOf(i) != p:
		case root.RequireSSL:
			n.five = append(n.five, root.Name)
		default:
			n.four = append(n.four, root.Name)
		}
	}
	return n
}

// securedRoots is how many of the nine require SSL.
const securedRoots = 5

// judgePlain finds out who refuses plain HTTP and should not, and the reverse. What all roots of a kind have in common has one cause.
func (x *examination) judgePlain() {
	opened, refused, redirected := x.rootsThatAre(open), x.rootsThatAre(refusing), x.rootsThatAre(redirecting)
	if x.required() {
		x.judgeOpen(opened.five)
	}
	if len(redirected.five) > 0 {
		x.judgeRedirect(append(redirected.five, redirected.four...))
		redirected = named{}
	}
	const remedy = "in IIS Manager, SSL Settings of each: untick Require SSL, and remove redirects; then run WSUSUtil configuressl"
	closed := append(refused.four, redirected.four...)
	allFive := len(refused.five) == securedRoots
	if allFive && len(closed) > 0 && len(opened.four) == 0 {
		x.add(Finding{Kind: SiteRequiresSSL, Severity: Error, ClientError: CodeHTTPForbidden,
			Cause:  "the whole web site refuses plain HTTP; files are fetched and reports are sent over it",
			Remedy: remedy + "; Content, Inventory, ReportingWebService and SelfUpdate must not require SSL"})
		closed = nil
	}
	if allFive && !x.secure {
		x.add(Finding{Kind: PolicySaysHTTP, Severity: Error, ClientError: CodeHTTPForbidden,
			Cause:  "the URL says http, and the five roots of metadata require SSL",
			Remedy: "correct WUServer and WUStatusServer: " + x.pair.MetadataURL(x.name, true)})
	}
	if !allFive && !x.required() {
		closed = append(closed, refused.five...) // half secured, and not meant to be
	}
	slices.Sort(closed)
	for _, name := range closed {
		x.add(Finding{Kind: RootRequiresSSL, Severity: Error, Root: name, ClientError: CodeHTTPForbidden,
			Cause: "it refuses plain HTTP, or redirects it to HTTPS, and must answer it", Remedy: remedy})
	}
}

// judgeOpen: metadata must be refused over plain HTTP. When all are open and there is no TLS at all, that is told already.
func (x *examination) judgeOpen(open []string) {
	remedy := "in IIS Manager, SSL Settings of each: tick Require SSL, with client certificates ignored; then run WSUSUtil configuressl " +
		x.name
	if len(open) == securedRoots {
		if x.securePort.speaks == speaksTLS {
			x.add(Finding{Kind: SiteNotSecured, Severity: Error,
				Cause: "all five roots that must require SSL answer plain HTTP: " + strings.Join(open, ", "), Remedy: remedy})
		}
		return
	}
	for _, name := range open {
		x.add(Finding{Kind: RootNotSecured, Severity: Error, Root: name,
			Cause: "it answers plain HTTP and must require SSL", Remedy: remedy})
	}
}

func (x *examination) judgeRedirect(names []string) {
	x.add(Finding{Kind: Redirects, Severity: Error,
		Cause: fmt.Sprintf("plain HTTP is redirected to HTTPS at %s; clients go on in the insecure form, and somebody on the way can lead "+
			"them elsewhere", strings.Join(names, ", ")),
		Remedy: "remove the redirect, and require SSL on the five roots of metadata, so that plain HTTP is refused with 403; tell clients https"})
}
