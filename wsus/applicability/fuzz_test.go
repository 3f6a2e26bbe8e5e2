package applicability_test

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Whatever stands in a rule, it has one of three truths, its opposite is the opposite, and unknown says why.
func FuzzRule(f *testing.F) {
	for _, rule := range []string{
		`<And><True/><Not><False/></Not></And>`, definitionInstalled, definitionInstallable,
		`<b.RegKeyLoop ` + instance + ` TrueIf="All"><b.RegSz ` + looped + ` Value="Edition" Comparison="EqualTo" Data="x"/></b.RegKeyLoop>`,
		`<b.FileExists Csidl="38" Path="\Lindenhof\%windir%\viewer.exe" Version="1.0"/>`,
		`<m.MsiProductInstalled ProductCode="{AAAA}" VersionMin="4.2.0" ExcludeVersionMax="true"/>`,
		`<b.WindowsVersion Comparison="LessThan" MajorVersion="10" BuildNumber="1" SuiteMask="2"/>`,
		`<DeviceAttribute Name="OSVersion" Type="Version" Comparison="LessThan" Value="10.0"/>`,
		`<CbsPackageInstalled/>`, `<ProductReleaseInstalled Name="Microsoft.NetFX.x64" Version="1.2.3.4"/>`,
	} {
		f.Add(rule, manifest("new", "base"))
	}
	f.Fuzz(func(t *testing.T, rule, data string) {
		core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" /><Properties UpdateType="Software" />` +
			`<ApplicabilityRules><IsInstalled>` + rule + `</IsInstalled><Metadata>` + data + `</Metadata></ApplicabilityRules>`)
		if err != nil || core.Rules.IsInstalled == nil {
			return
		}
		r, err := applicability.Evaluate(t.Context(), laboratory(), core.Rules.IsInstalled, core.Rules.Metadata, three)
		require.NoError(t, err)
		require.NotEmpty(t, r.Reason)
		require.Equal(t, r.Truth == applicability.Unknown, r.Err != nil)
		not, err := applicability.Evaluate(t.Context(), laboratory(), &metadata.Node{Name: "Not", Children: []*metadata.Node{core.Rules.IsInstalled}}, core.Rules.Metadata, three)
		require.NoError(t, err)
		require.Equal(t, r.Truth.Not(), not.Truth)
		for _, logic := range []applicability.Logic{applicability.TwoValued, applicability.ThreeValued} {
			options := applicability.Options{Logic: logic, Update: id('A')}
			r, err := applicability.Evaluate(t.Context(), laboratory(), core.Rules.IsInstalled, core.Rules.Metadata, options)
			require.NoError(t, err)
			trace, err := applicability.Explain(t.Context(), laboratory(), core.Rules.IsInstalled, core.Rules.Metadata, options)
			require.NoError(t, err)
			require.Equal(t, []any{r.Truth, r.Reason, r.Err}, []any{trace.Truth, trace.Reason, trace.Err})
			require.False(t, logic == applicability.TwoValued && trace.Truth == applicability.Unknown)
			require.NoError(t, trace.WriteText(io.Discard))
			_, err = json.Marshal(trace)
			require.NoError(t, err)
		}
	})
}

func FuzzParseVersion(f *testing.F) {
	f.Add("10.0.19045.4291")
	f.Add("6.3")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := applicability.ParseVersion(s)
		if err != nil {
			return
		}
		again, err := applicability.ParseVersion(v.String())
		require.NoError(t, err)
		require.Equal(t, v, again)
	})
}
