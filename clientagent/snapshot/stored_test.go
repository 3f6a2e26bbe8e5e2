package snapshot_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const nothingTold = `{"name": "pc1.lab.example", "system": {"version": [10, 0, 19045, 4291], "productType": 1, "sku": 48, "architecture": 9, "language": "en-US"}}`

func TestStoredMachinesOfAFolder(t *testing.T) {
	fsys := fstest.MapFS{
		"b.json": {Data: []byte(nothingTold)}, "a/deep.JSON": {Data: []byte(nothingTold)}, "notes.txt": {Data: []byte("x")},
		"damaged.json": {Data: []byte("{\n\"name\": ")}, "pipe.json": {Mode: fs.ModeNamedPipe}, "folder.json/x": {Data: []byte("x")},
	}
	var names []string
	failures := map[string]string{}
	for m := range snapshot.Stored(fsys) {
		names = append(names, m.Name)
		facts, err := m.Open(t.Context())
		if err != nil {
			failures[m.Name] = err.Error()
			continue
		}
		system, err := facts.System(t.Context())
		require.NoError(t, err)
		require.Equal(t, 19045, system.Version[2])
	}
	require.Equal(t, []string{"a/deep.JSON", "b.json", "damaged.json", "pipe.json"}, names)
	require.Equal(t, map[string]string{
		"damaged.json": "load machine: line 2: the file ends too early", "pipe.json": "load machine: pipe.json is no regular file",
	}, failures)
	for range snapshot.Stored(fsys) {
		break // it must be possible to stop
	}
	missing := slices.Collect(snapshot.Stored(locked{}))
	require.Len(t, missing, 1)
	_, err := missing[0].Open(t.Context())
	require.ErrorIs(t, err, fs.ErrPermission)
}

// locked is a folder that nobody may read.
type locked struct{}

func (locked) Open(string) (fs.File, error) { return nil, fs.ErrPermission }

// recorded is a shipped machine as far as judging the rule asked it.
func recorded(t *testing.T, name, rule string) *snapshot.Machine {
	t.Helper()
	machine := shipped(t, name)
	recorder := snapshot.Record(machine.Name(), machine)
	_, err := applicability.Evaluate(t.Context(), recorder, documentOf(t, 1, rule).Rules.IsInstallable, nil, applicability.Options{})
	require.NoError(t, err)
	told, err := recorder.Machine(t.Context())
	require.NoError(t, err)
	return decoded(t, encoded(t, told))
}

func documentOf(t *testing.T, n byte, rule string) *metadata.Core {
	t.Helper()
	core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="` + uuid.UUID{15: n}.String() + `" RevisionNumber="1" />` +
		`<Properties UpdateType="Software" ExplicitlyDeployable="true" /><ApplicabilityRules><IsInstallable>` + rule + `</IsInstallable></ApplicabilityRules>`)
	require.NoError(t, err)
	return core
}

// What a recording does not tell is named as an administrator looks for it. One machine was asked about the viewer, the other about
// nothing.
func TestWhatIfNamesWhatWasNotRecorded(t *testing.T) {
	const viewer = `<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer"/>`
	documents := []*metadata.Core{
		documentOf(t, 1, viewer),
		documentOf(t, 2, `<And>`+viewer+`<b.FileVersion Csidl="38" Path="\Lindenhof\Viewer\viewer.exe" Comparison="GreaterThan" Version="1.0"/></And>`),
		documentOf(t, 3, `<b.WmiQuery WqlQuery="SELECT * FROM Win32_Battery"/>`),
		documentOf(t, 4, `<Or><CbsPackageInstalledByIdentity PackageIdentity="Package_for_Odd~1~amd64~~1.0"/>`+
			`<m.MsiProductInstalled ProductCode="{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}"/></Or>`),
		documentOf(t, 5, `<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Tannwald" RegType32="true"/>`),
		documentOf(t, 6, `<b.Memory MinSizeInMB="4096"/>`),
	}
	told, silent := recorded(t, "windows11-24h2", viewer), recorded(t, "server2022", `<True/>`)
	machine := func(m *snapshot.Machine) applicability.Machine {
		return applicability.Machine{Name: m.Name(), Open: func(context.Context) (applicability.Facts, error) { return m, nil }}
	}
	impact, err := applicability.WhatIf(t.Context(), documents, slices.Values([]applicability.Machine{machine(told), machine(silent)}), applicability.WhatIfOptions{})
	require.NoError(t, err)
	facts := map[string][3]int{}
	for _, g := range impact.Missing {
		facts[g.Fact] = [3]int{g.Settles, g.Involved, g.Machines}
	}
	require.Equal(t, map[string][3]int{
		`registry HKLM\SOFTWARE\Lindenhof\Viewer`:           {1, 2, 1},
		`file C:\Program Files\Lindenhof\Viewer\viewer.exe`: {1, 2, 2},
		`wmi root\cimv2: SELECT * FROM Win32_Battery`:       {2, 2, 2},
		`package Package_for_Odd~1~amd64~~1.0`:              {0, 2, 2},
		`product {5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}`:    {0, 2, 2},
		`registry (32-bit view) HKLM\SOFTWARE\Tannwald`:     {2, 2, 2},
		`equipment.memory`:                                  {2, 2, 2},
	}, facts)
	require.Equal(t, 1, impact.Updates[0].Required, "the viewer is on one machine and not known on the other")
}

func ExampleStored() {
	core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" />` +
		`<Properties UpdateType="Software" ExplicitlyDeployable="true" /><ApplicabilityRules>` +
		`<IsInstalled><b.RegSzToVersion Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer" Value="Version" Comparison="GreaterThanOrEqualTo" Data="4.3.0" /></IsInstalled>` +
		`<IsInstallable><b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer" /></IsInstallable></ApplicabilityRules>`)
	if err != nil {
		fmt.Println(err)
		return
	}
	impact, err := applicability.WhatIf(context.Background(), []*metadata.Core{core}, snapshot.Stored(snapshot.Shipped()), applicability.WhatIfOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	u := impact.Updates[0]
	fmt.Printf("%d of %d machines need it, %d do not\n", u.Required, impact.Machines, u.NotApplicable)
	// Output: 2 of 3 machines need it, 1 do not
}
