package snapshot_test

import (
	"bytes"
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const (
	at        = `Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof"`
	elsewhere = `Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\New\Deep"`
)

// Every one of these can be made true and false again, from where it starts and back and forth.
func TestSolverServesRules(t *testing.T) {
	for _, rule := range []string{
		`<b.RegKeyExists ` + elsewhere + `/>`, `<b.RegKeyExists ` + at + `/>`, `<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\New" RegType32="true"/>`,
		`<b.RegValueExists ` + at + ` Value="Seats" Type="REG_DWORD"/>`, `<b.RegValueExists ` + elsewhere + ` Value="A"/>`, `<b.RegValueExists ` + at + `/>`,
		`<b.RegDword ` + at + ` Value="Seats" Comparison="EqualTo" Data="5"/>`, `<b.RegDword ` + at + ` Value="Seats" Comparison="LessThan" Data="5"/>`,
		`<b.RegDword ` + at + ` Value="Seats" Comparison="GreaterThan" Data="4294967294"/>`, `<b.RegDword ` + elsewhere + ` Value="A" Comparison="GreaterThanOrEqualTo" Data="0"/>`,
		`<b.RegDword ` + at + ` Value="Seats" Comparison="LessThanOrEqualTo" Data="0"/>`,
		`<b.RegSz ` + at + ` Value="" Comparison="BeginsWith" Data="new"/>`, `<b.RegExpandSz ` + at + ` Value="Dir" Comparison="EndsWith" Data="new"/>`,
		`<b.RegSzToVersion ` + at + ` Value="Version" Comparison="GreaterThanOrEqualTo" Data="4.3.0"/>`, `<b.RegSzToVersion ` + at + ` Value="Version" Comparison="LessThan" Data="4.3"/>`,
		`<b.RegSzToVersion ` + at + ` Value="Version" Comparison="GreaterThan" Data="4.3"/>`, `<b.RegSzToVersion ` + at + ` Value="Version" Comparison="GreaterThanOrEqualTo" Data="0"/>`,
		`<b.FileExists Path="C:\Lindenhof\viewer.exe"/>`, `<b.FileExists Path="C:\Lindenhof"/>`,
		`<b.FileExists Csidl="38" Path="new.exe" Version="1.2.3.4" Size="7" Language="1031" Created="2025-01-01T00:00:00Z" Modified="2025-01-02T00:00:00Z"/>`,
		`<b.FileVersion Path="C:\Lindenhof\viewer.exe" Comparison="GreaterThanOrEqualTo" Version="4.3.0.0"/>`, `<b.FileVersion Path="C:\Lindenhof\viewer.exe" Comparison="LessThan" Version="4.3.0.0"/>`,
		`<b.FileVersion Path="C:\Lindenhof\viewer.exe" Comparison="GreaterThanOrEqualTo" Version="0.0.0.0"/>`,
		`<b.FileVersionPrependRegSz ` + at + ` Value="" Path="a.dll" Comparison="EqualTo" Version="1.0.0.0"/>`,
		`<b.FileSize Path="C:\Lindenhof\viewer.exe" Comparison="GreaterThan" Size="10"/>`, `<b.FileSize Path="C:\new" Comparison="GreaterThanOrEqualTo" Size="0"/>`,
		`<b.FileModified Path="C:\Lindenhof\viewer.exe" Comparison="GreaterThan" Modified="2025-06-01T00:00:00Z"/>`, `<b.FileCreated Path="C:\Lindenhof\viewer.exe" Comparison="LessThan" Created="2024-01-01T00:00:00Z"/>`,
		`<m.MsiProductInstalled ProductCode="{ABCD}"/>`, `<m.MsiProductInstalled ProductCode="{NEW}" VersionMin="2.0" ExcludeVersionMin="true" VersionMax="3.0" Language="1031"/>`,
		`<m.MsiProductInstalled ProductCode="{ABCD}" VersionMax="1.2.0" ExcludeVersionMax="true"/>`, `<m.MsiProductInstalled ProductCode="{ABCD}" VersionMin="0.0"/>`,
		`<m.MsiPatchInstalledForProduct ProductCode="{ABCD}" PatchCode="{Q}"/>`,
		`<m.MsiFeatureInstalledForProduct><Feature>G</Feature><Product>{ABCD}</Product></m.MsiFeatureInstalledForProduct>`,
		`<m.MsiComponentInstalledForProduct AllComponentsRequired="true"><Component>{C}</Component><Component>{D}</Component><Product>{ABCD}</Product></m.MsiComponentInstalledForProduct>`,
		`<CbsPackageInstalledByIdentity PackageIdentity="New~k~amd64~~2.0"/>`,
		`<b.RegKeyLoop ` + at + ` TrueIf="Any"><b.RegValueExists Key="HKEY_LOOP_TARGET" Subkey="Deep" Value="A"/></b.RegKeyLoop>`,
		`<b.RegKeyLoop ` + at + ` TrueIf="All"><b.RegDword Key="HKEY_LOOP_TARGET" Subkey="" Value="A" Comparison="EqualTo" Data="2"/></b.RegKeyLoop>`,
		`<b.RegKeyLoop ` + at + ` TrueIf="None"><b.RegKeyExists Key="HKEY_LOOP_TARGET" Subkey="Deep"/></b.RegKeyLoop>`,
		`<And><b.FileExists Path="C:\a"/><b.FileExists Path="C:\b"/></And>`,
		`<Or><b.Processor Architecture="12"/><And><b.FileExists Path="C:\a"/><b.Processor Architecture="12"/></And><b.FileExists Path="C:\b"/></Or>`,
		`<Not><Or><b.FileExists Path="C:\Lindenhof\viewer.exe"/><b.FileExists Path="C:\b"/></Or></Not>`,
	} {
		t.Run(rule, func(t *testing.T) {
			m, core := decoded(t, small), coreOf(t, rule, "")
			for range 2 {
				_, err := m.Install(t.Context(), job(core, command))
				require.NoError(t, err)
				require.Equal(t, applicability.True, truthOf(t, m, core))
				require.NoError(t, m.Remove(t.Context(), core))
				require.Equal(t, applicability.False, truthOf(t, m, core))
			}
		})
	}
}

// What already holds is not touched, and a choice that fails leaves nothing behind.
func TestSolverDoesTheLeast(t *testing.T) {
	m := decoded(t, small)
	before := encoded(t, m)
	_, err := m.Install(t.Context(), job(coreOf(t, `<Or><b.FileExists Path="C:\b"/><b.FileExists Path="C:\Lindenhof\viewer.exe"/></Or>`, ""), command))
	require.NoError(t, err)
	require.Equal(t, before, encoded(t, m))
	_, err = m.Install(t.Context(), job(coreOf(t, `<Or><And><b.FileExists Path="C:\a"/><b.Processor Architecture="12"/></And><b.FileExists Path="C:\b"/></Or>`, ""), command))
	require.NoError(t, err)
	_, err = m.File(t.Context(), `C:\a`)
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = m.File(t.Context(), `C:\b`)
	require.NoError(t, err)
}

// Whatever rule it is given, an installation that succeeds leaves the rule true, and one that fails leaves the machine alone.
func TestSolverKeepsItsWord(t *testing.T) {
	start := shipped(t, "windows10-22h2")
	text := encoded(t, start)
	rapid.Check(t, func(rt *rapid.T) {
		m := decoded(t, text)
		core := &metadata.Core{Rules: metadata.Rules{IsInstalled: drawRule(rt, 3)}}
		_, err := m.Install(context.Background(), job(core, command))
		if err != nil {
			require.Equal(rt, text, encoded(t, m))
			return
		}
		require.Equal(rt, applicability.True, truthOf(t, m, core))
	})
}

func drawRule(t *rapid.T, depth int) *metadata.Node {
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	if depth > 0 && kind < 3 {
		n := &metadata.Node{Name: []string{"And", "Or", "Not"}[kind]}
		children := 1
		if kind < 2 {
			children = rapid.IntRange(1, 3).Draw(t, "children")
		}
		for range children {
			n.Children = append(n.Children, drawRule(t, depth-1))
		}
		return n
	}
	comparison := rapid.SampledFrom([]string{"LessThan", "LessThanOrEqualTo", "EqualTo", "GreaterThanOrEqualTo", "GreaterThan"}).Draw(t, "comparison")
	number := strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "number"))
	switch kind % 3 {
	case 0:
		return node("RegDword", "Key", "HKEY_LOCAL_MACHINE", "Subkey", `SOFTWARE\X`, "Value", "A", "Comparison", comparison, "Data", number)
	case 1:
		return node("FileVersion", "Path", `C:\x`, "Comparison", comparison, "Version", number+".0.0.0")
	}
	return node("Processor", "Architecture", strconv.Itoa(9+rapid.IntRange(0, 1).Draw(t, "architecture")))
}

func node(name string, attributes ...string) *metadata.Node {
	n := &metadata.Node{Name: name}
	for i := 0; i < len(attributes); i += 2 {
		n.Attrs = append(n.Attrs, metadata.Attr{Name: attributes[i], Value: attributes[i+1]})
	}
	return n
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"name": "a", "system": {"version": [1]}, "registry": {"HKLM\\A": {"": {"type": "REG_SZ", "data": ""}}}}`))
	f.Add([]byte(`{"name": "a", "system": {"version": [1]}, "surroundings": {"metered": true, "domainUpdateService": "http://a"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := snapshot.Decode(bytes.NewReader(data))
		if err != nil {
			require.IsType(t, &snapshot.SyntaxError{}, err)
			return
		}
		text := encoded(t, m)
		require.Equal(t, text, encoded(t, decoded(t, text)))
	})
}
