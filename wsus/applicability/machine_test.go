package applicability_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// machine is the simplest thing that has Facts: maps by lower-case names. asked counts the questions.
type machine struct {
	system   applicability.System
	registry map[string]map[string]applicability.Value // view and key
	files    map[string]applicability.File
	products map[string]applicability.Product
	packages map[string]int
	queries  map[string]int
	broken   error
	asked    map[string]int
}

func (m *machine) ask(what string) error {
	if m.asked != nil {
		m.asked[what]++
	}
	return m.broken
}

func (m *machine) System(context.Context) (applicability.System, error) {
	return m.system, m.ask("system")
}

func (m *machine) Registry(_ context.Context, view applicability.View, key string) (applicability.Key, error) {
	name := strings.ToLower(key)
	if view == applicability.WOW64 {
		name = "32:" + name
	}
	if err := m.ask("registry " + name); err != nil {
		return applicability.Key{}, err
	}
	values, ok := m.registry[name]
	out := applicability.Key{Values: values}
	for other := range m.registry {
		if below, found := strings.CutPrefix(other, name+`\`); found {
			ok = true
			if !strings.Contains(below, `\`) {
				out.Subkeys = append(out.Subkeys, below)
			}
		}
	}
	if !ok {
		return applicability.Key{}, applicability.ErrNotFound
	}
	slices.Sort(out.Subkeys)
	return out, nil
}

func find[T any](m *machine, kind, name string, in map[string]T) (T, error) {
	v, ok := in[strings.ToLower(name)]
	if err := m.ask(kind + " " + strings.ToLower(name)); err != nil {
		return v, err
	}
	if !ok {
		return v, fmt.Errorf("%s %s: %w", kind, name, applicability.ErrNotFound)
	}
	return v, nil
}

func (m *machine) File(_ context.Context, path string) (applicability.File, error) {
	return find(m, "file", path, m.files)
}

func (m *machine) Product(_ context.Context, code string) (applicability.Product, error) {
	return find(m, "product", code, m.products)
}

func (m *machine) Package(_ context.Context, identity string) (int, error) {
	return find(m, "package", identity, m.packages)
}

// queryable is a machine that also answers WMI queries.
type queryable struct{ *machine }

func (m queryable) Query(_ context.Context, namespace, wql string) (int, error) {
	return find(m.machine, "query", namespace+" "+wql, m.queries)
}

func sz(s string) applicability.Value { return applicability.Value{Type: "REG_SZ", Text: s} }

func dword(n uint64) applicability.Value { return applicability.Value{Type: "REG_DWORD", Number: n} }

// laboratory is a 64-bit workstation with a little of everything.
func laboratory() *machine {
	at := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	return &machine{
		system: applicability.System{
			Version: [4]int{10, 0, 19045, 4291}, ProductType: 1, SuiteMask: 256 + 16, SKU: 48, Architecture: 9, Processors: 4,
			Language: "en-US", Metrics: map[int]int{86: 1}, Attributes: map[string]string{"CurrentBranch": "vb_release", "Odd": "x"},
		},
		registry: map[string]map[string]applicability.Value{
			`software\lindenhof\viewer`: {
				"": sz("default"), "version": sz("4.2.0"), "channel": sz("Stable"), "seats": dword(5), "odd": sz("four"),
				"dir": {Type: "REG_EXPAND_SZ", Text: `%ProgramFiles%\Lindenhof`}, "installdir": sz(`"C:\Program Files\Lindenhof\"`),
				"blob": {Type: "REG_BINARY", Text: "00ff"},
			},
			`32:software\tannwald`:                {"version": sz("1.8.3")},
			`software\birkensee\instances\main`:   {"edition": sz("Enterprise"), "port": dword(10)},
			`software\birkensee\instances\test`:   {"edition": sz("Developer"), "port": dword(20)},
			`32:software\birkensee\instances\x86`: {"edition": sz("Small")},
			`software\birkensee\instances`:        {},
			`software\empty`:                      {},
			strings.ToLower(`SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages\Package_for_DotNetRollup_481~31bf3856ad364e35~amd64~~10.0.9082.7`): {},
		},
		files: map[string]applicability.File{
			`c:\program files\lindenhof\viewer.exe`: {Version: [4]int{4, 2, 0, 117}, HasVersion: true, Size: 1000, Created: at, Modified: at, Language: 1033},
			`c:\program files\lindenhof\readme.txt`: {Size: 10},
			`c:\program files`:                      {},
			`c:\windows\system32\ntdll.dll`:         {Version: [4]int{10, 0, 19045, 4291}, HasVersion: true},
			`c:\windows\syswow64\ntdll.dll`:         {Version: [4]int{10, 0, 19045, 1}, HasVersion: true},
			`c:\program files (x86)\tannwald\a.exe`: {},
			`c:\programdata\lindenhof.ini`:          {},
		},
		products: map[string]applicability.Product{
			"{aaaa}": {Version: "4.2.0", Language: 1033, Features: []string{"Core", "Help"}, Components: []string{"{c1}"}, Patches: []string{"{P1}"}},
			"{bbbb}": {Version: "2.0", Language: 1031, Features: []string{"Core"}},
			"{cccc}": {Version: "two"},
		},
		packages: map[string]int{
			"base~k~amd64~~1.0.0.0": 112, "pending~k~amd64~~1.0.0.0": 96,
			"package_for_dotnetrollup_481~31bf3856ad364e35~amd64~~10.0.9082.7": 112,
		},
		queries: map[string]int{`root\cimv2 select * from win32_battery`: 1, `root\lab select * from thing`: 0},
	}
}

// ruleOf reads a rule, and optionally the children of Metadata, as a fragment has them.
func ruleOf(t testing.TB, rule, data string) (*metadata.Node, *metadata.Node) {
	t.Helper()
	core, err := metadata.ParseCore(`<UpdateIdentity UpdateID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001" RevisionNumber="1" /><Properties UpdateType="Software" />` +
		`<ApplicabilityRules><IsInstalled>` + rule + `</IsInstalled><Metadata>` + data + `</Metadata></ApplicabilityRules>`)
	require.NoError(t, err)
	return core.Rules.IsInstalled, core.Rules.Metadata
}

func evaluate(t *testing.T, facts applicability.Facts, rule, data string) applicability.Result {
	t.Helper()
	node, meta := ruleOf(t, rule, data)
	r, err := applicability.Evaluate(t.Context(), facts, node, meta, three)
	require.NoError(t, err)
	require.NotEmpty(t, r.Reason, rule)
	if r.Truth == applicability.Unknown {
		var typed *applicability.RuleError
		require.ErrorAs(t, r.Err, &typed, rule)
	} else {
		require.NoError(t, r.Err)
	}
	return r
}

// tables run one rule a row.
type row struct {
	rule string
	want applicability.Truth
}

func run(t *testing.T, facts applicability.Facts, rows []row) {
	t.Helper()
	for _, r := range rows {
		got := evaluate(t, facts, r.rule, "")
		require.Equal(t, r.want, got.Truth, "%s\n%s", r.rule, got.Reason)
	}
}
