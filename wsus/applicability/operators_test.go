package applicability_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// The scalar operators: what they say when the machine has less than, as much as and more than the rule names.
var scalars = map[string][3]applicability.Truth{
	"LessThan":             {yes, no, no},
	"LessThanOrEqualTo":    {yes, yes, no},
	"EqualTo":              {no, yes, no},
	"GreaterThanOrEqualTo": {no, yes, yes},
	"GreaterThan":          {no, no, yes},
}

// Every rule with a scalar Comparison, against values above, at and below what the laboratory has: so that the machine has less,
// as much, more.
func TestScalarOperators(t *testing.T) {
	m := able{machine: laboratory(), licenses: map[string]applicability.Value{"edition": dword(7)}}
	program := `Csidl="38" Path="Lindenhof\viewer.exe"`
	prepended := viewer + ` Value="InstallDir" Path="viewer.exe"`
	for format, values := range map[string][3]string{
		`<b.RegDword ` + viewer + ` Value="Seats" Comparison="%s" Data="%s"/>`:                                                           {"6", "5", "4"},
		`<b.RegSzToVersion ` + viewer + ` Value="Version" Comparison="%s" Data="%s"/>`:                                                   {"4.10", "4.2.0.0", "4.1.99999"},
		`<b.FileVersion ` + program + ` Comparison="%s" Version="%s"/>`:                                                                  {"4.10.0.0", "4.2.0.117", "4.2.0.99"},
		`<b.FileVersionPrependRegSz ` + prepended + ` Comparison="%s" Version="%s"/>`:                                                    {"4.10.0.0", "4.2.0.117", "4.2.0.99"},
		`<b.FileSize ` + program + ` Comparison="%s" Size="%s"/>`:                                                                        {"9223372036854775807", "1000", "999"},
		`<b.FileSizePrependRegSz ` + prepended + ` Comparison="%s" Size="%s"/>`:                                                          {"1001", "1000", "0"},
		`<b.FileCreated ` + program + ` Comparison="%s" Created="%s"/>`:                                                                  {"2025-03-01T12:00:00.0000001Z", "2025-03-01T14:00:00+02:00", "2025-03-01T12:00:00+01:00"},
		`<b.FileCreatedPrependRegSz ` + prepended + ` Comparison="%s" Created="%s"/>`:                                                    {"2026-01-01T00:00:00Z", "2025-03-01T12:00:00", "2025-03-01T11:59:59Z"},
		`<b.FileModified ` + program + ` Comparison="%s" Modified="%s"/>`:                                                                {"2026-01-01T00:00:00Z", "2025-03-01T12:00:00Z", "2025-03-01T11:59:59Z"},
		`<b.FileModifiedPrependRegSz ` + prepended + ` Comparison="%s" Modified="%s"/>`:                                                  {"2026-01-01T00:00:00Z", "2025-03-01T12:00:00Z", "2025-03-01T11:59:59Z"},
		`<b.WindowsVersion Comparison="%s" MajorVersion="10" MinorVersion="0" BuildNumber="%s"/>`:                                        {"22000", "19045", "19044"},
		`<b.PlatformVersion Comparison="%s" MajorVersion="%s"/>`:                                                                         {"11", "10", "6"},
		`<b.SystemMetric Comparison="%s" Index="86" Value="%s"/>`:                                                                        {"2", "1", "-1"},
		`<b.SystemMetric Comparison="%s" Index="99" Value="%s"/>`:                                                                        {"1", "0", "-1"},
		`<b.NumberOfProcessors Comparison="%s" Number="%s"/>`:                                                                            {"5", "4", "3"},
		`<b.LicenseDword Value="edition" Comparison="%s" Data="%s"/>`:                                                                    {"4294967295", "7", "0"},
		`<DeviceAttribute Name="OSVersion" Type="Version" Comparison="%s" Value="%s"/>`:                                                  {"10.0.19045.10000", "10.0.19045.4291", "10.0.2"},
		`<ProductReleaseVersion Name="Client.OS.vb.amd64" Comparison="%s" Version="%s"/>`:                                                {"10.0.22000.1", "10.0.19045.4291", "10.0.19045.4290"},
		`<ProductReleaseVersion Name="Microsoft.NetFX.amd64" Comparison="%s" Version="%s"/>`:                                             {"1.0.9082.8", "99.99.9082.7", "9.9.9081.9"},
		`<b.WindowsVersion Comparison="%s" MajorVersion="10" MinorVersion="0" ServicePackMajor="%s"/>`:                                   {"1", "0", "-1"},
		`<b.WindowsVersion Comparison="%s" MajorVersion="10" BuildNumber="19045" ServicePackMinor="%s"/>`:                                {"1", "0", "-1"},
		`<Not><Not><b.RegDword ` + viewer + ` Value="Seats" Comparison="%s" Data="%s"/></Not></Not>`:                                     {"6", "5", "4"},
		`<b.RegKeyLoop ` + instance + ` TrueIf="All"><b.RegDword ` + looped + ` Value="Port" Comparison="%s" Data="%s"/></b.RegKeyLoop>`: {"30", "", "5"},
	} {
		for comparison, want := range scalars {
			for i, value := range values {
				if value == "" {
					continue
				}
				for _, spelled := range []string{comparison, strings.ToLower(comparison)} {
					tryAll(t, m, "", []trial{{fmt.Sprintf(format, spelled, value), want[i], ""}})
				}
			}
		}
		// Text operators and others are none of these.
		for _, wrong := range []string{"Contains", "", "Equal"} {
			tryAll(t, m, "", []trial{{fmt.Sprintf(format, wrong, values[0]), maybe, ""}})
		}
	}
}

