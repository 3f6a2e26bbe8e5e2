package applicability_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

func TestMsiProductRules(t *testing.T) {
	product := func(more string) string { return `<m.MsiProductInstalled ProductCode="{AAAA}" ` + more + `/>` }
	run(t, laboratory(), []row{
		{product(""), yes},
		{`<m.MsiProductInstalled ProductCode="{DDDD}"/>`, no},
		{`<m.MsiProductInstalled/>`, maybe},
		{product(`VersionMin="4.2.0" VersionMax="4.2.0.0"`), yes},
		{product(`VersionMin="4.2.0" ExcludeVersionMin="true"`), no},
		{product(`VersionMax="4.2.0" ExcludeVersionMax="true"`), no},
		{product(`VersionMax="4.3" ExcludeVersionMax="true"`), yes},
		{product(`VersionMin="4.2.1"`), no},
		{product(`ExcludeVersionMin="true" ExcludeVersionMax="true"`), yes},
		{product(`Language="1033"`), yes},
		{product(`Language="1031"`), no},
		{product(`VersionMin="new"`), maybe},
		{`<m.MsiProductInstalled ProductCode="{CCCC}"/>`, yes},
		{`<m.MsiProductInstalled ProductCode="{CCCC}" VersionMin="1.0"/>`, maybe},

		{`<m.MsiPatchInstalledForProduct ProductCode="{AAAA}" PatchCode="{p1}"/>`, yes},
		{`<m.MsiPatchInstalledForProduct ProductCode="{AAAA}" PatchCode="{p1}" VersionMin="5.0"/>`, no},
		{`<m.MsiPatchInstalledForProduct ProductCode="{AAAA}" PatchCode="{p2}"/>`, no},
		{`<m.MsiPatchInstalledForProduct ProductCode="{BBBB}" PatchCode="{p1}"/>`, no},
	})
}

func TestMsiParts(t *testing.T) {
	feature := func(attributes string, names ...string) string {
		s := `<m.MsiFeatureInstalledForProduct ` + attributes + `>`
		for _, n := range names {
			s += `<Feature>` + n + `</Feature>`
		}
		return s + `<Product>{AAAA}</Product><Product>{BBBB}</Product></m.MsiFeatureInstalledForProduct>`
	}
	run(t, laboratory(), []row{
		{feature("", "Help"), yes},
		{feature(`AllProductsRequired="true"`, "Help"), no},
		{feature(`AllProductsRequired="true"`, "Core"), yes},
		{feature("", "Help", "Gone"), yes},
		{feature(`AllFeaturesRequired="true"`, "Help", "Gone"), no},
		{feature(`AllFeaturesRequired="true"`, "Core", "Help"), yes},
		{feature(""), maybe},
		{`<m.MsiComponentInstalledForProduct><Component>{C1}</Component><Product>{AAAA}</Product></m.MsiComponentInstalledForProduct>`, yes},
		{`<m.MsiComponentInstalledForProduct AllComponentsRequired="true"><Component>{C1}</Component><Component>{C2}</Component><Product>{AAAA}</Product></m.MsiComponentInstalledForProduct>`, no},
		{`<m.MsiComponentInstalledForProduct><Component>{C1}</Component><Product>{DDDD}</Product></m.MsiComponentInstalledForProduct>`, no},
	})
}

func TestMsiApplication(t *testing.T) {
	for _, c := range []struct {
		attributes, code                   string
		installed, superseded, installable applicability.Truth
	}{
		{``, "{AAAA}", yes, no, no},
		{``, "{DDDD}", no, no, yes},
		{`Version="4.3.0"`, "{AAAA}", yes, no, no},
		{`Version="4.3.0" UseRecacheReinstall="LowerVersion"`, "{AAAA}", no, no, yes},
		{`Version="4.2.0" UseRecacheReinstall="LowerVersion"`, "{AAAA}", yes, no, no},
		{`Version="4.1.0" UseRecacheReinstall="LowerVersion"`, "{AAAA}", yes, no, no},
		{`Version="4.1.0" UseRecacheReinstall="AnyVersion"`, "{AAAA}", no, no, yes},
		{`UseRecacheReinstall="AnyVersion"`, "{AAAA}", maybe, maybe, maybe},
		{`Version="1.0" UseRecacheReinstall="LowerVersion"`, "{CCCC}", maybe, no, maybe},
		{``, "", maybe, maybe, maybe},
	} {
		data := `<m.MsiApplicationMetadata><m.ProductCode ` + c.attributes + `>` + c.code + `</m.ProductCode></m.MsiApplicationMetadata>`
		require.Equal(t, c.installed, evaluate(t, laboratory(), "<m.MsiApplicationInstalled/>", data).Truth, data)
		require.Equal(t, c.superseded, evaluate(t, laboratory(), "<m.MsiApplicationSuperseded/>", data).Truth, data)
		require.Equal(t, c.installable, evaluate(t, laboratory(), "<m.MsiApplicationInstallable/>", data).Truth, data)
	}
}

