package ssl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
)

// setupWish is what configuressl should have left in the registry.
type setupWish struct {
	name   string   // that clients use, normalised; empty when it is not known
	others []string // further names of the server, normalised
	ports  ports.Pair
}

// judge finds what configuressl has not written, or wrote before something changed. What is absent is not judged, and named.
func (w setupWish) judge(s SetupValues) (findings []Finding, notLookedAt []string) {
	remedy := "run WSUSUtil configuressl " + w.commandName() + " on the server, then restart the WSUS service and IIS"
	found := func(kind Kind, cause string) { findings = append(findings, auditFinding(kind, "", cause, remedy)) }
	switch {
	case s.UsingSSL == nil:
		return nil, []string{"whether configuressl was run: the registry values hold no UsingSSL"}
	case !*s.UsingSSL:
		found(ConfigureSSLNotRun, "UsingSSL is 0: configuressl was not run since SSL was set up, and WSUS takes itself for an HTTP server")
		return findings, nil
	}
	certificateName := normalName(s.ServerCertificateName)
	switch {
	case s.ServerCertificateName == "":
		found(ConfigureSSLOtherName, "ServerCertificateName is empty: configuressl was run without a name")
	case w.name == "":
		notLookedAt = append(notLookedAt, "whether configuressl was given the right name: the name that clients use was not told")
	case certificateName != w.name && !w.isOtherName(certificateName):
		found(ConfigureSSLOtherName, fmt.Sprintf("ServerCertificateName is %s, and clients use %s: configuressl was not run since the name changed",
			s.ServerCertificateName, w.name))
	}
	switch {
	case s.PortNumber == 0:
		notLookedAt = append(notLookedAt, "whether configuressl saw the right port: the registry values hold no PortNumber")
	case w.ports.HTTPS != 0 && s.PortNumber != w.ports.HTTPS:
		found(ConfigureSSLOtherPort, fmt.Sprintf("PortNumber is %d, and the HTTPS port of the site is %d: configuressl was not run since the port changed",
			s.PortNumber, w.ports.HTTPS))
	}
	return findings, notLookedAt
}

// isOtherName accepts the Internet name where that is what configuressl was given, but no short name.
func (w setupWish) isOtherName(name string) bool {
	return strings.Contains(name, ".") && slices.Contains(w.others, name)
}

func (w setupWish) commandName() string {
	if w.name == "" {
		return "with the full name of the server"
	}
	return w.name
}
