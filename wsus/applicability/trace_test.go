package applicability_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func explain(t *testing.T, facts applicability.Facts, rule string, logic applicability.Logic) *applicability.Trace {
	t.Helper()
	node, data := ruleOf(t, rule, "")
	trace, err := applicability.Explain(t.Context(), facts, node, data, applicability.Options{Logic: logic})
	require.NoError(t, err)
	return trace
}

func textOf(t *testing.T, trace *applicability.Trace) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, trace.WriteText(&b))
	return b.String()
}

// The tree as an administrator reads it, written out by hand.
func TestTraceText(t *testing.T) {
	m := withUBR(system("10.0.14393", 1, 9), 2514)
	trace := explain(t, m, `<Or><b.WindowsVersion Comparison="GreaterThan" MajorVersion="10" MinorVersion="0" BuildNumber="14393"/>`+
		`<And><Not><b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Gone" RegType32="true"/></Not>`+
		`<b.RegDword Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Microsoft\Windows NT\CurrentVersion" Value="UBR" Comparison="GreaterThanOrEqualTo" Data="2515"/>`+
		`<b.Platform PlatformID="Windows"/><Or><True/><False/></Or></And><b.MoonPhase/></Or>`, applicability.ThreeValued)
	require.Equal(t, `unknown  Or
false      WindowsVersion: Windows is 10.0.14393.0, asked for GreaterThan 10.0.14393
false      And
true         Not
false          RegKeyExists: registry (32-bit view) HKLM\SOFTWARE\Gone is missing
false        RegDword: registry HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion value UBR is 2514, asked for GreaterThanOrEqualTo 2515
skipped      Platform PlatformID="Windows"
skipped      Or of 2
unknown    MoonPhase: rule is not recognised
`, textOf(t, trace))
	ubr := trace.Children[1].Children[1]
	require.Equal(t, `registry HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion value UBR is 2514`, ubr.Value)
	require.Equal(t, "RegDword", ubr.Rule)
	require.Len(t, ubr.Attrs, 5)
	require.True(t, trace.Children[1].Children[3].Children[0].Skipped)
	require.Empty(t, trace.Missing(), "no fact makes the rule known")
}

// In two-valued logic the same part is an error that does not hold, up to the root.
func TestTraceOfErrors(t *testing.T) {
	trace := explain(t, laboratory(), `<And><True/><Not><b.Memory MinSizeInMB="4"/></Not></And>`, applicability.TwoValued)
	require.Equal(t, `error    And
true       True: the rule always holds
error      Not
error        Memory: the machine's facts do not tell its memory
`, textOf(t, trace))
	require.Equal(t, no, trace.Truth)
	require.Error(t, trace.Err)
	require.Equal(t, []string{"equipment.memory"}, trace.Missing())
}

func TestTraceOfLoops(t *testing.T) {
	trace := explain(t, laboratory(), `<b.RegKeyLoop `+instance+` TrueIf="Any"><b.RegSz `+looped+` Value="Edition" Comparison="EqualTo" Data="enterprise"/></b.RegKeyLoop>`, applicability.TwoValued)
	require.Equal(t, yes, trace.Truth)
	subkeys := map[string]bool{}
	for _, pass := range trace.Children {
		subkeys[pass.Subkey] = pass.Skipped || pass.Truth == yes
	}
	require.Len(t, subkeys, 2)
	require.True(t, subkeys[`SOFTWARE\Birkensee\Instances\main`])
}

// Every part that cannot be judged names its fact, not only the first.
func TestTraceNamesAllMissingFacts(t *testing.T) {
	trace := explain(t, laboratory(), `<And><b.Memory MinSizeInMB="4"/><b.Camera Location="rear"/><Or><True/><b.NFC Capability="x"/></Or>`+
		`<Or><b.Memory MinSizeInMB="8"/><b.InstalledOnce/></Or></And>`, applicability.ThreeValued)
	require.Equal(t, []string{"equipment.memory", "equipment.cameras"}, trace.Missing(), "what was skipped or has no update to ask for is not among them")
}

func TestTraceJSON(t *testing.T) {
	trace := explain(t, laboratory(), `<Or><b.RegDword `+viewer+` Value="Seats" Comparison="EqualTo" Data="5"/><b.Memory MinSizeInMB="4"/></Or>`, applicability.ThreeValued)
	data, err := json.Marshal(trace)
	require.NoError(t, err)
	require.JSONEq(t, `{"rule":"Or","truth":"true",
		"reason":"registry HKLM\\SOFTWARE\\Lindenhof\\Viewer value Seats is 5, asked for EqualTo 5",
		"children":[
			{"rule":"RegDword","truth":"true",
				"attributes":[{"name":"Key","value":"HKEY_LOCAL_MACHINE"},{"name":"Subkey","value":"SOFTWARE\\Lindenhof\\Viewer"},
					{"name":"Value","value":"Seats"},{"name":"Comparison","value":"EqualTo"},{"name":"Data","value":"5"}],
				"reason":"registry HKLM\\SOFTWARE\\Lindenhof\\Viewer value Seats is 5, asked for EqualTo 5",
				"value":"registry HKLM\\SOFTWARE\\Lindenhof\\Viewer value Seats is 5"},
			{"rule":"Memory","skipped":true,"attributes":[{"name":"MinSizeInMB","value":"4"}]}]}`, string(data))
	trace = explain(t, laboratory(), `<b.Memory MinSizeInMB="4"/>`, applicability.TwoValued)
	data, err = json.Marshal(trace)
	require.NoError(t, err)
	require.JSONEq(t, `{"rule":"Memory","truth":"false","attributes":[{"name":"MinSizeInMB","value":"4"}],
		"reason":"Memory: the machine's facts do not tell its memory",
		"error":{"rule":"Memory","code":"0x8024EFFF","fact":"equipment.memory","message":"Memory: the machine's facts do not tell its memory"}}`, string(data))
}

func TestTraceOfNoRule(t *testing.T) {
	trace, err := applicability.Explain(t.Context(), laboratory(), nil, nil, applicability.Options{})
	require.NoError(t, err)
	require.Equal(t, no, trace.Truth)
	require.Equal(t, "false    there is no rule\n", textOf(t, trace))
}

// MSI rules name what they ask for in children.
func TestTraceShowsTextsOfRules(t *testing.T) {
	trace := explain(t, laboratory(), `<m.MsiFeatureInstalledForProduct><Feature>Core</Feature><Product>{AAAA}</Product></m.MsiFeatureInstalledForProduct>`, applicability.TwoValued)
	require.Equal(t, []metadata.Attr{{Name: "Feature", Value: "Core"}, {Name: "Product", Value: "{AAAA}"}}, trace.Attrs)
}

// What stands in foreign documents neither breaks the lines nor steers the terminal that shows them.
func TestTraceTextIsOneLineEach(t *testing.T) {
	trace := explain(t, laboratory(), "<Or><True/><b.RegSz Key=\"HKEY_LOCAL_MACHINE\" Subkey=\"A&#10;\u009b31m\u202e\\B\" Value=\"é\"/></Or>", applicability.TwoValued)
	require.Equal(t, `true     Or
true       True: the rule always holds
skipped    RegSz Key="HKEY_LOCAL_MACHINE" Subkey="A  31m \B" Value="é"
`, textOf(t, trace))
}
