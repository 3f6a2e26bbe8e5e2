package wsus_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func envelope(path, operation, content string) string {
	space := map[string]string{clientsync.ClientPath: clientsync.ClientNamespace,
		clientsync.SimpleAuthPath: clientsync.SimpleAuthNamespace}[path]
	if space == "" {
		space = clientsync.ReportingNamespace
	}
	return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><` + operation + ` xmlns="` + space + `">` +
		content + `</` + operation + `></s:Body></s:Envelope>`
}

func cookieXML(data []byte) string {
	return `<cookie><Expiration>2099-01-01T00:00:00Z</Expiration><EncryptedData>` + base64.StdEncoding.EncodeToString(data) +
		`</EncryptedData></cookie>`
}

// eventXML is an event of a computer, with MiscData.
func eventXML(clientID string, misc ...string) string {
	var b strings.Builder
	b.WriteString(`<ReportingEvent><BasicData><TargetID><Sid>` + clientID +
		`</Sid></TargetID><EventInstanceID>11111111-2222-4333-8444-555555555555` +
		`</EventInstanceID><EventID>147</EventID></BasicData><ExtendedData><MiscData>`)
	for _, m := range misc {
		b.WriteString(`<string>` + m + `</string>`)
	}
	b.WriteString(`</MiscData></ExtendedData><PrivateData/></ReportingEvent>`)
	return b.String()
}

func batchXML(events string) string {
	return `<clientTime>2026-03-02T08:02:00Z</clientTime><eventBatch>` + events + `</eventBatch>`
}

// requireFault wants a SOAP fault of the protocol with the code, and nothing of the server's inside in it.
func requireFault(t testing.TB, code clientsync.FaultCode, r reply) {
	t.Helper()
	require.Equal(t, http.StatusInternalServerError, r.status, r.body)
	require.Contains(t, r.body, "<ErrorCode>"+string(code)+"</ErrorCode>")
	require.Contains(t, r.body, "<faultstring>Fault occurred</faultstring>")
	require.Less(t, len(r.body), 2000)
	for _, inside := range []string{".go:", "goroutine", "panic", "sqlite", "SELECT", "/tmp"} {
		require.NotContains(t, r.body, inside)
	}
}
func authCookieXML(data []byte) string {
	return `<authCookies><AuthorizationCookie><PlugInId>SimpleTargeting</PlugInId><CookieData>` +
		base64.StdEncoding.EncodeToString(data) +
		`</CookieData></AuthorizationCookie></authCookies><lastChange>2026-01-01T00:00:00Z</lastChange><protocolVersion>2.90</protocolVersion>`
}
