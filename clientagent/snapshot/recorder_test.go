package snapshot_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// sample is the sample catalogue, as a scan takes it.
func sample(t testing.TB) []*metadata.Core {
	t.Helper()
	var cores []*metadata.Core
	require.NoError(t, fs.WalkDir(catalog.Files(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".xml") {
			return err
		}
		doc, err := fs.ReadFile(catalog.Files(), name)
		if err != nil {
			return err
		}
		u, err := metadata.Parse(doc)
		if err == nil {
			cores = append(cores, &u.Core)
		}
		return err
	}))
	require.NotEmpty(t, cores)
	return cores
}

func verdicts(t testing.TB, facts applicability.Facts, cores []*metadata.Core) map[string]applicability.State {
	t.Helper()
	scan := applicability.NewScan(facts, applicability.Options{})
	scan.Add(cores...)
	all, err := scan.Verdicts(t.Context())
	require.NoError(t, err)
	states := map[string]applicability.State{}
	for id, v := range all {
		states[id.String()] = v.State
	}
	return states
}

// What a scan asked is enough for the same scan, and far less than the machine.
func TestRecordedMachineScansAlike(t *testing.T) {
	cores := sample(t)
	for _, name := range []string{"windows10-22h2", "windows11-24h2", "server2022"} {
		t.Run(name, func(t *testing.T) {
			m := shipped(t, name)
			recorder := snapshot.Record("recorded.lab.example", m)
			want := verdicts(t, recorder, cores)
			require.Equal(t, verdicts(t, m, cores), want, "a recorder changes nothing")

			recorded, err := recorder.Machine(t.Context())
			require.NoError(t, err)
			require.Equal(t, "recorded.lab.example", recorded.Name())
			require.Equal(t, want, verdicts(t, recorded, cores))
			text := encoded(t, recorded)
			again := decoded(t, text)
			require.Equal(t, text, encoded(t, again))
			require.Equal(t, want, verdicts(t, again, cores))
		})
	}
}

func TestRecordedMachineTellsWhatWasAskedOnly(t *testing.T) {
	m := decoded(t, `{"name": "pc", "system": {"version": [10, 0, 19045, 1], "architecture": 9},
		"registry": {"HKLM\\SOFTWARE\\A\\B": {"x": {"type": "REG_SZ", "data": "1"}}, "HKLM\\SOFTWARE\\WOW6432Node\\C": {}},
		"files": {"C:\\a.dll": {"version": "1.2.3.4", "size": 5}}, "products": {"{P}": {"version": "1.0", "language": 1033, "features": ["F"]}},
		"packages": {"Package~x": 112}, "wmi": {"root\\cimv2": {"SELECT * FROM A": 2}}}`)
	ctx := t.Context()
	r := snapshot.Record("pc", m)
	_, err := r.Registry(ctx, applicability.Native, `software\a`)
	require.NoError(t, err)
	_, err = r.Registry(ctx, applicability.WOW64, `SOFTWARE\C`)
	require.NoError(t, err)
	_, err = r.Registry(ctx, applicability.Native, `SOFTWARE\None`)
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = r.File(ctx, `C:\A.DLL`)
	require.NoError(t, err)
	_, err = r.Query(ctx, `root\cimv2`, "SELECT * FROM A")
	require.NoError(t, err)
	recorded, err := r.Machine(ctx)
	require.NoError(t, err)

	// Asked for: as it was, or absent.
	k, err := recorded.Registry(ctx, applicability.Native, `SOFTWARE\A`)
	require.NoError(t, err)
	require.Equal(t, []string{"B"}, k.Subkeys)
	_, err = recorded.Registry(ctx, applicability.WOW64, `Software\C`)
	require.NoError(t, err)
	_, err = recorded.Registry(ctx, applicability.Native, `SOFTWARE\WOW6432Node\C`)
	require.NoError(t, err, "the same key in its native view")
	_, err = recorded.Registry(ctx, applicability.Native, `SOFTWARE\None`)
	require.ErrorIs(t, err, applicability.ErrNotFound)
	f, err := recorded.File(ctx, `c:\a.dll`)
	require.NoError(t, err)
	require.Equal(t, applicability.File{Version: [4]int{1, 2, 3, 4}, HasVersion: true, Size: 5}, f)
	n, err := recorded.Query(ctx, `ROOT\CIMV2`, "select * from a")
	require.NoError(t, err)
	require.Equal(t, 2, n)

	// Not asked for: nobody knows, whether the machine has it or not. That is not the same as absent.
	for fact, ask := range map[string]func() error{
		`registry key HKLM\SOFTWARE\A\B`: func() error { _, err := recorded.Registry(ctx, applicability.Native, `SOFTWARE\A\B`); return err },
		`registry key HKLM\SOFTWARE\C`:   func() error { _, err := recorded.Registry(ctx, applicability.Native, `SOFTWARE\C`); return err },
		`file C:\b.dll`:                  func() error { _, err := recorded.File(ctx, `C:\b.dll`); return err },
		`MSI product {P}`:                func() error { _, err := recorded.Product(ctx, "{P}"); return err },
		`servicing package Package~x`:    func() error { _, err := recorded.Package(ctx, "Package~x"); return err },
	} {
		err := ask()
		var missing *snapshot.NotRecordedError
		require.True(t, errors.As(err, &missing), fact)
		require.Equal(t, fact, missing.Fact)
		require.NotErrorIs(t, err, applicability.ErrNotFound)
	}
	_, err = recorded.Query(ctx, `root\cimv2`, "SELECT * FROM B")
	require.Error(t, err)
}

// A question that could not be answered is not recorded as absence.
func TestRecorderKeepsNoFailure(t *testing.T) {
	r := snapshot.Record("pc", failing{shipped(t, "server2022")})
	_, err := r.File(t.Context(), `C:\locked`)
	require.ErrorIs(t, err, errLocked)
	_, err = r.Query(t.Context(), `root\cimv2`, "SELECT * FROM A")
	require.ErrorContains(t, err, "no WMI queries")
	recorded, err := r.Machine(t.Context())
	require.NoError(t, err)
	_, err = recorded.File(t.Context(), `C:\locked`)
	var missing *snapshot.NotRecordedError
	require.ErrorAs(t, err, &missing)
}

var errLocked = errors.New("access is denied")

type failing struct{ applicability.Facts }

func (failing) File(context.Context, string) (applicability.File, error) {
	return applicability.File{}, errLocked
}

func TestAskedIsRead(t *testing.T) {
	_, err := snapshot.Decode(strings.NewReader(`{"name": "pc", "system": {"version": [10, 0, 1, 1]}, "asked": {"registry": ["SOFTWARE\\A"]}}`))
	require.ErrorContains(t, err, `asked registry key "SOFTWARE\\A" is not of the form HKLM\SOFTWARE\…`)
	_, err = snapshot.Decode(strings.NewReader(`{"name": "pc", "system": {"version": [10, 0, 1, 1]}, "asked": {"what": []}}`))
	require.ErrorContains(t, err, "unknown field")
}