func TestMsiPatch(t *testing.T) {
	target := func(code, version string) string {
		return `<TargetProduct><TargetProductCode Validate="true">` + code + `</TargetProductCode>` + version + `</TargetProduct>`
	}
	for _, c := range []struct {
		patch, targets         string
		installed, installable applicability.Truth
	}{
		{"{P1}", target("{AAAA}", ""), yes, no},
		{"{P2}", target("{AAAA}", ""), no, yes},
		{"{P1}", target("{AAAA}", "") + target("{BBBB}", ""), no, yes},
		{"{P1}", target("{DDDD}", ""), no, no},
		{"{P2}", `<TargetProductCode>{AAAA}</TargetProductCode>`, no, yes},
		{"{P1}", `<TargetProductCode>{AAAA}</TargetProductCode>`, yes, no},
		{"{P2}", target("{AAAA}", `<TargetVersion Validate="true" ComparisonType="Equal" ComparisonFilter="MajorMinor">4.2.9</TargetVersion>`), no, yes},
		{"{P2}", target("{AAAA}", `<TargetVersion Validate="true" ComparisonType="Equal" ComparisonFilter="MajorMinorUpdate">4.2.9</TargetVersion>`), no, no},
		{"{P2}", target("{AAAA}", `<TargetVersion Validate="true" ComparisonType="LessThan">4.3</TargetVersion>`), no, yes},
		{"{P2}", target("{AAAA}", `<TargetVersion Validate="true" ComparisonType="GreaterThanOrEqual" ComparisonFilter="Major">5</TargetVersion>`), no, no},
		{"{P2}", target("{AAAA}", `<TargetVersion Validate="false">9</TargetVersion>`), no, yes},
		{"{P2}", target("{AAAA}", `<TargetVersion Validate="true" ComparisonType="Near">9</TargetVersion>`), no, maybe},
		{"{P2}", target("{AAAA}", `<TargetLanguage Validate="true">1031</TargetLanguage>`), no, no},
		{"{P2}", target("{AAAA}", `<TargetLanguage Validate="true">1033</TargetLanguage>`), no, yes},
		{"", "", maybe, maybe},
	} {
		data := `<m.MsiPatchMetadata><MsiPatch PatchGUID="` + c.patch + `">` + c.targets + `</MsiPatch></m.MsiPatchMetadata>`
		require.Equal(t, c.installed, evaluate(t, laboratory(), "<m.MsiPatchInstalled/>", data).Truth, data)
		require.Equal(t, c.installable, evaluate(t, laboratory(), "<m.MsiPatchInstallable/>", data).Truth, data)
	}
	fallback := `<m.MsiPatchMetadata><MsiPatch PatchGUID="{P9}"><TargetProductCode>{AAAA}</TargetProductCode></MsiPatch><m.FallbackPatchCode>{P1}</m.FallbackPatchCode></m.MsiPatchMetadata>`
	require.Equal(t, yes, evaluate(t, laboratory(), "<m.MsiPatchInstalled/>", fallback).Truth)
	require.Equal(t, no, evaluate(t, laboratory(), "<m.MsiPatchSuperseded/>", fallback).Truth)
}

