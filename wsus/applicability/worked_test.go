package applicability_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// A definition update of an invented scanner, in the shape of real ones: two files by a folder out of the registry, a list of
// versions that get a smaller package, a version that is blocked, and a flag that forces the full one.
const (
	scanner             = `Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Eschbach\Scanner`
	definitionInstalled = `<And><Not><b.RegDword ` + scanner + `\Signatures" Value="Type" Comparison="EqualTo" Data="1" /></Not>` +
		`<b.FileVersionPrependRegSz Path="a.sig" Comparison="GreaterThanOrEqualTo" Version="1.459.547.0" ` + scanner + `\Signatures" Value="Location" />` +
		`<b.FileVersionPrependRegSz Path="b.sig" Comparison="GreaterThanOrEqualTo" Version="1.459.547.0" ` + scanner + `\Signatures" Value="Location" />` +
		`<Not><b.RegDword ` + scanner + `\Misc" Value="DeltaFailure" Comparison="GreaterThanOrEqualTo" Data="1" /></Not></And>`
	definitionInstallable = `<And><Not><And><b.RegValueExists ` + scanner + `\Blocked" Value="1.459.547.0" Type="REG_BINARY" />` +
		`<b.FileVersionPrependRegSz Path="a.sig" Comparison="GreaterThan" Version="0.0.0.0" ` + scanner + `\Signatures" Value="Location" /></And></Not>` +
		`<Or><b.RegDword ` + scanner + `\Misc" Value="DisableDelta" Comparison="GreaterThanOrEqualTo" Data="1" /><Not><Or>` +
		`<And><b.FileVersionPrependRegSz Path="a.sig" Comparison="EqualTo" Version="1.459.540.0" ` + scanner + `\Signatures" Value="Location" />` +
		`<b.FileVersionPrependRegSz Path="b.sig" Comparison="EqualTo" Version="1.459.540.0" ` + scanner + `\Signatures" Value="Location" /></And>` +
		`</Or></Not></Or></And>`
)

