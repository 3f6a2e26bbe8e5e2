package wsus_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func headerAttacks() []attack {
	const proxies, host = "headers that speak for the connection", "host headers in what others read"
	return []attack{
		{name: "headers of a proxy", weakness: proxies,
			sent:   "X-Forwarded-Proto, Forwarded, Front-End-Https, X-ARR-SSL, X-Original-URL, X-Rewrite-URL, … with a secured root over HTTP",
			answer: "403 for each", run: func(t *testing.T, v *victim) {
				for _, header := range []string{"X-Forwarded-Proto: https", "X-Forwarded-Ssl: on", "X-Forwarded-Scheme: https",
					"Forwarded: proto=https;host=" + victimName, "Front-End-Https: on",
					"X-ARR-SSL: 2048|256|C=x", "X-Forwarded-Port: 8531", "X-Original-URL: /Content/x",
					"X-Rewrite-URL: /Content/x", "X-Forwarded-Prefix: /Content", "X-HTTP-Method-Override: GET",
					"X-Client-Cert: MIIB", "X-Forwarded-For: 127.0.0.1", "Upgrade-Insecure-Requests: 1", "Front-End-Https : on"} {
					r := v.get(t, overHTTP, clientsync.ClientPath, header+"\r\n")
					require.Contains(t, []int{http.StatusForbidden, http.StatusBadRequest}, r.status, header)
				}
			}},
		{name: "original address that leads in", weakness: proxies,
			sent: "X-Original-URL and X-Rewrite-URL of a secured root, at an open one over HTTP", answer: "the open one",
			run: func(t *testing.T, v *victim) {
				for _, name := range []string{"X-Original-URL", "X-Rewrite-URL", "X-HTTP-Path-Override", "Destination"} {
					r := v.get(t, overHTTP, "/Content/anonymousCheckFile.txt", name+": "+clientsync.ClientPath+"\r\n")
					require.Equal(t, http.StatusOK, r.status)
					require.Contains(t, r.body, "content of this server")
				}
			}},
		{name: "foreign host", weakness: host, sent: "Host: evil.example, with a port, with a path; GetExtendedUpdateInfo",
			answer: "file addresses with the server's own name, and the remedy with it", run: foreignHost},
		{name: "no host or two", weakness: host, sent: "HTTP/1.1 without Host, with two, with blanks", answer: "400",
			run: func(t *testing.T, v *victim) {
				for _, lines := range []string{"", "Host: a\r\nHost: b\r\n", "Host: a b\r\n", "Host: a\x00b\r\n"} {
					r := v.raw(t, overHTTP, "GET /Content/anonymousCheckFile.txt HTTP/1.1\r\n"+lines+"Connection: close\r\n\r\n")
					require.Equal(t, http.StatusBadRequest, r.status, lines)
				}
			}},
		{name: "old protocols", weakness: "rules that look at one version only",
			sent: "HTTP/1.0 and HTTP/0.9 to a secured root, HTTP/2's preface, HTTP/9.9", answer: "403; 400 or 505",
			run: func(t *testing.T, v *victim) {
				require.Equal(t, http.StatusForbidden, v.raw(t, overHTTP, "GET "+clientsync.ClientPath+" HTTP/1.0\r\n\r\n").status)
				for _, line := range []string{"GET " + clientsync.ClientPath + "\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
					"GET " + clientsync.ClientPath + " HTTP/9.9\r\nHost: x\r\n\r\n"} {
					for _, r := range v.converseText(t, overHTTP, line) {
						require.Contains(t, []int{http.StatusBadRequest, http.StatusHTTPVersionNotSupported}, r.status, line)
					}
				}
			}},
		{name: "upgrade", weakness: "upgrades to a protocol that nobody checks",
			sent:   "Upgrade: h2c, websocket, TLS/1.0 at both kinds of roots",
			answer: "no 101: the request is answered as without it", run: func(t *testing.T, v *victim) {
				for _, upgrade := range []string{"h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", "websocket\r\nSec-WebSocket-Key: x",
					"TLS/1.0"} {
					header := "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: " + upgrade + "\r\n"
					require.Equal(t, http.StatusForbidden, v.get(t, overHTTP, clientsync.ClientPath, header).status)
					require.Equal(t, http.StatusOK, v.get(t, overHTTP, "/Content/anonymousCheckFile.txt", header).status)
				}
			}},
		{name: "methods", weakness: "CVE-2004-2320 (TRACE) and proxies for everybody",
			sent:   "TRACE, CONNECT, OPTIONS, PUT, DELETE and an invented one, over both listeners",
			answer: "4xx or 501; nothing is sent back or passed on", run: func(t *testing.T, v *victim) {
				for _, method := range []string{"TRACE", "OPTIONS", "PUT", "DELETE", "TRACK", "DEBUG", "INVENTED"} {
					for _, d := range []door{overHTTP, overTLS} {
						for _, root := range []string{clientsync.ClientPath, clientsync.ReportingPath,
							"/ApiRemoting30/WebService.asmx", "/SelfUpdate/wuident.cab"} {
							r := v.raw(t, d, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Secret: mirror\r\n\r\n",
								method, root))
							require.Contains(t, []int{http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotImplemented},
								r.status, method+root)
							require.NotContains(t, r.body, "mirror")
						}
					}
				}
				for _, target := range []string{"192.0.2.1:443", victimName + ":8531"} {
					require.Equal(t, http.StatusBadRequest, v.raw(t, overHTTP,
						"CONNECT "+target+" HTTP/1.1\r\nHost: "+target+"\r\nConnection: close\r\n\r\n").status)
				}
			}},
		{name: "large headers", weakness: "headers that are read to their end", sent: "one header line of 1 MB, 20,000 lines",
			answer: "431, or the end of the connection", run: func(t *testing.T, v *victim) {
				for _, header := range []string{"X: " + strings.Repeat("x", 1<<20) + "\r\n", strings.Repeat("X: y\r\n", 20_000)} {
					for _, r := range v.converseText(t, overHTTP,
						"GET /Content/anonymousCheckFile.txt HTTP/1.1\r\nHost: x\r\n"+header+"\r\n") {
						require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, r.status)
					}
				}
			}},
	}
}

func foreignHost(t *testing.T, v *victim) {
	info, err := v.attacker.SyncUpdates(t.Context(), v.attacker.cookie, clientsync.SyncParameters{})
	require.NoError(t, err)
	require.NotEmpty(t, info.NewUpdates)
	for _, host := range []string{"evil.example", "evil.example:8530", "evil.example/x", "192.0.2.1@" + victimName} {
		for _, digest := range v.fileDigests(t)[:5] {
			body := envelope(clientsync.ClientPath, "GetFileLocations",
				cookieXML(v.attacker.cookie.EncryptedData)+"<fileDigests><base64Binary>"+digest+"</base64Binary></fileDigests>")
			r := v.raw(t, overTLS,
				fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s",
					clientsync.ClientPath, host, len(body), body))
			require.NotContains(t, r.body, "evil")
			if r.status != http.StatusBadRequest { // a Host that is none
				require.Contains(t, r.body, "<Url>http://"+victimName+":8530/Content/")
			}
		}
		r := v.raw(t, overHTTP, "GET /ClientWebService/client.asmx HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
		require.NotContains(t, r.body, "evil")
	}
}
