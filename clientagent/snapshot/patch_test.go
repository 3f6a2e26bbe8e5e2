package snapshot_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// patched is an MSP for the product of the small machine, with what its blob says beside the target.
func patched(t *testing.T, code, rule, blob string) *metadata.Core {
	return coreOf(t, rule, `<m.MsiPatchMetadata><MsiPatch PatchGUID="`+code+`"><TargetProductCode>{ABCD}</TargetProductCode>`+
		blob+`</MsiPatch></m.MsiPatchMetadata>`)
}

// A patch that is installed takes the place of those that it obsoletes, and of earlier ones of a family that it supersedes; the
// snapshot keeps that, and a recorder writes it.
func TestInstalledPatchSupersedes(t *testing.T) {
	m := decoded(t, small)
	install := func(code, blob string) {
		t.Helper()
		extended := `<ExtendedProperties Handler="` + handlers + `WindowsInstaller" /><HandlerSpecificData type="msp:WindowsInstaller"><MspData PatchCode="` + code + `" /></HandlerSpecificData>`
		_, err := m.Install(t.Context(), job(patched(t, code, "<m.MsiPatchInstalled/>", blob), extended))
		require.NoError(t, err)
	}
	sequence := func(number string, attributes int) string {
		return fmt.Sprintf(`<SequenceData><PatchFamily>Core</PatchFamily><Sequence>%s</Sequence><Attributes>%d</Attributes></SequenceData>`, number, attributes)
	}
	superseded := func(facts applicability.Facts, code, blob string) applicability.Truth {
		return truthOf(t, facts, patched(t, code, "<m.MsiPatchSuperseded/>", blob))
	}

	install("{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5101}", sequence("1.0", 1))
	require.Equal(t, applicability.False, superseded(m, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5100}", sequence("1.0", 0)), "the same place in the family")
	require.Equal(t, applicability.True, superseded(m, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5100}", sequence("0.9", 0)))
	install("{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5103}", sequence("3.0", 0))
	require.Equal(t, applicability.False, superseded(m, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5102}", sequence("2.0", 0)), "a patch that supersedes nothing")
	install("{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5104}", sequence("4.0", 1)+"<ObsoletedPatch>{0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e5103}</ObsoletedPatch>")
	install("{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5100}", sequence("0.5", 1))
	require.Equal(t, applicability.True, superseded(m, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5102}", sequence("2.0", 0)), "the family does not fall back")
	require.Equal(t, applicability.True, superseded(m, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5103}", ""), "obsoleted")
	require.Equal(t, applicability.False, truthOf(t, m, patched(t, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5103}", "<m.MsiPatchInstalled/>", "")))

	p, err := m.Product(t.Context(), "{ABCD}")
	require.NoError(t, err)
	require.Equal(t, []string{"{O}", "{0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e5103}"}, p.Superseded)
	require.Equal(t, map[string]string{"Core": "4.0", "Help": "1.2"}, p.Sequences)
	again, err := decoded(t, encoded(t, m)).Product(t.Context(), "{ABCD}")
	require.NoError(t, err)
	require.Equal(t, p, again)

	recorder := snapshot.Record("recorded.lab.example", m)
	require.Equal(t, applicability.True, superseded(recorder, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5102}", sequence("2.0", 0)))
	recorded, err := recorder.Machine(t.Context())
	require.NoError(t, err)
	require.Equal(t, applicability.True, superseded(recorded, "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5102}", sequence("2.0", 0)))
}

// Real handler data may name no patch; then the rules' metadata does.
func TestPatchCodeOfTheRules(t *testing.T) {
	const code = "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5107}"
	m := decoded(t, small)
	core := patched(t, code, "<m.MsiPatchInstalled/>", "")
	require.Equal(t, applicability.False, truthOf(t, m, core))
	_, err := m.Install(t.Context(), job(core, `<ExtendedProperties Handler="`+handlers+`WindowsInstaller" /><HandlerSpecificData type="msp:WindowsInstaller"><MspData CommandLine="REBOOT=ReallySuppress" /></HandlerSpecificData>`))
	require.NoError(t, err)
	require.Equal(t, applicability.True, truthOf(t, m, core))
}
