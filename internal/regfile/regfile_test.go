package regfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/regfile"
)

const setup = `SOFTWARE\Microsoft\Update Services\Server\Setup`

var want = regfile.Want{setup: {"UsingSSL", "ServerCertificateName", "ContentDir", "PortNumber"}}

const editor = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\" + setup + "]\r\n"

func text(s string) regfile.Value   { return regfile.Value{Text: s} }
func number(n uint32) regfile.Value { return regfile.Value{Number: n, IsNumber: true} }

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want map[string]regfile.Value // nil: the key is not there
	}{
		"numbers and text": {editor + `"UsingSSL"=dword:00000001` + "\r\n" + `"ServerCertificateName"="wsus01.lab.example"`,
			map[string]regfile.Value{"usingssl": number(1), "servercertificatename": text("wsus01.lab.example")}},
		"case, blanks behind, LF": {"REGEDIT4\n[hkey_local_machine\\" + strings.ToUpper(setup) + "]\n\"USINGSSL\"=dword:0000000a  \n",
			map[string]regfile.Value{"usingssl": number(10)}},
		"escapes":         {editor + `"ContentDir"="D:\\WSUS \"new\""`, map[string]regfile.Value{"contentdir": text(`D:\WSUS "new"`)}},
		"text over lines": {editor + "\"ContentDir\"=\"one\r\n[two]\"\r\n\"UsingSSL\"=dword:0", map[string]regfile.Value{"contentdir": text("one\n[two]"), "usingssl": number(0)}},
		"expandable, UTF-16": {editor + "\"ContentDir\"=hex(2):25,00,44,00,\\\r\n  25,00,00,00",
			map[string]regfile.Value{"contentdir": text("%D%")}},
		"expandable, 8-bit": {"REGEDIT4\n[HKEY_LOCAL_MACHINE\\" + setup + "]\n\"ContentDir\"=hex(2):25,44,25,00",
			map[string]regfile.Value{"contentdir": text("%D%")}},
		"a later value counts":   {editor + "\"UsingSSL\"=dword:0\n\"UsingSSL\"=dword:1", map[string]regfile.Value{"usingssl": number(1)}},
		"value taken back":       {editor + "\"UsingSSL\"=dword:1\n\"UsingSSL\"=-", map[string]regfile.Value{}},
		"key taken back":         {editor + "\"UsingSSL\"=dword:1\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Update Services]\n\"UsingSSL\"=dword:2", nil},
		"a key beside it stays":  {editor + "\"UsingSSL\"=dword:1\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Update]", map[string]regfile.Value{"usingssl": number(1)}},
		"comment, default value": {editor + "; \"UsingSSL\"=dword:1\n@=\"x\"", map[string]regfile.Value{}},
		"keys are not wanted":    {editor + "\"EncryptionKey\"=hex:01,\\\r\n  02\r\n\"UsingSSL\"=dword:1", map[string]regfile.Value{"usingssl": number(1)}},
		"nonsense not wanted":    {editor + "\"EncryptionKey\"=?\n\"UsingSSL\"=dword:1", map[string]regfile.Value{"usingssl": number(1)}},
		"key below":              {strings.ReplaceAll(editor, "Setup]", `Setup\Below]`) + "\"UsingSSL\"=dword:1", nil},
		"another hive":           {strings.ReplaceAll(editor, "LOCAL_MACHINE", "CURRENT_USER") + "\"UsingSSL\"=dword:1", nil},
		"32-bit view":            {strings.ReplaceAll(editor, `SOFTWARE\`, `SOFTWARE\WOW6432Node\`) + "\"UsingSSL\"=dword:1", map[string]regfile.Value{"usingssl": number(1)}},
		"reg query": {"\r\nHKEY_LOCAL_MACHINE\\" + setup + "\r\n    UsingSSL    REG_DWORD    0x1\r\n    ContentDir    REG_EXPAND_SZ    D:\\My WSUS\r\n" +
			"    ServerCertificateName    REG_SZ    \r\n    EncryptionKey    REG_BINARY    01\r\n\r\nEnd of search: 3 match(es) found.\r\n",
			map[string]regfile.Value{"usingssl": number(1), "contentdir": text(`D:\My WSUS`), "servercertificatename": text("")}},
	} {
		for encoding, encode := range map[string]func(string) []byte{"8-bit": bytesOf, "UTF-16LE": utf16LE, "UTF-16BE": utf16BE} {
			t.Run(name+" "+encoding, func(t *testing.T) {
				file, err := regfile.Read(encode(c.file), want)
				require.NoError(t, err)
				require.Equal(t, c.want != nil, file.Has(setup))
				if c.want != nil {
					require.Equal(t, regfile.File{strings.ToLower(setup): c.want}, file)
				}
			})
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, says string }{
		"empty":             {"\r\n\r\n", "it is empty"},
		"something else":    {"\nhello", "line 2: not a registry export"},
		"binary":            {"MZ\x00\x01", "neither text nor UTF-16"},
		"half a character":  {"\xff\xfeW", "in the middle"},
		"too long":          {editor + strings.Repeat(" ", regfile.MaxBytes), "bytes"},
		"too many":          {editor + strings.Repeat("\"a\"=\"\"\n", regfile.MaxValues+1), "more than 20000 values"},
		"no data":           {editor + `"UsingSSL"`, "line 4: a value without data"},
		"no number":         {editor + `"UsingSSL"=dword:yes`, `line 4: UsingSSL: "yes" is not a number`},
		"large number":      {editor + `"UsingSSL"=dword:100000000`, "is not a number"},
		"other type":        {editor + `"UsingSSL"=qword:1`, "neither text nor a number"},
		"text without end":  {editor + `"ContentDir"="D:\\`, "the text has no end"},
		"no hexadecimal":    {editor + `"ContentDir"=hex(2):xy`, "not hexadecimal"},
		"query, no number":  {"HKEY_LOCAL_MACHINE\\" + setup + "\n    UsingSSL    REG_DWORD    one", `line 2: UsingSSL: "one" is not a number`},
		"query, other type": {"HKEY_LOCAL_MACHINE\\" + setup + "\n    UsingSSL    REG_BINARY    01", "REG_BINARY"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := regfile.Read([]byte(c.file), want)
			require.ErrorContains(t, err, c.says)
		})
	}
}

