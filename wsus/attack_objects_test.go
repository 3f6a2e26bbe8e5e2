package wsus_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// What the serialized objects of the attacks look like from outside: the head of a binary formatter's stream with a library's name,
// and a SOAP formatter's envelope with a type in a CLR namespace. Composed here, and harmless everywhere.
var (
	binaryObject = append([]byte("\x00\x01\x00\x00\x00\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x00\x00\x0c\x02\x00\x00\x00\x20"),
		"Harmless, Version=1.0.0.0, Culture=neutral\x05\x01\x00\x00\x00\x0eHarmless.Thing\x00\x00\x00\x00\x02\x00\x00\x00\x0b"...)
	soapObject = `&lt;SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" ` +
		`xmlns:a1="http://schemas.microsoft.com/clr/nsassem/Harmless/Harmless%2C%20Version%3D1.0.0.0"&gt;&lt;SOAP-ENV:Body&gt;` +
		`&lt;a1:Thing id="ref-1"/&gt;&lt;/SOAP-ENV:Body&gt;&lt;/SOAP-ENV:Envelope&gt;`
	syncErrors = "SynchronizationUpdateErrorsKey=" + soapObject
)

// reportingPaths are the two addresses of the Reporting service; agents use one, the contract names the other.
var reportingPaths = []string{clientsync.ReportingPath, "/ReportingWebService/WebService.asmx"}

func objectAttacks() []attack {
	const (
		v2025 = "CVE-2025-59287: an event's text became objects, before the cookie was looked at"
		v2023 = "CVE-2023-35317: a cookie became objects"
	)
	return []attack{
		{name: "object in MiscData, no cookie", weakness: v2025,
			sent:   "ReportEventBatch, SynchronizationUpdateErrorsKey with a SOAP formatter's object",
			answer: "InvalidCookie", run: reportEverywhere("ReportEventBatch", batchXML(eventXML(healthyID, syncErrors)),
				clientsync.InvalidCookie)},
		{name: "object in MiscData, forged cookie", weakness: v2025, sent: "the same behind a cookie of zeros",
			answer: "InvalidCookie", run: reportEverywhere("ReportEventBatch",
				cookieXML(make([]byte, 96))+batchXML(eventXML(healthyID, syncErrors)), clientsync.InvalidCookie)},
		{name: "batch before the cookie", weakness: v2025, sent: "eventBatch first, cookie of the attacker after it",
			answer: "InvalidCookie", run: func(t *testing.T, v *victim) {
				content := batchXML(eventXML(attackerID, syncErrors)) + cookieXML(v.attacker.cookie.EncryptedData)
				reportEverywhere("ReportEventBatch", content, clientsync.InvalidCookie)(t, v)
			}},
		{name: "broken batch behind a bad cookie", weakness: v2025, sent: "a batch that is no XML at all",
			answer: "InvalidCookie, not InvalidParameters: the batch was not looked at",
			run: reportEverywhere("ReportEventBatch", cookieXML(binaryObject)+`<eventBatch><ReportingEvent>&evil;<`,
				clientsync.InvalidCookie)},
		{name: "object with a good cookie stays text", weakness: v2025,
			sent:   "the object among an event that is refused for its EventID",
			answer: "InvalidParameters that names EventID; with a good one see TestObjectsAreKeptAsText", run: func(t *testing.T,
				v *victim) {
				event := `<ReportingEvent><ExtendedData><MiscData><string>` + syncErrors +
					`</string></MiscData></ExtendedData><BasicData><EventID>x</EventID></BasicData></ReportingEvent>`
				for _, d := range []door{overHTTP, overTLS} {
					r := v.call(t, d, clientsync.ReportingPath, "ReportEventBatch",
						cookieXML(v.attacker.cookie.EncryptedData)+batchXML(event))
					requireFault(t, clientsync.InvalidParameters, r)
					require.Contains(t, r.body, "EventID")
				}
			}},
		{name: "second reporting operation", weakness: v2025 + "; ReportEventBatch2 asks for no cookie",
			sent:   "ReportEventBatch2 with the object, for a computer of nobody",
			answer: "a fault", run: func(t *testing.T, v *victim) {
				for _, path := range reportingPaths {
					r := v.call(t, overHTTP, path, "ReportEventBatch2",
						`<computerId>nobody</computerId>`+batchXML(eventXML("nobody", syncErrors)))
					require.Equal(t, http.StatusInternalServerError, r.status)
					require.Regexp(t, "<ErrorCode>(InvalidParameters|RegistrationRequired)</ErrorCode>", r.body)
				}
			}},
		{name: "object as inventory", weakness: "relative: inventory is foreign XML, or a cabinet in base64",
			sent:   "ReportInventory with RawXml and CompressedXml that are objects, no cookie",
			answer: "a fault", run: func(t *testing.T, v *victim) {
				inventory := `<clientTime>2026-03-02T08:02:00Z</clientTime><inventory><IsCompressed>true</IsCompressed><RawXml>` +
					soapObject +
					`</RawXml><CompressedXml>` + base64.StdEncoding.EncodeToString(binaryObject) + `</CompressedXml></inventory>`
				for _, path := range reportingPaths {
					r := v.call(t, overHTTP, path, "ReportInventory", inventory)
					require.Equal(t, http.StatusInternalServerError, r.status)
					require.Regexp(t, "<ErrorCode>Invalid(Cookie|Parameters)</ErrorCode>", r.body)
				}
			}},
		{name: "object as authorization cookie", weakness: v2023,
			sent:   "GetCookie whose CookieData is a binary formatter's stream, bare and behind the server's own header",
			answer: "InvalidAuthorizationCookie", run: func(t *testing.T, v *victim) {
				header := v.attacker.cookie.EncryptedData[:17]
				for _, data := range [][]byte{binaryObject, append(append([]byte{}, header...), binaryObject...)} {
					r := v.call(t, overTLS, clientsync.ClientPath, "GetCookie", authCookieXML(data))
					requireFault(t, clientsync.InvalidAuthorizationCookie, r)
				}
			}},
		{name: "object as service cookie", weakness: v2023,
			sent: "SyncUpdates whose EncryptedData is a binary formatter's stream", answer: "InvalidCookie",
			run: func(t *testing.T, v *victim) {
				requireFault(t, clientsync.InvalidCookie, v.call(t, overTLS, clientsync.ClientPath, "SyncUpdates",
					cookieXML(binaryObject)+"<parameters/>"))
			}},
		{name: "object as the whole body", weakness: "relative: .NET remoting and data sets on a web service",
			sent:   "a binary formatter's stream, and typed SOAP (xsi:type, soapenc:arrayType) that names a class",
			answer: "InvalidParameters; InvalidCookie, types are not looked at", run: func(t *testing.T, v *victim) {
				requireFault(t, clientsync.InvalidParameters,
					v.post(t, overHTTP, clientsync.ReportingPath, "", string(binaryObject)))
				typed := `<cookie xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="clr:Harmless.Thing" xmlns:clr="clr-namespace:Harmless"/>`
				requireFault(t, clientsync.InvalidCookie, v.call(t, overHTTP, clientsync.ReportingPath, "ReportEventBatch",
					typed+batchXML("")))
			}},
	}
}

