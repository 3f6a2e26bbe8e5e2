package applicability_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// shipped are the machines that come with the library, in this order: Windows 10 22H2 and Windows 11 24H2, workstations on x64 with
// Defender signatures of 1.459.500.0, and Windows Server 2022 without.
func shipped(t *testing.T) []*snapshot.Machine {
	t.Helper()
	var machines []*snapshot.Machine
	for _, name := range []string{"windows10-22h2.json", "windows11-24h2.json", "server2022.json"} {
		f, err := snapshot.Shipped().Open(name)
		require.NoError(t, err)
		m, err := snapshot.Decode(f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		machines = append(machines, m)
	}
	return machines
}

// byHand is one rule and what it comes to on the three machines.
type byHand struct {
	rule string
	want [3]applicability.Truth
}

var (
	all3    = [3]applicability.Truth{yes, yes, yes}
	none3   = [3]applicability.Truth{no, no, no}
	clients = [3]applicability.Truth{yes, yes, no}
)

// Every captured fragment, worked out by hand from its text and what the machines have.
func TestCapturedFragmentsOnShippedMachines(t *testing.T) {
	shared := sharedTestdata(t)
	machines := shipped(t)
	expected := map[string]map[string][3]applicability.Truth{
		"56309036-4c77-4dd9-951a-99ee9c246a94-r101.core.xml":            {"IsInstalled": all3},
		"dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202.core.xml":            {"IsInstalled": clients},
		"ccb78947-6453-4ecc-9de8-bc0305c98f2d-r200.core.xml":            {},
		"a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe-r200.core.xml":            {},
		"osinstaller-core.xml":                                          {"IsInstalled": none3, "IsInstallable": none3},
		"detectoids/378c0b3f-b3be-471d-ac6c-21e0f96d7de4-r200.core.xml": {"IsInstalled": all3},
		"detectoids/44AEFCED-EC2A-4043-82BC-641FB00DAEC2-r105.core.xml": {"IsInstalled": none3},
		"detectoids/69655950-ab30-40fe-84d4-08301d04702f-r100.core.xml": {"IsInstalled": none3},
		"detectoids/853953d3-98c9-4e6d-9479-84baaa84f28c-r202.core.xml": {"IsInstalled": all3},
		"detectoids/9ed8c78e-7f8a-42ec-86f6-3c1419c42577-r200.core.xml": {"IsInstalled": none3},
		// None of the machines has the filter driver's service.
		"detectoids/3333902a-bef2-4507-b42a-fe8219658d52-r106.core.xml": {"IsInstalled": none3},
		// Nor a ring of gradual release.
		"detectoids/fb2c5cf6-e1bd-4f6e-a35f-30e91b444294-r202.core.xml": {"IsInstalled": none3},
		// The rollup is there on Windows 10; elsewhere only the servicing stack could tell whether it applies.
		"cbs-dotnet-core-reduced.xml": {"IsInstalled": {yes, no, no}, "IsInstallable": {no, maybe, maybe}},
		// 1.459.500.0 is older than 547, not in the list of versions that get a smaller package, and not blocked. The server has no
		// signatures, so no file rule holds there.
		"266f6222-c89d-43f2-9f8a-69340271e677-r200.core.derived.xml": {"IsInstalled": none3, "IsInstallable": all3},
	}
	seen := 0
	require.NoError(t, filepath.WalkDir(filepath.Join(shared, "fragments"), func(path string, entry os.DirEntry, err error) error {
		require.NoError(t, err)
		name, err := filepath.Rel(filepath.Join(shared, "fragments"), path)
		require.NoError(t, err)
		rules, ok := expected[filepath.ToSlash(name)]
		if !ok {
			return nil // extended and localized fragments have no rules
		}
		seen++
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		core, err := metadata.ParseCore(string(data))
		require.NoError(t, err)
		checkRules(t, name, core, rules, machines)
		return nil
	}))
	require.Len(t, expected, seen)
}

func checkRules(t *testing.T, name string, core *metadata.Core, rules map[string][3]applicability.Truth, machines []*snapshot.Machine) {
	t.Helper()
	for place, rule := range map[string]*metadata.Node{"IsInstalled": core.Rules.IsInstalled, "IsInstallable": core.Rules.IsInstallable} {
		want, ok := rules[place]
		require.Equal(t, ok, rule != nil, "%s %s", name, place)
		for i, m := range machines {
			if !ok {
				continue
			}
			r, err := applicability.Evaluate(t.Context(), m, rule, core.Rules.Metadata, three)
			require.NoError(t, err)
			require.Equal(t, want[i], r.Truth, "%s %s on %s: %s", name, place, m.Name(), r.Reason)
		}
	}
}

// Rules composed in the shapes of those fragments, and others, on the same machines.
func TestComposedRulesOnShippedMachines(t *testing.T) {
	machines := shipped(t)
	build := func(comparison, build string) string {
		return `<b.WindowsVersion Comparison="` + comparison + `" MajorVersion="10" MinorVersion="0" BuildNumber="` + build + `"/>`
	}
	sku := func(name, value string) string {
		return `<DeviceAttribute Name="` + name + `" Type="String" Comparison="EqualTo" Value="` + value + `"/>`
	}
	const nt = `Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Microsoft\Windows NT\CurrentVersion"`
	for _, c := range []byHand{
		{`<b.WindowsVersion Comparison="GreaterThanOrEqualTo" MajorVersion="6" MinorVersion="3" ProductType="1"/>`, clients},
		{`<b.WindowsVersion Comparison="EqualTo" MajorVersion="6" MinorVersion="1"/>`, none3},
		{`<Or>` + build("LessThan", "14393") + build("GreaterThanOrEqualTo", "17763") + `</Or>`, all3},
		{`<Or>` + build("LessThan", "19045") + build("GreaterThan", "22000") + `</Or>`, [3]applicability.Truth{no, yes, no}},
		{`<And>` + build("EqualTo", "20348") + `<b.RegDword ` + nt + ` Value="UBR" Comparison="GreaterThanOrEqualTo" Data="2402"/></And>`, [3]applicability.Truth{no, no, yes}},
		{`<And>` + build("EqualTo", "20348") + `<b.RegDword ` + nt + ` Value="UBR" Comparison="GreaterThan" Data="2402"/></And>`, none3},
		{`<And><Not>` + sku("OSSkuId", "119") + `</Not><Or>` + sku("OSSkuId", "48") + sku("sku", "48") + `</Or></And>`, clients},
		{`<b.Processor Architecture="12"/>`, none3},
		{`<ProductReleaseInstalled Name="Client.OS.RS2.AMD64" Version="10.0.22621.5909"/>`, [3]applicability.Truth{no, yes, no}},
		{`<b.WindowsLanguage Language="en"/>`, [3]applicability.Truth{yes, no, yes}},
		{`<b.MuiLanguageInstalled Language="en-US"/>`, [3]applicability.Truth{no, yes, no}},
		{`<m.MsiProductInstalled ProductCode="{5b1f2c60-3c0e-4c5b-9f4a-7d0e5a1c1001}" VersionMin="4.2" VersionMax="4.2.0.0"/>`, clients},
		{`<m.MsiFeatureInstalledForProduct><Feature>Engine</Feature><Product>{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C3003}</Product></m.MsiFeatureInstalledForProduct>`, [3]applicability.Truth{no, no, yes}},
		{`<CbsPackageInstalledByIdentity PackageIdentity="Package_for_DotNetRollup_481~31bf3856ad364e35~amd64~~10.0.9082.7"/>`, [3]applicability.Truth{yes, no, no}},
		{`<CbsPackageInstalledByIdentity PackageIdentity="Package_for_RollupFix~31bf3856ad364e35~amd64~~19041.4170.1.10"/>`, none3}, // superseded
		{`<b.FileVersionPrependRegSz Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Microsoft\Windows Defender\Signature Updates" Value="SignatureLocation"` +
			` Path="mpasdlta.vdm" Comparison="GreaterThan" Version="0.0.0.0"/>`, clients},
		{`<b.WmiQuery WqlQuery="SELECT * FROM Win32_OperatingSystem WHERE ProductType = 3"/>`, [3]applicability.Truth{maybe, maybe, yes}},
	} {
		core := &metadata.Core{}
		core.Rules.IsInstalled, _ = ruleOf(t, c.rule, "")
		checkRules(t, c.rule, core, map[string][3]applicability.Truth{"IsInstalled": c.want}, machines)
	}
}
