package ports_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
)

// The table is made by hand: how others begin, and what that makes them.
func TestHear(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n\r\n"
	for _, c := range []struct {
		said     string
		protocol ports.Protocol
		kind     ports.Kind
		service  bool
	}{
		{said: "SSH-2.0-OpenSSH_9.6\r\n", protocol: ports.SpeaksOther, kind: ports.NotHTTP},
		{said: "220 mail.lab.example ESMTP\r\n", protocol: ports.SpeaksOther, kind: ports.NotHTTP},
		{said: "\x15\x03\x01\x00\x02\x02\x46", protocol: ports.SpeaksTLS, kind: ports.HTTPWithTLS},
		{said: "\x16\x03\x03\x00\x7a", protocol: ports.SpeaksTLS, kind: ports.HTTPWithTLS},
		{said: "\x15\x04\x01", protocol: ports.SpeaksOther, kind: ports.NotHTTP},
		{said: "HTTP/1.1", protocol: ports.SpeaksHTTP, kind: ports.Fails},
		{said: ok + "<html>", protocol: ports.SpeaksHTTP, kind: ports.AnotherApplication},
		{said: ok + "<ServerVersion/>", protocol: ports.SpeaksHTTP, kind: ports.AnotherApplication}, // nobody asked for it here
		{said: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Service Unavailable\r\n\r\n", protocol: ports.SpeaksHTTP, kind: ports.Unavailable},
		{said: strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 7), protocol: ports.SpeaksHTTP, kind: ports.Fails},
		{said: "HTTP/1.0 301 Moved\r\nLocation: https://a.example/\r\n\r\n", protocol: ports.SpeaksHTTP, kind: ports.Redirects},
		{said: "HTTP/1.0 302 Found\r\n\r\n", protocol: ports.SpeaksHTTP, kind: ports.AnotherApplication}, // that leads nowhere
		{said: "HTTP/1.1 407 Proxy\r\nLocation: http://a.example/\r\n\r\n", protocol: ports.SpeaksHTTP, kind: ports.ProxyAnswers},
		{said: "HTTP/1.1 403 No\r\nServer: Zscaler/6.2\r\n\r\n", protocol: ports.SpeaksHTTP, kind: ports.ProxyAnswers},
		{said: "HTTP/1.1 200 OK\r\nContent-Length: 90000000\r\n\r\n<s:Envelope xmlns:s=\"x\"><a xmlns=\"http://www.microsoft.com/SoftwareDistribution\"/>",
			protocol: ports.SpeaksHTTP, kind: ports.AnotherApplication, service: true},
		{said: "HTTP/1.1 500 Error\r\n\r\n<soap:Envelope xmlns:soap=\"x\"><detail><ErrorCode>InvalidParameters</ErrorCode>",
			protocol: ports.SpeaksHTTP, kind: ports.Fails, service: true},
		{said: "HTTP/1.1 500 Error\r\n\r\n<soap:Envelope xmlns:soap=\"x\"><faultstring>other</faultstring>", protocol: ports.SpeaksHTTP, kind: ports.Fails},
		{said: ok + "<html>http://www.microsoft.com/SoftwareDistribution", protocol: ports.SpeaksHTTP, kind: ports.AnotherApplication},
	} {
		heard := ports.Hear([]byte(c.said))
		require.Equal(t, c.protocol, heard.Protocol, "%q", c.said)
		require.Equal(t, c.kind, heard.Finding.Kind, "%q", c.said)
		require.Equal(t, c.service, heard.Service, "%q", c.said)
	}
	require.True(t, ports.Hear([]byte(ok+"\ufeff<?xml version=\"1.0\"?><!-- x --><ServerVersion>10.0</ServerVersion>")).VersionFile)
	require.True(t, ports.Hear([]byte(ok+"<?xml version=\"1.0\" encoding=\"windows-1252\"?><WsusVersion/>")).VersionFile)
	require.False(t, ports.Hear([]byte(ok+"<!DOCTYPE html><html><version/></html>")).VersionFile)
	require.False(t, ports.Hear([]byte("HTTP/1.1 404 Not Found\r\n\r\n<ServerVersion/>")).VersionFile)
}

// The answer of a server to GetConfig is known as that of WSUS: one composed in the form that IIS writes, and a captured one where
// there are captures.
func TestAnswerToGetConfig(t *testing.T) {
	answers := []string{"HTTP/1.1 200 OK\r\nCache-Control: private\r\nContent-Type: text/xml; charset=utf-8\r\nServer: Microsoft-IIS/10.0\r\n" +
		"X-AspNet-Version: 4.0.30319\r\nX-Powered-By: ASP.NET\r\n\r\n" +
		`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<GetConfigResponse xmlns="http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService"><GetConfigResult>` +
		`<IsRegistrationRequired>true</IsRegistrationRequired></GetConfigResult></GetConfigResponse></s:Body></s:Envelope>`}
	folder := filepath.Join("..", "..", "shared", "testdata", "soap-client")
	if _, err := os.Stat(folder); err == nil {
		head, err := os.ReadFile(filepath.Join(folder, "000001-GetConfig.response.headers"))
		require.NoError(t, err)
		body, err := os.ReadFile(filepath.Join(folder, "000001-GetConfig.response.xml"))
		require.NoError(t, err)
		answers = append(answers, string(head)+string(body))
	}
	for _, answer := range answers {
		heard := ports.Hear([]byte(answer))
		require.True(t, heard.Answered)
		require.True(t, heard.Service)
		require.False(t, heard.VersionFile)
	}
}

// FuzzHear reads what anybody may send to a probe: nothing panics, little is kept, and every answer is somebody's.
func FuzzHear(f *testing.F) {
	for _, said := range []string{"SSH-2.0-x\r\n", "\x15\x03\x01\x00\x02\x02\x46", "HTTP/1.1 200 OK\r\n\r\n<ServerVersion/>",
		"HTTP/1.1 407 P\r\nProxy-Authenticate: NTLM\r\nVia: 1.1 a\r\n\r\n", "HTTP/1.1 301 M\r\nLocation: \x01\xff\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n<s:Envelope", "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"} {
		f.Add([]byte(said))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		heard := ports.Hear(data)
		require.LessOrEqual(t, heard.Body, ports.MaxAnswer)
		found := heard.Finding
		require.NotEmpty(t, found.Kind)
		require.Equal(t, 8530, found.Port)
		require.NotEmpty(t, found.Remedy)
		require.True(t, utf8.ValidString(found.Cause))
		require.False(t, strings.ContainsFunc(found.Cause, unicode.IsControl), "%q", found.Cause)
		require.Less(t, len(found.Cause), 1000)
		require.False(t, heard.Service && heard.VersionFile, "an answer is one or the other")
		if heard.Protocol != ports.SpeaksHTTP {
			require.False(t, heard.Answered)
		}
	})
}
