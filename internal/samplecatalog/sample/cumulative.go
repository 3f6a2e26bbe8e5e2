package sample

import (
	"strings"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// cumulative is a monthly update of an operating system: a bundle of one package in the architectures that the system has.
type cumulative struct {
	kb, name, created, title, german string
	severity                         string
	product                          string
	runsOn                           string          // detectoid
	version                          string          // of the package
	edition                          compose.Package // what must be there before it
	architectures                    []string
	needs, supersedes                string // KB numbers
	size                             int    // of the x64 payload
}

const rollupFix = "Package_for_RollupFix"

// documents are the bundle and behind it its members.
func (c cumulative) documents() []compose.Document {
	bundle := deployable(c.kb, c.name, c.created, c.title,
		"Install this update to resolve issues in Windows. It holds all earlier fixes. You may have to restart afterwards.")
	bundle.Severity = c.severity
	if c.german != "" {
		bundle.Texts = german(bundle.Texts, c.german+" (KB"+c.kb+")",
			"Dieses Update behebt Probleme in Windows und enthält alle früheren Korrekturen. Ein Neustart kann nötig sein.")
	}
	bundle.Prerequisites = []compose.Clause{in(securityUpdates), in(c.product), needs(c.runsOn)}
	if c.needs != "" {
		bundle.Prerequisites = append(bundle.Prerequisites, needs(c.needs))
	}
	if c.supersedes != "" {
		bundle.Supersedes = ids(c.supersedes)
	}

	alternatives := compose.Clause{}
	all := []compose.Document{bundle}
	for _, architecture := range c.architectures {
		m := c.member(architecture)
		alternatives.Members = append(alternatives.Members, m.ID)
		all = append(all, m)
	}
	all[0].Bundled = []compose.Clause{alternatives}
	return all
}

func (c cumulative) member(architecture string) compose.Document {
	name := map[string]string{"amd64": "x64", "arm64": "arm64", "x86": "x86"}[architecture]
	size := c.size
	if architecture != "amd64" {
		size = c.size / 8
	}
	title := strings.ReplaceAll(c.title, " for x64-based Systems", "") + ", " + name + " package"
	m := servicing(member(c.kb, name, c.created, title),
		compose.Package{Name: rollupFix, Version: c.version, Architecture: architecture}, c.kb, c.edition.On(architecture))
	m.Prerequisites = []compose.Clause{needs(c.runsOn), needs("detectoid/" + name), anyOf(c.product)}
	m.Payloads = file("Windows-KB"+c.kb+"-"+name+".cab", size, c.created)
	return m
}

// servicing makes a document one of a servicing package, with the rules that all of them have. A package applies where its
// parent is.
func servicing(d compose.Document, p compose.Package, kb string, parent compose.Package) compose.Document {
	d.Installed = compose.CBS("Installed")
	d.Installable = compose.CBS("Installable")
	d.Metadata = compose.PackageMetadata(p, kb, parent)
	d.Handler = compose.Servicing{}
	d.Install = compose.Behavior{Reboot: "CanRequestReboot"}
	d.Removable = true
	return d
}

// The packages of the editions, which the packages of updates name as their parents.
func editionWindows10() compose.Package { return features("Client", "10.0.19041.4291") }
func editionWindows11() compose.Package { return features("Client", "10.0.26100.2033") }
func editionServer() compose.Package    { return features("Server", "10.0.20348.2402") }

func features(kind, version string) compose.Package {
	return compose.Package{Name: "Microsoft-Windows-" + kind + "-Features-Package", Version: version, Architecture: "amd64"}
}

func netRollup(version string) compose.Package {
	return compose.Package{Name: "Package_for_DotNetRollup_481", Version: version, Architecture: "amd64"}
}
