package applicability_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// composed is an update in the shape of a captured one. needs and parts list clauses, alternatives separated by a bar.
type composed struct {
	name, kind                                string
	needs, parts                              []string
	installed, installable, manifest, replace string
}

func composedID(name string) string { return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String() }

func (c composed) core(t *testing.T) *metadata.Core {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `<UpdateIdentity UpdateID="%s" RevisionNumber="200" /><Properties UpdateType="%s" /><Relationships>`, composedID(c.name), c.kind)
	clauses := func(element string, list []string, revision string) {
		fmt.Fprintf(&b, "<%s>", element)
		for _, clause := range list {
			b.WriteString("<AtLeastOne>")
			for _, name := range strings.Split(clause, "|") {
				fmt.Fprintf(&b, `<UpdateIdentity UpdateID="%s"%s />`, composedID(name), revision)
			}
			b.WriteString("</AtLeastOne>")
		}
		fmt.Fprintf(&b, "</%s>", element)
	}
	clauses("Prerequisites", c.needs, "")
	clauses("BundledUpdates", c.parts, ` RevisionNumber="200"`)
	if c.replace != "" {
		fmt.Fprintf(&b, `<SupersededUpdates><UpdateIdentity UpdateID="%s" /></SupersededUpdates>`, composedID(c.replace))
	}
	b.WriteString(`</Relationships><ApplicabilityRules>`)
	for element, rule := range map[string]string{"IsInstalled": c.installed, "IsInstallable": c.installable, "Metadata": c.manifest} {
		if rule != "" {
			fmt.Fprintf(&b, "<%s>%s</%s>", element, rule, element)
		}
	}
	b.WriteString(`</ApplicabilityRules>`)
	core, err := metadata.ParseCore(b.String())
	require.NoError(t, err)
	return core
}

