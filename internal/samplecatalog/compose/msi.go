package compose

import "github.com/beevik/etree"

// Product holds when an MSI product is installed, at least at a version when one is given.
func Product(code, atLeast string) *etree.Element {
	return declared("mar", "MsiProductInstalled", "ProductCode", code, "VersionMin", atLeast)
}

// ProductBelow holds when an MSI product is installed at a version that is at least from and less than to.
func ProductBelow(code, from, to string) *etree.Element {
	return declared("mar", "MsiProductInstalled", "ProductCode", code,
		"VersionMin", from, "VersionMax", to, "ExcludeVersionMax", "true")
}

// ProductIn holds when an MSI product is installed in a language, given as its LCID.
func ProductIn(code, lcid string) *etree.Element {
	return declared("mar", "MsiProductInstalled", "ProductCode", code, "Language", lcid)
}

// Feature holds when a feature of an MSI product is installed.
func Feature(code, feature string) *etree.Element {
	e := declared("mar", "MsiFeatureInstalledForProduct")
	e.AddChild(text("mar", "Feature", feature))
	e.AddChild(text("mar", "Product", code))
	return e
}

// Application is a rule about the product that ApplicationMetadata names: Installed or Installable.
func Application(rule string) *etree.Element { return declared("mar", "MsiApplication"+rule) }

// ApplicationMetadata names the product that an MSI installs.
func ApplicationMetadata(code string) *etree.Element {
	e := declared("mar", "MsiApplicationMetadata")
	e.AddChild(text("mar", "ProductCode", code))
	return e
}

// MSP is a rule about the patch that PatchMetadata describes: Installed, Superseded or Installable.
func MSP(rule string) *etree.Element { return declared("mar", "MsiPatch"+rule) }

// PatchMetadata describes a patch for one product at one version (major.minor.update), as MsiExtractPatchXMLData does.
func PatchMetadata(patch, product, version, family, sequence string) *etree.Element {
	blob := etree.NewElement("MsiPatch")
	blob.CreateAttr("SchemaVersion", "1.0.0.0")
	blob.CreateAttr("PatchGUID", patch)
	blob.CreateAttr("MinMsiVersion", "3")
	blob.CreateAttr("xmlns", namespace("mspblob"))

	target := blob.CreateElement("TargetProduct")
	target.CreateAttr("MinMsiVersion", "200")
	validated(target, "TargetProductCode", product, "true")
	at := validated(target, "TargetVersion", version, "true")
	at.CreateAttr("ComparisonType", "Equal")
	at.CreateAttr("ComparisonFilter", "MajorMinorUpdate")
	validated(target, "TargetLanguage", "1033", "false")
	blob.CreateElement("TargetProductCode").SetText(product)

	order := blob.CreateElement("SequenceData")
	order.CreateElement("PatchFamily").SetText(family)
	order.CreateElement("ProductCode").SetText(product)
	order.CreateElement("Sequence").SetText(sequence)

	e := declared("mar", "MsiPatchMetadata")
	e.AddChild(blob)
	return e
}

func validated(into *etree.Element, name, value, validate string) *etree.Element {
	e := into.CreateElement(name)
	e.CreateAttr("Validate", validate)
	e.SetText(value)
	return e
}
