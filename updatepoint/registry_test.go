package updatepoint_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
)

func export(version string, values ...string) string {
	return version + "\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Update Services\\Server\\Setup]\r\n" + strings.Join(values, "\r\n") + "\r\n"
}

const editor = "Windows Registry Editor Version 5.00"

func TestRegistryExport(t *testing.T) {
	full := export(editor, `"VersionString"="10.0.17763.1"`, `"PortNumber"=dword:00002153`, `"UsingSSL"=dword:00000001`,
		`"ServerCertificateName"="wsus01.lab.example"`, `"EncryptionKey"=hex:01,02,\`, `  03`)
	for name, c := range map[string]struct {
		text string
		want updatepoint.Detection
		err  string
	}{
		"secured": {full, updatepoint.Detection{Installed: true, Version: "10.0.17763.1", Ports: ports.Custom,
			Setup: &wsus.Setup{UsingSSL: true, ServerCertificateName: "wsus01.lab.example", PortNumber: 8531}}, ""},
		"plain": {export("REGEDIT4", `"versionstring"="3.2.7600.226"`, `"PortNumber"=dword:00000050`), updatepoint.Detection{
			Installed: true, Version: "3.2.7600.226", Ports: ports.Default, Setup: &wsus.Setup{PortNumber: 80}}, ""},
		"no port":       {export(editor, `"VersionString"="3.1.6001.65"`), updatepoint.Detection{Installed: true, Version: "3.1.6001.65"}, ""},
		"other keys":    {strings.ReplaceAll(full, "Update Services", "Something Else"), updatepoint.Detection{}, ""},
		"not an export": {"hello", updatepoint.Detection{}, "line 1: not a registry export"},
		"empty":         {"", updatepoint.Detection{}, "empty"},
		"bad version":   {export(editor, `"VersionString"="ten"`), updatepoint.Detection{}, "VersionString"},
		"bad number":    {export(editor, `"PortNumber"=dword:xyz`), updatepoint.Detection{}, "line 4"},
		"bad port":      {export(editor, `"VersionString"="10.0"`, `"PortNumber"=dword:000fffff`), updatepoint.Detection{}, "PortNumber"},
		"no data":       {export(editor, `"VersionString"`), updatepoint.Detection{}, "line 4"},
		"large":         {editor + strings.Repeat("\r\n", updatepoint.MaxExportBytes/2), updatepoint.Detection{}, "bytes"},
		"many values":   {editor + strings.Repeat("\r\n\"a\"=\"b\"", updatepoint.MaxExportValues+1), updatepoint.Detection{}, "values"},
	} {
		for encoding, encode := range map[string]func(string) []byte{
			"UTF-8": func(s string) []byte { return []byte(s) }, "UTF-16": utf16LE,
		} {
			if encoding == "UTF-16" && c.text == "" {
				continue // a byte order mark alone says nothing else
			}
			t.Run(name+" "+encoding, func(t *testing.T) {
				detector, err := updatepoint.DetectRegistryExport(bytes.NewReader(encode(c.text)))
				if c.err != "" {
					require.ErrorContains(t, err, c.err)
					return
				}
				require.NoError(t, err)
				found, err := detector.Detect(t.Context())
				require.NoError(t, err)
				require.Equal(t, c.want, found)
			})
		}
	}
}

func utf16LE(text string) []byte {
	data := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return data
}

// The capture is an export of a client: it reads, and there is no WSUS on that machine.
func TestCapturedRegistryExport(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "shared", "testdata", "iis", "yassermorad-WSUS.reg"))
	if os.IsNotExist(err) {
		t.Skip("shared/testdata is not here")
	}
	require.NoError(t, err)
	defer file.Close()
	detector, err := updatepoint.DetectRegistryExport(file)
	require.NoError(t, err)
	found, err := detector.Detect(t.Context())
	require.NoError(t, err)
	require.Zero(t, found)
}

func FuzzDetectRegistryExport(f *testing.F) {
	text := export(editor, `"VersionString"="10.0.17763.1"`, `"PortNumber"=dword:00002153`)
	f.Add([]byte(text))
	f.Add(utf16LE(text))
	f.Add([]byte("REGEDIT4\n[\\]\n\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		detector, err := updatepoint.DetectRegistryExport(bytes.NewReader(data))
		if err != nil {
			return
		}
		found, err := detector.Detect(t.Context())
		require.NoError(t, err)
		if found.Ports != (ports.Pair{}) {
			require.NoError(t, found.Ports.Validate())
		}
		require.Equal(t, found.Installed, found.Version != "")
	})
}
