package ssl_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// composedSslcert has the layout of a server's answer to netsh http show sslcert: colons that do and do not line up, and one entry.
const composedSslcert = `
SSL Certificate bindings:
-------------------------
IP:port                 : 0.0.0.0:8531
Certificate Hash        : 0102030405060708090a0b0c0d0e0f1011121314
Application ID          : {11111111-2222-3333-4444-555555555555}
Certificate Store Name: WebHosting
Verify Client Certificate Revocation    : Enabled
Revocation Freshness Time: 0
Ctl Identifier          : (null)
`

func TestReadAttached(t *testing.T) {
	certificate := ssl.Setting{Kind: ssl.AttachedCertificate, Site: wsusSite, Endpoint: "0.0.0.0:8531"}
	for text, want := range map[string]string{
		composedSslcert: "0102030405060708090A0B0C0D0E0F1011121314 {11111111-2222-3333-4444-555555555555} WebHosting",
		strings.ReplaceAll(composedSslcert, "\n", "\r\n"):                   "0102030405060708090A0B0C0D0E0F1011121314 {11111111-2222-3333-4444-555555555555} WebHosting",
		strings.Replace(composedSslcert, "WebHosting", "(null)", 1):         "0102030405060708090A0B0C0D0E0F1011121314 {11111111-2222-3333-4444-555555555555} MY",
		strings.Replace(composedSslcert, ": 0102", ": 0102030405060708", 1): "", // longer than a thumbprint
	} {
		value, err := ssl.ReadValue(certificate, ssl.Output{Stdout: []byte(text)})
		require.NoError(t, err)
		require.Equal(t, want, value)
	}
	value, err := ssl.ReadValue(certificate, ssl.Output{Stdout: []byte("Das System kann die angegebene Datei nicht finden."), ExitCode: 1})
	require.NoError(t, err)
	require.Empty(t, value)
	_, err = ssl.ReadValue(certificate, ssl.Output{ExitCode: 5})
	require.ErrorContains(t, err, "exit code 5")

	if capture, err := os.ReadFile("../../shared/testdata/iis/iisdocs-netsh-show-sslcert.txt"); err == nil {
		value, err := ssl.ReadValue(certificate, ssl.Output{Stdout: capture})
		require.NoError(t, err)
		require.Equal(t, "F06AE62A5275A818338F05ECC80707335BE1E204 {00000000-0000-0000-0000-000000000000} MY", value)
	}
}

func TestReadFlags(t *testing.T) {
	access := ssl.Setting{Kind: ssl.AccessFlags, Site: wsusSite, Path: "Content"}
	list := func(element string) ssl.Output {
		return ssl.Output{Stdout: []byte("<system.webServer>\r\n  <security>\r\n    " + element + "\r\n  </security>\r\n</system.webServer>\r\n")}
	}
	for element, want := range map[string]string{
		`<access sslFlags="None" />`: "None",
		`<access />`:                 "None",
		`<access sslFlags="" />`:     "None",
		`<access flags="Script, Read" sslFlags="Ssl" other='x' />`:               "Ssl",
		`<access sslFlags="ssl128, SSL"></access>`:                               "Ssl,Ssl128",
		`<access sslFlags="SslRequireCert,Ssl , SslNegotiateCert" />`:            "Ssl,SslNegotiateCert,SslRequireCert",
		`<access sslFlags="8" />`:                                                "Ssl",
		`<access sslFlags="360" />`:                                              "Ssl,SslNegotiateCert,SslRequireCert,Ssl128",
		`<access sslFlags="SslMapCert, Ssl" />`:                                  "Ssl,SslMapCert",
		"<x name=\"\x81\xff\" /><access sslFlags=\"Ssl\" />":                     "Ssl",
		`<location path="a"><access sslFlags="Ssl" requireSSL="?" /></location>`: "Ssl",
	} {
		value, err := ssl.ReadValue(access, list(element))
		require.NoError(t, err, element)
		require.Equal(t, want, value, element)
	}
	for _, bad := range []ssl.Output{
		{}, {ExitCode: 50}, list(""), list(`<access sslFlags="Ssl" /><access sslFlags="None" />`), list(`<access sslFlags="4" />`),
		{Stdout: []byte("Zugriff verweigert")},
	} {
		_, err := ssl.ReadValue(access, bad)
		require.Error(t, err, "%q", bad.Stdout)
	}
}

func TestReadBinding(t *testing.T) {
	binding := ssl.Setting{Kind: ssl.SiteBinding, Site: wsusSite, Protocol: "https", Binding: "*:8531:"}
	for element, want := range map[string]string{
		`<binding protocol="https" bindingInformation="*:8531:" sslFlags="0" />`:      "present",
		`<binding protocol="HTTPS" bindingInformation=":8531:" />`:                    "present",
		`<binding protocol="https" bindingInformation="*:8531:*" />`:                  "present",
		`<binding protocol="http" bindingInformation="*:8531:" />`:                    "absent",
		`<binding protocol="https" bindingInformation="*:8531:wsus01.lab.example" />`: "absent",
		`<binding protocol="https" bindingInformation="10.0.0.1:8531:" />`:            "absent",
		`<binding protocol="https" bindingInformation="[::1]:8531:" />`:               "absent",
		`<binding protocol="net.tcp" bindingInformation="808:*" />`:                   "absent",
		``: "absent",
	} {
		value, err := ssl.ReadValue(binding, ssl.Output{Stdout: []byte(`<site name="x" id="7"><bindings>` + element + `</bindings></site>`)})
		require.NoError(t, err)
		require.Equal(t, want, value, element)
	}
	_, err := ssl.ReadValue(binding, ssl.Output{ExitCode: 1})
	require.Error(t, err, "a site that is not there is no site without bindings")
}
