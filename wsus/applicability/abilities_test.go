package applicability_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// trial is one row of a truth table: a rule, what comes of it, and the fact that is missing where it cannot be judged. A fact of ""
// on such a row says that no fact would help.
type trial struct {
	rule    string
	want    applicability.Truth
	missing string
}

// tryAll also holds the two-valued logic and the trace to each row.
func tryAll(t *testing.T, facts applicability.Facts, data string, trials []trial) {
	t.Helper()
	for _, c := range trials {
		rule, meta := ruleOf(t, c.rule, data)
		options := applicability.Options{Logic: applicability.ThreeValued, Update: id('A')}
		got, err := applicability.Evaluate(t.Context(), facts, rule, meta, options)
		require.NoError(t, err)
		require.Equal(t, c.want, got.Truth, "%s\n%s", c.rule, got.Reason)
		trace, err := applicability.Explain(t.Context(), facts, rule, meta, options)
		require.NoError(t, err)
		require.Equal(t, got.Truth, trace.Truth, c.rule)
		if c.want == maybe {
			var typed *applicability.RuleError
			require.ErrorAs(t, got.Err, &typed, c.rule)
			require.Equal(t, c.missing, typed.Fact, c.rule)
		}
		if c.missing != "" {
			require.Contains(t, trace.Missing(), c.missing, c.rule)
		} else {
			require.Empty(t, trace.Missing(), c.rule)
		}
		options.Logic = applicability.TwoValued
		two, err := applicability.Evaluate(t.Context(), facts, rule, meta, options)
		require.NoError(t, err)
		require.Equal(t, c.want == yes, two.Truth == yes, c.rule)
		require.Equal(t, got.Err, two.Err, "an error stays one, it is no silent false")
	}
}

func TestAbilitiesOfMachines(t *testing.T) {
	level, revision := 6, 42
	m := able{machine: laboratory(),
		once:     map[uuid.UUID]bool{id('A'): true},
		licenses: map[string]applicability.Value{"kernel-edition": dword(7), "text-only": sz("x")},
		equipment: applicability.Equipment{Memory: 8192, VideoMemory: 512, FeatureLevel: &[2]int{11, 1},
			Sensors: []string{"{C2FB0F5F-E2D2-4C78-BCD0-352A9582819D}"}, NFC: []string{}, Cameras: []string{"front"}},
	}
	m.system.ProcessorLevel, m.system.ProcessorRevision = &level, &revision
	tryAll(t, m, "", []trial{
		{`<b.InstalledOnce/>`, yes, ""},

		{`<b.Memory MinSizeInMB="8192"/>`, yes, ""},
		{`<b.Memory MinSizeInMB="8193"/>`, no, ""},
		{`<b.Memory MinSizeInMB="1" Type="Fast"/>`, maybe, ""},
		{`<b.Memory MinSizeInMB="9000" Type="Fast"/>`, no, ""},
		{`<b.Memory/>`, maybe, ""},
		{`<b.VideoMemory MinSizeInMB="512"/>`, yes, ""},
		{`<b.VideoMemory MinSizeInMB="513"/>`, no, ""},
		{`<b.Direct3D FeatureLevelMajor="11" FeatureLevelMinor="1"/>`, yes, ""},
		{`<b.Direct3D FeatureLevelMajor="11" FeatureLevelMinor="2"/>`, no, ""},
		{`<b.Direct3D FeatureLevelMajor="10" FeatureLevelMinor="2"/>`, yes, ""},
		{`<b.Direct3D FeatureLevelMajor="12"/>`, no, ""},
		{`<b.Direct3D HardwareVersion="11"/>`, maybe, ""},
		{`<b.Direct3D HardwareVersion="11" FeatureLevelMajor="9"/>`, maybe, ""},
		{`<b.Direct3D HardwareVersion="11" FeatureLevelMajor="12"/>`, no, ""},
		{`<b.SensorById Id="c2fb0f5f-e2d2-4c78-bcd0-352a9582819d"/>`, yes, ""},
		{`<b.SensorById Id="{00000000-e2d2-4c78-bcd0-352a9582819d}"/>`, no, ""},
		{`<b.SensorById/>`, maybe, ""},
		{`<b.NFC Capability="Payment"/>`, no, ""},
		{`<b.Camera Location="Front"/>`, yes, ""},
		{`<b.Camera Location="Rear"/>`, no, ""},

		{`<b.Processor Architecture="9" Level="6" Revision="42"/>`, yes, ""},
		{`<b.Processor Architecture="9" Level="7"/>`, no, ""},
		{`<b.Processor Architecture="9" Revision="41"/>`, no, ""},

		{`<b.LicenseDword Value="Kernel-Edition" Comparison="EqualTo" Data="7"/>`, yes, ""},
		{`<b.LicenseDword Value="Kernel-Edition" Comparison="GreaterThan" Data="7"/>`, no, ""},
		{`<b.LicenseDword Value="Text-Only" Comparison="EqualTo" Data="7"/>`, no, ""},
		{`<b.LicenseDword Value="Unheard-Of" Comparison="EqualTo" Data="7"/>`, no, ""},
		{`<b.LicenseDword Value="Kernel-Edition" Comparison="EqualTo" Data="-7"/>`, maybe, ""},
		{`<b.LicenseValueExists Value="Text-Only"/>`, yes, ""},
		{`<b.LicenseValueExists Value="Unheard-Of"/>`, no, ""},
		{`<b.LicenseValueExists/>`, maybe, ""},

		{`<b.GenericQuery Namespace="n" Type="t" Parameter="p"/>`, maybe, ""},
	})
	other := applicability.Options{Logic: applicability.ThreeValued, Update: id('B')}
	rule, _ := ruleOf(t, `<b.InstalledOnce/>`, "")
	r, err := applicability.Evaluate(t.Context(), m, rule, nil, other)
	require.NoError(t, err)
	require.Equal(t, no, r.Truth, "another update's installation")
}

