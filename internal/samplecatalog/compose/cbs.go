package compose

import "github.com/beevik/etree"

// publicKeyToken is the one of all packages of Windows.
const publicKeyToken = "31bf3856ad364e35"

// Package is the identity of a servicing package.
type Package struct{ Name, Version, Architecture string }

// Identity is the package as the component store writes it, the neutral language empty.
func (p Package) Identity() string {
	return p.Name + "~" + publicKeyToken + "~" + p.Architecture + "~~" + p.Version
}

// On is the same package for another architecture.
func (p Package) On(architecture string) Package {
	p.Architecture = architecture
	return p
}

// CBS is a rule about the package of PackageMetadata: Installed or Installable.
func CBS(rule string) *etree.Element { return declared("cbsar", "CbsPackage"+rule) }

// PackageInstalled holds when a package is installed.
func PackageInstalled(p Package) *etree.Element {
	return declared("cbsar", "CbsPackageInstalledByIdentity", "PackageIdentity", p.Identity())
}

// PackageMetadata is the manifest of a package, with the packages that must be there before it.
func PackageMetadata(p Package, kb string, parents ...Package) *etree.Element {
	assembly := etree.NewElement("assembly")
	assembly.CreateAttr("xmlns", "urn:schemas-microsoft-com:asm.v3")
	assembly.CreateAttr("manifestVersion", "1.0")
	assembly.CreateAttr("description", "Fix for KB"+kb)
	assembly.CreateAttr("displayName", "default")
	assembly.AddChild(p.assemblyIdentity())

	body := assembly.CreateElement("package")
	body.CreateAttr("identifier", "KB"+kb)
	body.CreateAttr("applicabilityEvaluation", "deep")
	body.CreateAttr("releaseType", "Update")
	body.CreateAttr("restart", "possible")
	for _, parent := range parents {
		element := body.CreateElement("parent")
		element.CreateAttr("buildCompare", "EQ")
		element.CreateAttr("disposition", "detect")
		element.AddChild(parent.assemblyIdentity())
	}

	e := declared("cbsar", "CbsPackageApplicabilityMetadata")
	e.AddChild(assembly)
	return e
}

func (p Package) assemblyIdentity() *etree.Element {
	e := etree.NewElement("assemblyIdentity")
	e.CreateAttr("name", p.Name)
	e.CreateAttr("version", p.Version)
	e.CreateAttr("language", "neutral")
	e.CreateAttr("processorArchitecture", p.Architecture)
	e.CreateAttr("publicKeyToken", publicKeyToken)
	return e
}