// reportEverywhere posts an operation at both addresses of the Reporting service over both listeners.
func reportEverywhere(operation, content string, want clientsync.FaultCode) func(*testing.T, *victim) {
	return func(t *testing.T, v *victim) {
		for _, path := range reportingPaths {
			for _, d := range []door{overHTTP, overTLS} {
				requireFault(t, want, v.call(t, d, path, operation, content))
			}
		}
	}
}

// What a registered computer reports is kept to the letter, whatever it looks like.
func TestObjectsAreKeptAsText(t *testing.T) {
	v := newVictim(t)
	r := v.call(t, overHTTP, clientsync.ReportingPath, "ReportEventBatch",
		cookieXML(v.attacker.cookie.EncryptedData)+batchXML(eventXML(attackerID, syncErrors)))
	require.Equal(t, http.StatusOK, r.status)
	for e, err := range v.server.Events(t.Context(), attackerID) {
		require.NoError(t, err)
		require.Equal(t, []string{`SynchronizationUpdateErrorsKey=<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" ` +
			`xmlns:a1="http://schemas.microsoft.com/clr/nsassem/Harmless/Harmless%2C%20Version%3D1.0.0.0"><SOAP-ENV:Body>` +
			`<a1:Thing id="ref-1"/></SOAP-ENV:Body></SOAP-ENV:Envelope>`}, e.MiscData)
		return
	}
	t.Fatal("the event is not there")
}