// Every rule that compares text: the machine has "Stable" or the like.
func TestTextOperators(t *testing.T) {
	for format, have := range map[string]string{
		`<b.RegSz ` + viewer + ` Value="Channel" Comparison="%s" Data="%s"/>`:                       `Stable`,
		`<b.RegExpandSz ` + viewer + ` Value="Dir" Comparison="%s" Data="%s"/>`:                     `C:\Program Files\Lindenhof`,
		`<DeviceAttribute Name="CurrentBranch" Type="String" Comparison="%s" Value="%s"/>`:          `vb_release`,
		`<Not><Not><b.RegSz ` + viewer + ` Value="Version" Comparison="%s" Data="%s"/></Not></Not>`: `4.2.0`,
	} {
		head, tail, middle := have[:2], have[len(have)-2:], have[1:len(have)-1]
		for operator, row := range map[string]map[string]applicability.Truth{
			"EqualTo":    {have: yes, strings.ToUpper(have): yes, head: no, tail: no, middle: no, have + "x": no},
			"BeginsWith": {have: yes, head: yes, strings.ToUpper(head): yes, tail: no, have + "x": no},
			"EndsWith":   {have: yes, tail: yes, strings.ToUpper(tail): yes, head: no, "x" + have: no},
			"Contains":   {have: yes, head: yes, tail: yes, strings.ToUpper(middle): yes, "#": no},
		} {
			for value, want := range row {
				tryAll(t, laboratory(), "", []trial{{fmt.Sprintf(format, operator, value), want, ""}})
			}
		}
		for _, wrong := range []string{"GreaterThan", "Like", ""} {
			tryAll(t, laboratory(), "", []trial{{fmt.Sprintf(format, wrong, head), maybe, ""}})
		}
	}
}

// Attributes of the wrong kind are errors of the rule, with the evaluator's code for them.
func TestWrongAttributes(t *testing.T) {
	for _, rule := range []string{
		`<b.RegDword ` + viewer + ` Value="Seats" Comparison="EqualTo" Data="4294967296"/>`, `<b.RegDword ` + viewer + ` Value="Seats" Comparison="EqualTo"/>`,
		`<b.RegSzToVersion ` + viewer + ` Value="Version" Comparison="EqualTo" Data="100000"/>`, `<b.RegSz Key="HKEY_USERS" Subkey="a" Value="b" Comparison="EqualTo" Data="c"/>`,
		`<b.FileSize Csidl="38" Path="a" Comparison="EqualTo" Size="-1"/>`, `<b.FileCreated Csidl="38" Path="a" Comparison="EqualTo" Created="noon"/>`,
		`<b.FileExists Csidl="none" Path="a"/>`, `<b.WindowsVersion ProductType="client"/>`, `<b.Processor/>`, `<b.SystemMetric Comparison="EqualTo" Index="x" Value="1"/>`,
		`<b.NumberOfProcessors Comparison="EqualTo"/>`, `<b.WmiQuery/>`, `<m.MsiProductInstalled ProductCode="{AAAA}" VersionMin="x"/>`, `<b.ClusterResourceOwner/>`,
	} {
		r := evaluate(t, queryable{laboratory()}, rule, "")
		var typed *applicability.RuleError
		require.ErrorAs(t, r.Err, &typed, rule)
		require.Equal(t, uint32(0x8024E006), uint32(typed.Code), rule)
		require.Empty(t, typed.Fact, "no fact would help")
	}
}

// Every rule of the four published schemas and of the newer ones is recognised: whatever else comes of it, it is not "not recognised".
func TestEveryRuleOfTheSchemasIsRecognised(t *testing.T) {
	const kinds = `True False And Or Not
		RegKeyExists RegValueExists RegDword RegSz RegExpandSz RegSzToVersion RegKeyLoop WUv4RegKeyValue WUv4RegKeySubstring
		FileExists FileVersion FileCreated FileModified FileSize
		FileExistsPrependRegSz FileVersionPrependRegSz FileCreatedPrependRegSz FileModifiedPrependRegSz FileSizePrependRegSz
		WindowsVersion PlatformVersion WindowsLanguage PlatformLanguage MuiInstalled MuiLanguageInstalled Platform SystemMetric
		Processor NumberOfProcessors Memory VideoMemory Direct3D SensorById NFC Camera ClusteredOS ClusterResourceOwner WmiQuery
		LicenseDword LicenseValueExists InstalledOnce GenericQuery
		MsiProductInstalled MsiFeatureInstalledForProduct MsiComponentInstalledForProduct MsiPatchInstalledForProduct
		MsiPatchInstalled MsiPatchSuperseded MsiPatchInstallable MsiApplicationInstalled MsiApplicationSuperseded MsiApplicationInstallable
		CbsPackageInstalledByIdentity CbsPackageInstalled CbsPackageInstallable
		WindowsDriverInstalled WindowsDriverSuperseded WindowsDriverInstallable
		ProductReleaseInstalled ProductReleaseVersion DeviceAttribute`
	for _, kind := range strings.Fields(kinds) {
		r, err := applicability.Evaluate(t.Context(), laboratory(), node(kind), nil, three)
		require.NoError(t, err)
		require.NotContains(t, r.Reason, "not recognised")
	}
}
