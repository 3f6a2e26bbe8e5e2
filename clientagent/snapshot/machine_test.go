package snapshot_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// A Machine is all that an agent can use of one.
var (
	_ clientagent.Machine           = (*snapshot.Machine)(nil)
	_ clientagent.HardwareReporter  = (*snapshot.Machine)(nil)
	_ clientagent.Restarter         = (*snapshot.Machine)(nil)
	_ clientagent.RestartWatcher    = (*snapshot.Machine)(nil)
	_ clientagent.UserWatcher       = (*snapshot.Machine)(nil)
	_ clientagent.MeterWatcher      = (*snapshot.Machine)(nil)
	_ clientagent.NetworkWatcher    = (*snapshot.Machine)(nil)
	_ clientagent.GroupPolicyReader = (*snapshot.Machine)(nil)
	_ applicability.WMI             = (*snapshot.Machine)(nil)
)

func shipped(t testing.TB, name string) *snapshot.Machine {
	t.Helper()
	f, err := snapshot.Shipped().Open(name + ".json")
	require.NoError(t, err)
	defer f.Close()
	m, err := snapshot.Decode(f)
	require.NoError(t, err)
	return m
}

func decoded(t testing.TB, text string) *snapshot.Machine {
	t.Helper()
	m, err := snapshot.Decode(strings.NewReader(text))
	require.NoError(t, err)
	return m
}

func encoded(t testing.TB, m *snapshot.Machine) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Encode(&b))
	return b.String()
}

func TestShippedMachines(t *testing.T) {
	for name, want := range map[string]struct {
		version           [4]int
		productType, sku  int
		language, product string
	}{
		"windows10-22h2": {[4]int{10, 0, 19045, 4291}, 1, 48, "en-US", "Windows 10 Pro"},
		"windows11-24h2": {[4]int{10, 0, 26100, 2033}, 1, 48, "de-DE", "Windows 11 Pro"},
		"server2022":     {[4]int{10, 0, 20348, 2402}, 3, 7, "en-US", "Windows Server 2022 Standard"},
	} {
		t.Run(name, func(t *testing.T) {
			m := shipped(t, name)
			s, err := m.System(t.Context())
			require.NoError(t, err)
			require.Equal(t, want.version, s.Version)
			require.Equal(t, want.productType, s.ProductType)
			require.Equal(t, want.sku, s.SKU)
			require.Equal(t, want.language, s.Language)
			require.Equal(t, want.product, m.Hardware().OSDescription)
			k, err := m.Registry(t.Context(), applicability.Native, `SOFTWARE\Microsoft\Windows NT\CurrentVersion`)
			require.NoError(t, err)
			require.Equal(t, uint64(want.version[3]), k.Values["ubr"].Number)
			f, err := m.File(t.Context(), `C:\Windows\System32\ntdll.dll`)
			require.NoError(t, err)
			require.Equal(t, want.version, f.Version)
			// Writing it down and reading it again changes nothing.
			text := encoded(t, m)
			require.Equal(t, text, encoded(t, decoded(t, text)))
		})
	}
	names, err := fs.Glob(snapshot.Shipped(), "*")
	require.NoError(t, err)
	require.Len(t, names, 3)
}

const small = `{
  "name": "pc1.lab.example",
  "hardware": {"manufacturer": "Falkenried Computer", "biosReleaseDate": "2024-03-12T00:00:00Z"},
  "system": {"version": [10, 0, 19045, 1], "architecture": 9, "productType": 1},
  "registry": {
    "HKLM\\SOFTWARE\\Lindenhof": {
      "": {"type": "REG_SZ", "data": "default"},
      "Seats": {"type": "REG_DWORD", "data": 5},
      "Big": {"type": "REG_QWORD", "data": 18446744073709551615},
      "Dir": {"type": "REG_EXPAND_SZ", "data": "%windir%"},
      "Lines": {"type": "REG_MULTI_SZ", "data": ["a", "b"]},
      "Blob": {"type": "REG_BINARY", "data": "00fF"}
    },
    "HKLM\\SOFTWARE\\Lindenhof\\Viewer\\Deep": {},
    "HKLM\\SOFTWARE\\WOW6432Node\\Tannwald": {"Version": {"type": "REG_SZ", "data": "1.8.3"}}
  },
  "files": {
    "C:\\Lindenhof\\viewer.exe": {"version": "4.2.0.117", "size": 10, "created": "2025-01-02T03:04:05Z", "language": 1033},
    "C:\\Lindenhof\\docs": {"folder": true}
  },
  "products": {"{ABCD}": {"version": "1.2.3", "language": 1033, "features": ["F"], "components": ["{C}"], "patches": ["{P}"], "superseded": ["{O}"], "sequences": {"Help": "1.2"}, "upgradeCode": "{U}"}},
  "packages": {"Base~k~amd64~~1.0": 112},
  "wmi": {"root\\cimv2": {"SELECT * FROM  Win32_Battery": 2}}
}`