// A code page is read as far as it is ASCII.
func TestReadCodePage(t *testing.T) {
	file, err := regfile.Read([]byte("REGEDIT4\n[HKEY_LOCAL_MACHINE\\"+setup+"]\n\"UsingSSL\"=dword:1\n\"\xdcber\"=\"\xe4\"\n"), want)
	require.NoError(t, err)
	value, ok := file.Value(setup, "usingSSL")
	require.True(t, ok)
	require.Equal(t, number(1), value)
}

// The capture is what regedit exported of a client.
func TestReadCapture(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "testdata", "iis", "yassermorad-WSUS.reg"))
	if os.IsNotExist(err) {
		t.Skip("shared/testdata is not here")
	}
	require.NoError(t, err)
	const policies = `SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate`
	file, err := regfile.Read(data, regfile.Want{policies: {"WUServer"}, policies + `\AU`: {"UseWUServer"}, setup: {"UsingSSL"}})
	require.NoError(t, err)
	server, _ := file.Value(policies, "WUServer")
	use, _ := file.Value(policies+`\AU`, "UseWUServer")
	require.Equal(t, []regfile.Value{text("http://192.168.9.117:8530"), number(1)}, []regfile.Value{server, use})
	require.False(t, file.Has(setup))
}

func FuzzRead(f *testing.F) {
	export := editor + "\"UsingSSL\"=dword:00000001\r\n\"ContentDir\"=hex(2):25,00,\\\r\n 00,00\r\n\"ServerCertificateName\"=\"a\\\\b\"\r\n[-HKEY_LOCAL_MACHINE]\r\n"
	f.Add([]byte(export))
	f.Add(utf16LE(export))
	f.Add([]byte("HKEY_LOCAL_MACHINE\\" + setup + "\n    UsingSSL    REG_DWORD    0x1\n"))
	f.Add([]byte("REGEDIT4\n[\n\"\n\"a\"=\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := regfile.Read(data, want)
		if err != nil {
			require.Nil(t, file)
			return
		}
		for key, values := range file {
			require.Equal(t, strings.ToLower(setup), key)
			for name := range values {
				require.Contains(t, []string{"usingssl", "servercertificatename", "contentdir", "portnumber"}, name)
			}
		}
	})
}

func bytesOf(s string) []byte { return []byte(s) }

func utf16LE(s string) []byte {
	data := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(s)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return data
}

func utf16BE(s string) []byte {
	data := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(s)) {
		data = append(data, byte(unit>>8), byte(unit))
	}
	return data
}