// The same rules where the machine does not tell.
func TestMissingAbilitiesAreNamed(t *testing.T) {
	silent := laboratory()
	silent.system.Processors, silent.system.Language = 0, ""
	trials := []trial{
		{`<b.Memory MinSizeInMB="1"/>`, maybe, "equipment.memory"},
		{`<b.VideoMemory MinSizeInMB="1"/>`, maybe, "equipment.videoMemory"},
		{`<b.Direct3D FeatureLevelMajor="9"/>`, maybe, "equipment.featureLevel"},
		{`<b.SensorById Id="x"/>`, maybe, "equipment.sensors"},
		{`<b.NFC Capability="x"/>`, maybe, "equipment.nfc"},
		{`<b.Camera Location="front"/>`, maybe, "equipment.cameras"},
	}
	tryAll(t, able{machine: silent}, "", trials)
	tryAll(t, silent, "", append(trials,
		trial{`<b.InstalledOnce/>`, maybe, "history"},
		trial{`<b.WmiQuery WqlQuery="select * from Thing"/>`, maybe, `wmi root\cimv2: select * from Thing`},
		trial{`<b.NumberOfProcessors Comparison="EqualTo" Number="1"/>`, maybe, "system.processors"},
		trial{`<b.WindowsLanguage Language="de"/>`, maybe, "system.language"},
		trial{`<b.Processor Architecture="9" Level="6"/>`, maybe, "system.processorLevel"},
		trial{`<b.Processor Architecture="9" Revision="6"/>`, maybe, "system.processorRevision"},
		trial{`<b.Processor Architecture="0" Level="6"/>`, no, ""},
		trial{`<b.LicenseDword Value="x" Comparison="EqualTo" Data="1"/>`, no, ""},
		trial{`<b.LicenseValueExists Value="x"/>`, no, ""},
	))
	tryAll(t, silent, `<d.WindowsDriverMetaData HardwareID="a" DriverVerDate="2020-01-01" DriverVerVersion="1.0.0.0"/>`, []trial{
		{`<d.WindowsDriverInstalled/>`, maybe, "devices"},
		{`<d.WindowsDriverSuperseded/>`, maybe, "devices"},
		{`<d.WindowsDriverInstallable/>`, maybe, "devices"},
	})
	tryAll(t, silent, manifest("new"), []trial{{`<CbsPackageInstallable/>`, maybe, "servicing stack on package new~k~amd64~~1.0.0.0"}})
}

func TestClusters(t *testing.T) {
	owner := func(suffix string) string {
		return `<b.ClusterResourceOwner ` + viewer + ` Value="Channel" Prefix="SQL (" Suffix="` + suffix + `"/>`
	}
	m := able{machine: laboratory(), node: true, resources: map[string]bool{"sql (stable)": true, "sql (stable]": false}}
	tryAll(t, m, "", []trial{{`<b.ClusteredOS/>`, no, ""}, {owner(")"), no, ""}})
	m.registry[`system\currentcontrolset\services\clussvc`] = nil
	tryAll(t, m, "", []trial{
		{`<b.ClusteredOS/>`, yes, ""},
		{owner(")"), yes, ""},
		{owner("]"), no, ""},
		{owner("}"), no, ""},
		{`<b.ClusterResourceOwner ` + viewer + ` Value="Nothing"/>`, no, ""},
	})
	tryAll(t, m.machine, "", []trial{{`<b.ClusteredOS/>`, maybe, "cluster"}, {owner(")"), maybe, "cluster"}})
	m.node = false
	tryAll(t, m, "", []trial{{`<b.ClusteredOS/>`, no, ""}})
}
