package ssl_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

const setupExport = "Windows Registry Editor Version 5.00\r\n\r\n" +
	"[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Update Services\\Server\\Setup]\r\n" +
	"\"UsingSSL\"=dword:00000001\r\n\"ServerCertificateName\"=\"wsus01.lab.example\"\r\n\"PortNumber\"=dword:00002153\r\n" +
	"\"IISTargetWebSiteIndex\"=dword:4cea4d4d\r\n\"TargetDir\"=\"C:\\\\Program Files\\\\Update Services\\\\\"\r\n" +
	"\"ContentDir\"=hex(2):44,00,3a,00,5c,00,57,00,53,00,55,00,53,00,00,00\r\n\"VersionString\"=\"10.0.20348.2849\"\r\n\"EncryptionKey\"=hex:01,02,\\\r\n  03\r\n"

func TestParseSetup(t *testing.T) {
	using := true
	want := ssl.SetupValues{UsingSSL: &using, ServerCertificateName: "wsus01.lab.example", PortNumber: 8531,
		IISTargetWebSiteIndex: 1290423629, TargetDir: `C:\Program Files\Update Services\`, ContentDir: `D:\WSUS`, VersionString: "10.0.20348.2849"}
	query := "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Update Services\\Server\\Setup\r\n" +
		"    UsingSSL    REG_DWORD    0x1\r\n    ServerCertificateName    REG_SZ    wsus01.lab.example\r\n" +
		"    PortNumber    REG_DWORD    0x2153\r\n    IISTargetWebsiteIndex    REG_DWORD    0x4cea4d4d\r\n" +
		"    TargetDir    REG_SZ    C:\\Program Files\\Update Services\\\r\n    ContentDir    REG_EXPAND_SZ    D:\\WSUS\r\n    VersionString    REG_SZ    10.0.20348.2849\r\n" +
		"    EncryptionParam    REG_BINARY    0102\r\n"
	for name, text := range map[string]string{"export": setupExport, "reg query": query} {
		t.Run(name, func(t *testing.T) {
			got, err := ssl.ParseSetup([]byte(text))
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestParseSetupRefuses(t *testing.T) {
	const key = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Update Services\\Server\\Setup]\n"
	_, err := ssl.ParseSetup([]byte("REGEDIT4\n"))
	require.ErrorIs(t, err, ssl.ErrKeyMissing)
	for text, says := range map[string]string{
		"":                                      "empty",
		key + "\"UsingSSL\"=\"yes\"":            "UsingSSL is text and should be a number",
		key + "\"TargetDir\"=dword:1":           "TargetDir is a number and should be text",
		key + "\"PortNumber\"=dword:10000":      "PortNumber 65536 is no port",
		key + "\"PortNumber\"=dword:ffffffff":   "is no port",
		key + "\"ServerCertificateName\"=hex:0": "line 3: ServerCertificateName",
	} {
		_, err := ssl.ParseSetup([]byte(text))
		require.ErrorContains(t, err, says)
	}
}

func TestParsePolicy(t *testing.T) {
	const key = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate]\n"
	for text, want := range map[string]ssl.ClientPolicy{
		key: {},
		key + "\"WUServer\"=\"https://wsus01.lab.example:8531\"\n\"WUStatusServer\"=\"https://wsus01.lab.example:8531\"   \n" +
			"\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU]\n\"UseWUServer\"=dword:00000001\n": {
			WUServer: "https://wsus01.lab.example:8531", WUStatusServer: "https://wsus01.lab.example:8531", UseWUServer: true},
		"HKEY_LOCAL_MACHINE\\Software\\Wow6432Node\\Policies\\Microsoft\\Windows\\WindowsUpdate\n    WUServer    REG_SZ    http://old:8530\n": {
			WUServer: "http://old:8530"},
	} {
		got, err := ssl.ParsePolicy([]byte(text))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := ssl.ParsePolicy([]byte(setupExport))
	require.ErrorIs(t, err, ssl.ErrKeyMissing)
	_, err = ssl.ParsePolicy([]byte(key + "\"WUServer\"=dword:1"))
	require.ErrorContains(t, err, "WUServer is a number")
}

// The capture is what regedit exported of a client.
func TestParseCapturedPolicy(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "testdata", "iis", "yassermorad-WSUS.reg"))
	if os.IsNotExist(err) {
		t.Skip("shared/testdata is not here")
	}
	require.NoError(t, err)
	policy, err := ssl.ParsePolicy(data)
	require.NoError(t, err)
	require.Equal(t, ssl.ClientPolicy{WUServer: "http://192.168.9.117:8530", WUStatusServer: "http://192.168.9.117:8530", UseWUServer: true}, policy)
}

func FuzzParseRegistry(f *testing.F) {
	f.Add([]byte(setupExport))
	f.Add([]byte("REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate]\n\"WUServer\"=\"HOST:8530\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if setup, err := ssl.ParseSetup(data); err != nil {
			require.Zero(t, setup)
		} else {
			require.True(t, setup.PortNumber >= 0 && setup.PortNumber <= 65535)
		}
		if policy, err := ssl.ParsePolicy(data); err != nil {
			require.Zero(t, policy)
		}
	})
}
