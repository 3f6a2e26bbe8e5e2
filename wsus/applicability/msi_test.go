package applicability_test

import (
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
