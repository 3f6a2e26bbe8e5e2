package main

import (
	"crypto/tls"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

func TestHelp(t *testing.T) {
	code, stdout, stderr := invoke(t, "-h")
	require.Equal(t, succeeded, code)
	require.Empty(t, stdout, "only results go to stdout")
	for _, text := range []string{"-config", "-site", "-name", "-other", "-http", "-https", "-cert", "-ca", "-reg", "-thumbprint", "-apply",
		"-json", "exit codes", "Without -config"} {
		require.Contains(t, stderr, text)
	}
}

// Bad input ends with one clear line and without a result.
func TestBadInput(t *testing.T) {
	path, nothing := sampleFile(t), writeFile(t, "nothing.txt", "hello")
	for _, c := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"unknown flag", []string{"-confg", "x"}, misused, "-confg"},
		{"stray argument", []string{path}, misused, "unexpected argument"},
		{"apply without name", []string{"-config", path, "-apply"}, misused, "-apply needs -name"},
		{"ports that do not belong together", []string{"-config", path, "-http", "80", "-https", "8531"}, misused, "secure: -http and -https: ports do not go together"},
		{"empty other name", []string{"-config", path, "-other", ""}, misused, "other"},
		{"no such file", []string{"-config", "nowhere.config"}, failed, "nowhere.config is not there"},
		{"no configuration", []string{"-config", nothing}, failed, "text outside of the root element"},
		{"no such site", []string{"-config", path, "-site", "WSUS"}, failed, `there is no web site "WSUS"`},
		{"another site", []string{"-config", path, "-site", "default web site"}, failed, `"Default Web Site" has no application`},
		{"impossible name", []string{"-config", path, "-name", "wsus 01"}, failed, `name "wsus 01"`},
		{"no certificate", []string{"-config", path, "-cert", nothing}, failed, "no certificate in PEM"},
		{"no such certificate", []string{"-config", path, "-cert", "none.pem"}, failed, "-cert none.pem: no such file or directory"},
		{"no authority", []string{"-config", path, "-ca", nothing}, failed, "no certificate in PEM"},
		{"no registry", []string{"-config", path, "-reg", nothing}, failed, "line 1: not a registry export"},
		{"another key", []string{"-config", path, "-reg", writeFile(t, "a.reg", "REGEDIT4\n")}, failed, "neither the key"},
		{"thumbprint", []string{"-config", path, "-name", sampleName, "-thumbprint", "12"}, failed, "40 hexadecimal digits"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := invoke(t, c.args...)
			require.Equal(t, c.code, code, stderr)
			require.Empty(t, stdout)
			require.Contains(t, stderr, c.want)
			require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		})
	}
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// Certificate, registry of the server and policy of a client are looked at as well.
func TestEverythingGiven(t *testing.T) {
	dir := t.TempDir()
	ca, err := ssl.OpenCA(dir, ssl.CAOptions{Names: []string{sampleName, "updates.example.com"}})
	require.NoError(t, err)
	issued, err := ca.GetCertificate(&tls.ClientHelloInfo{ServerName: sampleName})
	require.NoError(t, err)
	chain := writeFile(t, "chain.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: issued.Certificate[0]})))
	setup := writeFile(t, "setup.reg", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Update Services\\Server\\Setup]\n"+
		"\"UsingSSL\"=dword:1\n\"ServerCertificateName\"=\"wsus01.lab.example\"\n\"PortNumber\"=dword:2153\n\"IISTargetWebSiteIndex\"=dword:4ceac83d\n"+
		"\"TargetDir\"=\"E:\\\\WSUS\\\\\"\n")
	policy := writeFile(t, "PC0001.reg", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate]\n"+
		"\"WUServer\"=\"http://wsus01.lab.example:8530\"\n\"WUStatusServer\"=\"http://wsus01.lab.example:8530\"\n"+
		"[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU]\n\"UseWUServer\"=dword:1\n")
	args := []string{"-config", sampleFile(t), "-name", sampleName, "-other", "updates.example.com", "-cert", chain,
		"-ca", ca.CertificateFile(), "-reg", setup, "-http", "8530", "-apply"}
	code, stdout, stderr := invoke(t, append(args, "-reg", policy)...)
	require.Equal(t, failed, code)
	require.Equal(t, "secure: 1 finding remains: policy-says-http\n", stderr)
	require.Contains(t, stdout, `PC0001: WUServer "http://wsus01.lab.example:8530" says http`)
	require.Contains(t, stdout, `"E:\WSUS\Tools\WsusUtil.exe" configuressl wsus01.lab.example`)
	require.NotContains(t, stdout, "whether WSUSUtil configuressl was run")

	code, _, stderr = invoke(t, args...)
	require.Equal(t, succeeded, code, stderr)
}

// Files that are no configuration, or one without a web site of WSUS, are each answered with one line that says what they are.
func TestOtherFiles(t *testing.T) {
	other := strings.NewReplacer("WebService", "Page", "ApiRemoting30", "Shop", "SelfUpdate", "Blog").Replace(string(sample))
	for name, c := range map[string]struct{ text, says string }{
		"applicationHost.config": {other, "no web site of WSUS"},
		"fragment.config":        {`<site name="WSUS Administration" id="1"></site>`, "the root element is <site>, not <configuration>"},
		"cut.config":             {strings.TrimSuffix(strings.TrimSpace(string(sample)), "</configuration>"), "is opened here and never closed"},
		"unclosed.config": {strings.TrimSuffix(strings.TrimSpace(string(sample)), "</configuration>") + "<configuration>",
			"is opened here and never closed"},
		"IIS_schema.xml": {`<configSchema><sectionSchema name="system.webServer/security/access"/></configSchema>`, "the root element is <configSchema>"},
		"WSUS.reg":       {"Windows Registry Editor Version 5.00\r\n\r\n", "line 1"},
		"appcmd.txt":     {`SITE "Default Web Site" (id:1,bindings:HTTP/*:80:,state:Started)`, "line 1"},
		"empty.config":   {"", "empty"},
	} {
		code, stdout, stderr := invoke(t, "-config", writeFile(t, name, c.text), "-name", sampleName)
		require.Equal(t, failed, code, name)
		require.Empty(t, stdout)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		require.Contains(t, stderr, c.says, name)
	}
}

// The same with real files, where there are some: no public configuration has a web site of WSUS.
func TestRealFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "testdata", "iis", "*"))
	require.NoError(t, err)
	for _, name := range files {
		code, stdout, stderr := invoke(t, "-config", name, "-name", sampleName)
		require.Equal(t, failed, code, name)
		require.Empty(t, stdout)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		if strings.HasSuffix(name, "applicationHost.config") && !strings.Contains(name, "gustavoesteves") {
			require.Contains(t, stderr, "no web site of WSUS")
		}
	}
}