// Updates in the shapes of the captured ones, with verdicts that were worked out by hand on the three machines: a category by version
// and product type, conditions by build, by the 32-bit view, by an MSI product within bounds and by another condition, a servicing
// package, an upgrade by release and edition, and a bundle of four parts with alternatives.
func TestComposedVerdictsOnShippedMachines(t *testing.T) {
	const (
		hklm   = `Key="HKEY_LOCAL_MACHINE" Subkey="`
		viewer = `<m.MsiProductInstalled ProductCode="{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}" VersionMin="4.2.0" VersionMax="%s" />`
		signed = `<b.FileVersionPrependRegSz Path="mpasdlta.vdm" Comparison="%s" Version="%s" ` + hklm +
			`SOFTWARE\Microsoft\Windows Defender\Signature Updates" Value="SignatureLocation" />`
		onlyStack = `<CbsPackageApplicabilityMetadata><assembly><assemblyIdentity name="Package_for_DotNetRollup_481" version="10.0.9082.7" language="neutral"` +
			` processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" /><package identifier="KB1" /></assembly></CbsPackageApplicabilityMetadata>`
		build = `<b.WindowsVersion Comparison="%s" MajorVersion="10" MinorVersion="0" BuildNumber="%d" />`
	)
	updates := []struct {
		composed
		want onShipped
	}{
		{composed{name: "company", kind: "Category", installed: `<True />`}, everywhere},
		{composed{name: "family", kind: "Category", needs: []string{"company"}, installed: `<b.Platform PlatformID="Windows" />`}, everywhere},
		{composed{name: "clients", kind: "Category", needs: []string{"family"},
			installed: `<b.WindowsVersion Comparison="GreaterThanOrEqualTo" MajorVersion="6" MinorVersion="3" ProductType="1" />`},
			onShipped{installed, installed, notApplicable}},
		{composed{name: "11", kind: "Category", needs: []string{"clients"}, installed: fmt.Sprintf(build, "GreaterThanOrEqualTo", 22000)},
			onShipped{notApplicable, installed, notApplicable}},
		{composed{name: "builds", kind: "Detectoid", installed: `<Or>` + fmt.Sprintf(build, "LessThan", 19045) +
			`<And>` + fmt.Sprintf(build, "EqualTo", 20348) + `<b.RegDword ` + hklm + `SOFTWARE\Microsoft\Windows NT\CurrentVersion" Value="UBR" Comparison="GreaterThanOrEqualTo" Data="2402" /></And></Or>`},
			onShipped{notApplicable, notApplicable, installed}},
		{composed{name: "x64", kind: "Detectoid", installed: `<b.Processor Architecture="9" />`}, everywhere},
		{composed{name: "arm64", kind: "Detectoid", installed: `<b.Processor Architecture="12" />`}, nowhere},
		{composed{name: "32-bit view", kind: "Detectoid", installed: `<b.RegKeyExists ` + hklm + `SOFTWARE\Microsoft\Windows Defender" RegType32="true" />`}, nowhere},
		{composed{name: "viewer 4.2", kind: "Detectoid", installed: fmt.Sprintf(viewer, "4.2.0")}, onShipped{installed, installed, notApplicable}},
		{composed{name: "viewer on a server", kind: "Detectoid", needs: []string{"viewer 4.2", "builds"}, installed: `<True />`}, nowhere},
		{composed{name: "package", kind: "Software", needs: []string{"x64", "clients"}, installed: `<CbsPackageInstalled />`,
			installable: `<CbsPackageInstallable />`, manifest: onlyStack}, onShipped{installed, undecided, notApplicable}},
		{composed{name: "upgrade", kind: "Software", needs: []string{"11"}, installed: `<ProductReleaseInstalled Name="Client.OS.RS2.AMD64" Version="10.0.30000.1" />`,
			installable: `<And><Not><DeviceAttribute Name="OSSkuId" Type="String" Comparison="EqualTo" Value="119" /></Not>` +
				`<Or><DeviceAttribute Name="OSSkuId" Type="String" Comparison="EqualTo" Value="48" /><DeviceAttribute Name="sku" Type="String" Comparison="EqualTo" Value="48" /></Or>` +
				`<DeviceAttribute Name="OSVersion" Type="Version" Comparison="LessThan" Value="10.0.30000.0" /></And>`}, onShipped{notApplicable, required, notApplicable}},
		{composed{name: "signatures", kind: "Software", needs: []string{"x64"},
			installed: fmt.Sprintf(signed, "GreaterThanOrEqualTo", "1.459.547.0"), installable: `<Not>` + fmt.Sprintf(signed, "EqualTo", "1.459.540.0") + `</Not>`}, wanted},
		{composed{name: "signatures for arm64", kind: "Software", needs: []string{"arm64"},
			installed: fmt.Sprintf(signed, "GreaterThanOrEqualTo", "1.459.547.0"), installable: `<True />`}, nowhere},
		{composed{name: "older signatures", kind: "Software", needs: []string{"clients"},
			installed: fmt.Sprintf(signed, "GreaterThanOrEqualTo", "1.459.500.0"), installable: `<True />`}, onShipped{installed, installed, notApplicable}},
		{composed{name: "bundle", kind: "Software", needs: []string{"company", "family"}, replace: "older bundle",
			parts: []string{"x64|arm64", "builds|clients", "company", "signatures for arm64|never seen|signatures"}}, wanted},
		{composed{name: "older bundle", kind: "Software", needs: []string{"family"}, parts: []string{"signatures"}}, onShipped{superseded, superseded, superseded}},
		{composed{name: "bundle that lacks a part", kind: "Software", needs: []string{"family"}, parts: []string{"signatures", "never seen"}}, nowhere},
		{composed{name: "bundle of what is there", kind: "Software", needs: []string{"family"}, parts: []string{"older signatures|signatures for arm64"}},
			onShipped{installed, installed, notApplicable}},
		{composed{name: "bundle that nobody can judge", kind: "Software", parts: []string{"package", "signatures"}}, onShipped{required, undecided, notApplicable}},
	}
	for i, machine := range shipped(t) {
		for _, logic := range []applicability.Logic{applicability.TwoValued, applicability.ThreeValued} {
			s := applicability.NewScan(machine, applicability.Options{Logic: logic})
			for _, u := range updates {
				s.Add(u.core(t))
			}
			verdicts, err := s.Verdicts(t.Context())
			require.NoError(t, err)
			for _, u := range updates {
				state := u.want[i]
				if logic == applicability.TwoValued && state == undecided {
					state = notApplicable
				}
				v := verdicts[uuid.MustParse(composedID(u.name))]
				require.Equal(t, state, v.State, "%s on %s in %v logic: %s", u.name, machine.Name(), logic, v.Reason)
			}
		}
	}
}