// scanned is a machine with two signature files; more values of the registry are written as "key value number".
func scanned(a, b string, values ...string) *machine {
	m := &machine{registry: map[string]map[string]applicability.Value{}, files: map[string]applicability.File{}}
	put := func(key, name string, v applicability.Value) {
		key = strings.ToLower(`SOFTWARE\Eschbach\Scanner\` + key)
		if m.registry[key] == nil {
			m.registry[key] = map[string]applicability.Value{}
		}
		m.registry[key][strings.ToLower(name)] = v
	}
	if a != "" {
		put("Signatures", "Location", sz(`C:\Signatures`))
	}
	for name, version := range map[string]string{"a.sig": a, "b.sig": b} {
		if v, err := applicability.ParseVersion(version); err == nil {
			m.files[`c:\signatures\`+name] = applicability.File{Version: v, HasVersion: true}
		}
	}
	for _, v := range values {
		words := strings.Fields(v)
		put(words[0], words[1], map[string]applicability.Value{"1": dword(1), "binary": {Type: "REG_BINARY"}}[words[2]])
	}
	return m
}

func TestWorkedDefinitionUpdate(t *testing.T) {
	const now, old, listed = "1.459.547.0", "1.459.500.0", "1.459.540.0"
	for name, c := range map[string]struct {
		rule string
		m    *machine
		want applicability.Truth
	}{
		"both files new":            {definitionInstalled, scanned(now, now), yes},
		"one file older":            {definitionInstalled, scanned(now, "1.459.546.0"), no},
		"a failure is noted":        {definitionInstalled, scanned(now, now, "Misc DeltaFailure 1"), no},
		"other type of signatures":  {definitionInstalled, scanned(now, now, "Signatures Type 1"), no},
		"old files":                 {definitionInstallable, scanned(old, old), yes},
		"files of the list":         {definitionInstallable, scanned(listed, listed), no},
		"files of the list, forced": {definitionInstallable, scanned(listed, listed, "Misc DisableDelta 1"), yes},
		"one file of the list":      {definitionInstallable, scanned(listed, "1.459.539.0"), yes},
		"no location":               {definitionInstallable, scanned("", ""), yes},
		"blocked":                   {definitionInstallable, scanned(old, old, "Blocked 1.459.547.0 binary"), no},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, evaluate(t, c.m, c.rule, "").Truth)
		})
	}
}

// system builds a machine that has nothing but a system.
func system(version string, productType, architecture int) *machine {
	v, err := applicability.ParseVersion(version)
	if err != nil {
		panic(err)
	}
	return &machine{system: applicability.System{Version: v, ProductType: productType, Architecture: architecture}}
}

func withUBR(m *machine, n uint64) *machine {
	m.registry = map[string]map[string]applicability.Value{`software\microsoft\windows nt\currentversion`: {"ubr": dword(n)}}
	return m
}

func withProduct(m *machine, code, version string) *machine {
	m.products = map[string]applicability.Product{strings.ToLower(code): {Version: version}}
	return m
}

// A condition by build, with the revision of one build out of the registry, in the shape of a real detectoid.
func TestWorkedBuilds(t *testing.T) {
	const rule = `<Or><b.WindowsVersion Comparison="LessThan" MajorVersion="10" MinorVersion="0" BuildNumber="14393" />` +
		`<b.WindowsVersion Comparison="GreaterThanOrEqualTo" MajorVersion="10" MinorVersion="0" BuildNumber="17763" />` +
		`<And><b.WindowsVersion Comparison="EqualTo" MajorVersion="10" MinorVersion="0" BuildNumber="14393" />` +
		`<b.RegDword Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Microsoft\Windows NT\CurrentVersion" Value="UBR" Comparison="GreaterThanOrEqualTo" Data="2515" /></And></Or>`
	for _, c := range builds() {
		require.Equal(t, c.want, evaluate(t, c.m, rule, "").Truth, c.m.system.Version)
	}
}

type onMachine struct {
	m    *machine
	want applicability.Truth
}

func builds() []onMachine {
	return []onMachine{
		{system("10.0.10240", 1, 9), yes},
		{withUBR(system("10.0.14393", 1, 9), 2515), yes},
		{withUBR(system("10.0.14393", 1, 9), 2514), no},
		{system("10.0.17133", 1, 9), no},
		{system("6.3.9600", 1, 9), yes},
		{system("10.0.26200", 1, 9), yes},
	}
}

// The rules of the captured documents and fragments, with the answers that were worked out by hand for them.
func TestWorkedCaptures(t *testing.T) {
	shared := sharedTestdata(t)
	read := func(name string) *metadata.Core {
		data, err := os.ReadFile(filepath.Join(shared, filepath.FromSlash(name)))
		require.NoError(t, err)
		if strings.HasPrefix(name, "update-xml/") {
			u, err := metadata.Parse(data)
			require.NoError(t, err)
			return &u.Core
		}
		core, err := metadata.ParseCore(string(data))
		require.NoError(t, err)
		return core
	}
	check := func(core *metadata.Core, rule *metadata.Node, cases ...onMachine) {
		for i, c := range cases {
			r, err := applicability.Evaluate(t.Context(), c.m, rule, core.Rules.Metadata, three)
			require.NoError(t, err)
			require.Equal(t, c.want, r.Truth, "%v case %d: %s", core.UpdateID, i, r.Reason)
		}
	}
	company := read("update-xml/56309036-4c77-4dd9-951a-99ee9c246a94-r101.xml")
	check(company, company.Rules.IsInstalled, onMachine{&machine{}, yes})
	category := read("update-xml/dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202.xml")
	check(category, category.Rules.IsInstalled,
		onMachine{system("10.0.26200", 1, 9), yes}, onMachine{system("6.1", 1, 9), no}, onMachine{system("10.0.20348", 3, 9), no})
	byBuild := read("fragments/detectoids/853953d3-98c9-4e6d-9479-84baaa84f28c-r202.core.xml")
	check(byBuild, byBuild.Rules.IsInstalled, builds()...)
	office := read("fragments/detectoids/44AEFCED-EC2A-4043-82BC-641FB00DAEC2-r105.core.xml")
	check(office, office.Rules.IsInstalled, onMachine{withProduct(&machine{}, "{90140000-001f-044b-0000-0000000ff1ce}", "14.0"), yes}, onMachine{&machine{}, no})
	bounds := read("fragments/detectoids/9ed8c78e-7f8a-42ec-86f6-3c1419c42577-r200.core.xml")
	const bounded = "{a3f10264-7a87-4473-8f4a-0b4bcef2e7b1}"
	check(bounds, bounds.Rules.IsInstalled,
		onMachine{withProduct(system("10.0", 1, 9), bounded, "4.1.3441.0"), yes}, onMachine{withProduct(system("10.0", 1, 9), bounded, "4.1.3442.0"), no},
		onMachine{withProduct(system("10.0", 1, 0), bounded, "4.1.3441.0"), no})
	wow := read("fragments/detectoids/69655950-ab30-40fe-84d4-08301d04702f-r100.core.xml")
	check(wow, wow.Rules.IsInstalled, onMachine{&machine{registry: map[string]map[string]applicability.Value{`software\microsoft\devdiv\vstf\servicing\8.0\perf`: {}}}, no})
	upgrade := read("fragments/osinstaller-core.xml")
	device := func(sku, version string) *machine {
		m := system(version, 1, 12)
		m.system.Attributes = map[string]string{"OSSkuId": sku, "OSVersion": version}
		return m
	}
	check(upgrade, upgrade.Rules.IsInstallable,
		onMachine{device("4", "10.0.22621.100"), yes}, onMachine{device("119", "10.0.22621.100"), no}, onMachine{device("4", "10.0.26100.1"), no})
	rollup := read("fragments/cbs-dotnet-core-reduced.xml")
	const identity = "package_for_dotnetrollup_481~31bf3856ad364e35~amd64~~10.0.9082.7"
	check(rollup, rollup.Rules.IsInstalled,
		onMachine{&machine{packages: map[string]int{identity: 112}}, yes}, onMachine{&machine{packages: map[string]int{identity: 96}}, no})
	checkDefender(t, read("update-xml/266f6222-c89d-43f2-9f8a-69340271e677-r200.xml"))
}

func checkDefender(t *testing.T, core *metadata.Core) {
	const root = `software\microsoft\windows defender`
	defender := func(a, b string, extra ...func(*machine)) *machine {
		m := scanned(a, b)
		m.registry = map[string]map[string]applicability.Value{
			root + `\signature updates`: {"signaturelocation": sz(`C:\Signatures`)},
			root:                        {"installlocation": sz(`C:\Defender`)},
		}
		for from, to := range map[string]string{"a.sig": "mpasdlta.vdm", "b.sig": "mpavdlta.vdm"} {
			m.files[`c:\signatures\`+to] = m.files[`c:\signatures\`+from]
		}
		m.files[`c:\defender\mpclient.dll`] = applicability.File{Version: [4]int{4, 18, 0, 0}, HasVersion: true}
		for _, e := range extra {
			e(m)
		}
		return m
	}
	misc := func(name string) func(*machine) {
		return func(m *machine) {
			m.registry[root+`\miscellaneous configuration`] = map[string]applicability.Value{name: dword(1)}
		}
	}
	nowhere := func(m *machine) { delete(m.registry, root+`\signature updates`) }
	blocked := func(m *machine) {
		m.registry[root+`\diagnostics\blockedversions\signatures`] = map[string]applicability.Value{"1.459.547.0": {Type: "REG_BINARY"}}
	}
	const now, old, listed = "1.459.547.0", "1.459.500.0", "1.459.540.0"
	for i, c := range []struct {
		rule *metadata.Node
		onMachine
	}{
		{core.Rules.IsInstalled, onMachine{defender(now, now), yes}},
		{core.Rules.IsInstalled, onMachine{defender(now, "1.459.546.0"), no}},
		{core.Rules.IsInstalled, onMachine{defender(now, now, misc("deltaupdatefailure")), no}},
		{core.Rules.IsInstallable, onMachine{defender(old, old), yes}},
		{core.Rules.IsInstallable, onMachine{defender(listed, listed), no}},
		{core.Rules.IsInstallable, onMachine{defender(listed, listed, misc("disabledeltapatch")), yes}},
		{core.Rules.IsInstallable, onMachine{defender(listed, "1.459.539.0"), yes}},
		{core.Rules.IsInstallable, onMachine{defender(old, old, nowhere), yes}},
		{core.Rules.IsInstallable, onMachine{defender(old, old, blocked), no}},
	} {
		r, err := applicability.Evaluate(t.Context(), c.m, c.rule, core.Rules.Metadata, three)
		require.NoError(t, err)
		require.Equal(t, c.want, r.Truth, "case %d: %s", i, r.Reason)
	}
}

// sharedTestdata is where real captures lie, beside the module.
func sharedTestdata(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	folder := filepath.Join(filepath.Dir(dir), "shared", "testdata")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("shared/testdata is not here")
	}
	return folder
}