func TestFacts(t *testing.T) {
	m := decoded(t, small)
	require.Equal(t, "pc1.lab.example", m.Name())
	require.Equal(t, "Falkenried Computer", m.Hardware().Manufacturer)
	k, err := m.Registry(t.Context(), applicability.Native, `software\LINDENHOF`)
	require.NoError(t, err)
	require.Equal(t, applicability.Key{
		Values: map[string]applicability.Value{
			"": {Type: "REG_SZ", Text: "default"}, "seats": {Type: "REG_DWORD", Number: 5}, "big": {Type: "REG_QWORD", Number: 1<<64 - 1},
			"dir": {Type: "REG_EXPAND_SZ", Text: "%windir%"}, "lines": {Type: "REG_MULTI_SZ", Text: "a\nb"}, "blob": {Type: "REG_BINARY", Text: "00fF"},
		},
		Subkeys: []string{"Viewer"},
	}, k)
	f, err := m.File(t.Context(), `c:\lindenhof\VIEWER.exe`)
	require.NoError(t, err)
	require.Equal(t, applicability.File{Version: [4]int{4, 2, 0, 117}, HasVersion: true, Size: 10, Created: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), Language: 1033}, f)
	for _, folder := range []string{`C:\Lindenhof`, `C:\`, `C:\Lindenhof\docs`} {
		_, err = m.File(t.Context(), folder)
		require.NoError(t, err, folder)
	}
	p, err := m.Product(t.Context(), "{abcd}")
	require.NoError(t, err)
	require.Equal(t, applicability.Product{Version: "1.2.3", Language: 1033, Features: []string{"F"}, Components: []string{"{C}"}, Patches: []string{"{P}"},
		Superseded: []string{"{O}"}, UpgradeCode: "{U}", Sequences: map[string]string{"Help": "1.2"}}, p)
	state, err := m.Package(t.Context(), "base~K~amd64~~1.0")
	require.NoError(t, err)
	require.Equal(t, 112, state)
	n, err := m.Query(t.Context(), `ROOT\cimv2`, "select *  from win32_battery")
	require.NoError(t, err)
	require.Equal(t, 2, n)
}

func TestFactsThatAreMissing(t *testing.T) {
	m := decoded(t, small)
	_, err := m.Registry(t.Context(), applicability.Native, `SOFTWARE\Nobody`)
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = m.File(t.Context(), `C:\Linden`)
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = m.Product(t.Context(), "{0}")
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = m.Package(t.Context(), "a")
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = m.Query(t.Context(), `root\cimv2`, "SELECT * FROM Win32_Fan")
	require.EqualError(t, err, `the snapshot has no answer to "SELECT * FROM Win32_Fan" in root\cimv2`)
	require.NotErrorIs(t, err, applicability.ErrNotFound)
}

func TestRegistryViews(t *testing.T) {
	m := decoded(t, small)
	for _, c := range []struct {
		view  applicability.View
		key   string
		there bool
	}{
		{applicability.WOW64, `SOFTWARE\Tannwald`, true},
		{applicability.WOW64, `software\wow6432node\tannwald`, true},
		{applicability.Native, `SOFTWARE\Tannwald`, false},
		{applicability.Native, `SOFTWARE\WOW6432Node\Tannwald`, true},
		{applicability.WOW64, `SOFTWARE\Lindenhof`, false},
	} {
		_, err := m.Registry(t.Context(), c.view, c.key)
		require.Equal(t, c.there, err == nil, c.key)
	}
	old := decoded(t, strings.Replace(small, `"architecture": 9`, `"architecture": 0`, 1))
	_, err := old.Registry(t.Context(), applicability.WOW64, `SOFTWARE\Lindenhof`)
	require.NoError(t, err)
}

// Rules may look for packages in the registry, where the servicing stack keeps them.
func TestPackagesShowInTheRegistry(t *testing.T) {
	m := decoded(t, small)
	const packages = `SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages`
	k, err := m.Registry(t.Context(), applicability.Native, packages)
	require.NoError(t, err)
	require.Equal(t, []string{"Base~k~amd64~~1.0"}, k.Subkeys)
	k, err = m.Registry(t.Context(), applicability.Native, packages+`\BASE~k~amd64~~1.0`)
	require.NoError(t, err)
	require.Equal(t, applicability.Value{Type: "REG_DWORD", Number: 112}, k.Values["currentstate"])
	_, err = m.Registry(t.Context(), applicability.Native, packages+`\gone`)
	require.ErrorIs(t, err, applicability.ErrNotFound)
}

func TestDecodeNamesLineAndReason(t *testing.T) {
	section := func(name, body string) string {
		return "{\n\"name\": \"a\",\n\"system\": {\"version\": [10,0,1,1]},\n\"" + name + "\": " + body + "\n}"
	}
	key := func(values string) string {
		return section("registry", "{\n\"HKLM\\\\SOFTWARE\\\\A\": {\n"+values+"\n}}")
	}
	for name, c := range map[string]struct {
		text   string
		line   int
		reason string
	}{
		"empty":               {"", 1, "the file ends too early"},
		"not an object":       {"[]", 1, "[ where { should be"},
		"cut off":             {small[:len(small)-2], strings.Count(small, "\n"), "the file ends too early"},
		"no JSON":             {"{\n\"name\": x}", 2, "invalid character 'x' looking for beginning of value"},
		"more":                {section("files", "{}") + "\n{}", 5, "text after the end of the machine"},
		"unknown field":       {section("hostname", "1"), 4, `field "hostname" is not known`},
		"field twice":         {section("Name", `"b"`), 4, `"Name" stands twice`},
		"no name":             {`{"system": {"version": [10,0,1,1]}}`, 1, "name is missing"},
		"no version":          {`{"name": "a"}`, 1, "system.version is missing"},
		"unknown system":      {section("hardware", "{\"colour\": \"red\"}"), 4, `unknown field "colour"`},
		"other hive":          {section("registry", "{\n\"HKCU\\\\SOFTWARE\": {}}"), 5, `registry key "HKCU\\SOFTWARE" is not of the form HKLM\SOFTWARE\…`},
		"empty key":           {section("registry", "{\n\"HKLM\\\\A\\\\\\\\B\": {}}"), 5, `registry key "HKLM\\A\\\\B" is not of the form HKLM\SOFTWARE\…`},
		"key twice":           {section("registry", "{\"HKLM\\\\A\": {},\n\"HKLM\\\\a\": {}}"), 5, `"HKLM\\a" stands twice`},
		"value twice":         {key("\"V\": {\"type\": \"REG_SZ\", \"data\": \"\"},\n\"v\": {}"), 7, `"v" stands twice`},
		"unknown type":        {key("\n\"V\": {\"type\": \"REG_LINK\", \"data\": 1}"), 7, `value "V": type "REG_LINK" is not one of REG_SZ, REG_EXPAND_SZ, REG_DWORD, REG_QWORD, REG_MULTI_SZ, REG_BINARY`},
		"no data":             {key(`"V": {"type": "REG_SZ"}`), 6, `value "V": data is missing`},
		"text for a number":   {key(`"V": {"type": "REG_DWORD", "data": "1"}`), 6, `value "V": json: cannot unmarshal string into Go value of type uint32`},
		"number too large":    {key(`"V": {"type": "REG_DWORD", "data": 4294967296}`), 6, `value "V": json: cannot unmarshal number 4294967296 into Go value of type uint32`},
		"odd binary":          {key(`"V": {"type": "REG_BINARY", "data": "abc"}`), 6, `value "V": "abc" are no hexadecimal digits in pairs`},
		"unknown value field": {key(`"V": {"type": "REG_SZ", "date": ""}`), 6, `unknown field "date"`},
		"bad file version":    {section("files", `{"C:\\a": {"version": "one"}}`), 4, `"one" is not a version`},
		"negative size":       {section("files", `{"C:\\a": {"size": -1}}`), 4, `size of C:\a is negative`},
		"bad product":         {section("products", `{"{A}": {"version": ""}}`), 4, `product {A}: "" is not a version`},
		"bad package":         {section("packages", `{"A": "installed"}`), 4, "cannot unmarshal string into Go value of type int"},
		"bad count":           {section("wmi", `{"root": {"a": true}}`), 4, "cannot unmarshal bool into Go value of type int"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := snapshot.Decode(strings.NewReader(c.text))
			var syntax *snapshot.SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Equal(t, snapshot.SyntaxError{Line: c.line, Reason: c.reason}, *syntax)
		})
	}
}