// A patch whose place others have taken: as Windows Installer says so, or by the sequence in every family that it has on the product.
// The truth table is that of the product's rule: superseded where applied patches are later or obsolete it.
func TestMsiPatchSuperseded(t *testing.T) {
	const products = `<TargetProductCode>{AAAA}</TargetProductCode><TargetProductCode>{BBBB}</TargetProductCode><TargetProductCode>{GONE}</TargetProductCode>`
	in := func(family, product, sequence string) string {
		if product != "" {
			product = "<ProductCode>" + product + "</ProductCode>"
		}
		return "<SequenceData><PatchFamily>" + family + "</PatchFamily>" + product + "<Sequence>" + sequence + "</Sequence></SequenceData>"
	}
	for _, c := range []struct {
		name                 string
		superseded           []string
		sequences            map[string]string
		data                 string
		isSuperseded, wanted applicability.Truth
	}{
		{"nothing is told", nil, nil, in("Core", "", "2.0"), no, yes},
		{"no sequence at all", nil, map[string]string{"Core": "9.0"}, "", no, yes},
		{"kept as superseded", []string{"{p9}"}, nil, "", yes, no},
		{"another is kept as superseded", []string{"{p8}"}, nil, "", no, yes},
		{"by its fallback code", []string{"{P9F}"}, nil, "", yes, no},
		{"a later one is applied", nil, map[string]string{"core": "2.0.1"}, in("Core", "", "2.0"), yes, no},
		{"numbers, not text", nil, map[string]string{"Core": "10.0"}, in("Core", "", "9.0"), yes, no},
		{"the same sequence", nil, map[string]string{"Core": "2.0.0.0"}, in("Core", "", "2.0"), no, yes},
		{"an earlier one is applied", nil, map[string]string{"Core": "1.9"}, in("Core", "", "2.0"), no, yes},
		{"another family", nil, map[string]string{"Help": "3.0"}, in("Core", "", "2.0"), no, yes},
		{"later in one family of two", nil, map[string]string{"Core": "3.0", "Help": "1.0"}, in("Core", "", "2.0") + in("Help", "", "2.0"), no, yes},
		{"later in both families", nil, map[string]string{"Core": "3.0", "Help": "3.0"}, in("Core", "", "2.0") + in("Help", "", "2.0"), yes, no},
		{"a family of this product", nil, map[string]string{"Core": "3.0"}, in("Core", "{aaaa}", "2.0"), yes, no},
		{"a family of another product", nil, map[string]string{"Core": "3.0"}, in("Core", "{CCCC}", "2.0"), no, yes},
		{"sequence of the patch is no version", nil, map[string]string{"Core": "3.0"}, in("Core", "", "latest"), maybe, maybe},
		{"sequence of the machine is no version", nil, map[string]string{"Core": "latest"}, in("Core", "", "2.0"), maybe, maybe},
	} {
		m := laboratory()
		delete(m.products, "{bbbb}")
		product := m.products["{aaaa}"]
		product.Superseded, product.Sequences = c.superseded, c.sequences
		m.products["{aaaa}"] = product
		data := `<m.MsiPatchMetadata><MsiPatch PatchGUID="{P9}">` + products + c.data + `</MsiPatch><m.FallbackPatchCode>{P9F}</m.FallbackPatchCode></m.MsiPatchMetadata>`
		require.Equal(t, c.isSuperseded, evaluate(t, m, "<m.MsiPatchSuperseded/>", data).Truth, c.name)
		require.Equal(t, c.wanted, evaluate(t, m, "<m.MsiPatchInstallable/>", data).Truth, c.name)
		described := `<m.MsiPatchMetadata><MsiPatch PatchGUID="{P9}"><TargetProduct><TargetProductCode Validate="true">{AAAA}</TargetProductCode></TargetProduct>` +
			c.data + `</MsiPatch><m.FallbackPatchCode>{P9F}</m.FallbackPatchCode></m.MsiPatchMetadata>`
		require.Equal(t, c.wanted, evaluate(t, m, "<m.MsiPatchInstallable/>", described).Truth, c.name)
		product.Patches = append([]string{"{P9}"}, product.Patches...)
		m.products["{aaaa}"] = product
		require.Equal(t, yes, evaluate(t, m, "<m.MsiPatchInstalled/>", data).Truth, c.name)
		require.Equal(t, no, evaluate(t, m, "<m.MsiPatchInstallable/>", data).Truth, c.name)
	}
}

// A target that wants an upgrade code: told and equal, told and another, and not told, which leaves it open unless something else decides.
func TestMsiPatchValidatesUpgradeCodes(t *testing.T) {
	for _, c := range []struct {
		have, rest string
		validate   bool
		want       applicability.Truth
		missing    string
	}{
		{"{U1}", "", true, yes, ""},
		{"{u1}", "", true, yes, ""},
		{"{U2}", "", true, no, ""},
		{"{U2}", "", false, yes, ""},
		{"", "", true, maybe, "upgrade code of product {AAAA}"},
		{"", "", false, yes, ""},
		{"", `<TargetLanguage Validate="true">1031</TargetLanguage>`, true, no, ""},
		{"", `<TargetVersion Validate="true" ComparisonType="GreaterThan">4.2</TargetVersion>`, true, no, ""},
		{"{U1}", `<TargetVersion Validate="true" ComparisonType="Equal">4.2</TargetVersion>`, true, yes, ""},
		{"{U2}", `<TargetVersion Validate="true" ComparisonType="Equal">4.2</TargetVersion>`, true, no, ""},
	} {
		m := laboratory()
		product := m.products["{aaaa}"]
		product.UpgradeCode = c.have
		m.products["{aaaa}"] = product
		tryAll(t, m, fmt.Sprintf(`<m.MsiPatchMetadata><MsiPatch PatchGUID="{P9}"><TargetProduct><TargetProductCode Validate="true">{AAAA}</TargetProductCode>%s`+
			`<UpgradeCode Validate="%t">{U1}</UpgradeCode></TargetProduct></MsiPatch></m.MsiPatchMetadata>`, c.rest, c.validate),
			[]trial{{"<m.MsiPatchInstallable/>", c.want, c.missing}})
	}
}
