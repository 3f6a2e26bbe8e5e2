package clientsync_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/xpress"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// Attacks get a fault, and nothing reaches the backend.
func TestAttacks(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	good := shakeHands(t, client, m, "2.90")
	cookie := cookieElement(good)
	h := serve(m, clientsync.WithMaxBody(1<<20))
	sync := func(parameters string) string {
		return envelope(clientsync.ClientNamespace, "SyncUpdates", cookie+"<parameters>"+parameters+"</parameters>")
	}
	ints := func(n int) string { return strings.Repeat("<int>1</int>", n) }

	for name, test := range map[string]struct{ body, message string }{
		"oversize":        {sync("<x>" + strings.Repeat("x", 1<<20) + "</x>"), "the request has more than 1048576 bytes"},
		"depth bomb":      {sync(strings.Repeat("<a>", 100_000)), "soap: more than 32 levels of elements"},
		"open tags":       {sync(strings.Repeat("<a ", 100_000)), ""},
		"entity bomb":     {`<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + sync("<x>&b;</x>"), ""},
		"external entity": {`<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + sync("<x>&a;</x>"), ""},
		"instruction":     {`<?xml-stylesheet href="x"?>` + sync(""), ""},
		"400 is the cap":  {sync("<InstalledNonLeafUpdateIDs>" + ints(401) + "</InstalledNonLeafUpdateIDs>"), "parameters.InstalledNonLeafUpdateIDs"},
		"wrong number":    {sync("<OtherCachedUpdateIDs><int>4294967296</int></OtherCachedUpdateIDs>"), "parameters.OtherCachedUpdateIDs.int"},
		"devices":         {sync("<SystemSpec><Device/></SystemSpec><SkipSoftwareSync>false</SkipSoftwareSync>"), "parameters.SystemSpec"},
		"no parameters":   {envelope(clientsync.ClientNamespace, "SyncUpdates", cookie), "parameters"},
		"two operations":  {strings.Replace(sync(""), "</s:Body>", "<SyncUpdates/></s:Body>", 1), ""},
		"after the end":   {sync("") + "<a/>", ""},
		"cut":             {sync("")[:len(sync(""))-10], ""},
		"empty":           {"", ""},
		"not UTF-8":       {sync("<x>\xff</x>"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := post(h, clientsync.ClientPath, test.body)
			require.Equal(t, http.StatusInternalServerError, w.Code)
			require.Contains(t, w.Body.String(), "<ErrorCode>InvalidParameters</ErrorCode>")
			if test.message != "" {
				requireFaultAnswer(t, w, clientsync.InvalidParameters, test.message)
			}
			require.Less(t, w.Body.Len(), 2000)
			require.Empty(t, m.params)
		})
	}
	require.Equal(t, http.StatusOK, post(h, clientsync.ClientPath, sync("<InstalledNonLeafUpdateIDs>"+ints(400)+"</InstalledNonLeafUpdateIDs>")).Code)
}

// A length that is only claimed costs no memory, and a body without length is bounded too.
func TestBodiesAreBoundedHoweverSent(t *testing.T) {
	h := serve(newMemory(), clientsync.WithMaxBody(1000))
	for name, length := range map[string]int64{"claimed": 1 << 40, "unknown": -1, "understated": 10} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, clientsync.ClientPath, strings.NewReader(strings.Repeat("x", 2000)))
			r.ContentLength = length
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			requireFaultAnswer(t, w, clientsync.InvalidParameters, "the request has more than 1000 bytes")
		})
	}
	bomb := xpress.Append(nil, bytes.Repeat([]byte("x"), 1<<20))
	for encoding, want := range map[string]string{
		"gzip":         `Content-Encoding "gzip" is not known`,
		"xpress, gzip": `Content-Encoding "xpress, gzip" is not known`,
		"xpress":       "the request cannot be decoded",
	} {
		r := httptest.NewRequest(http.MethodPost, clientsync.ClientPath, bytes.NewReader(bomb[:900]))
		r.Header.Set("Content-Encoding", encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		requireFaultAnswer(t, w, clientsync.InvalidParameters, want)
	}
}

// Nothing of a batch is looked at before its cookie is accepted: not even its form.
func TestEventsAreReadAfterTheCookie(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	good := cookieElement(shakeHands(t, client, m, "2.90"))
	h := serve(m)
	batch := func(cookie, events string) *httptest.ResponseRecorder {
		return post(h, clientsync.ReportingPath, envelope(clientsync.ReportingNamespace, "ReportEventBatch",
			cookie+"<clientTime>2026-03-02T08:02:00Z</clientTime>"+events))
	}
	const broken = `<eventBatch><ReportingEvent><BasicData><EventID>&evil;</EventID>`
	requireFaultAnswer(t, batch("", broken), clientsync.InvalidCookie, "")
	requireFaultAnswer(t, batch(`<cookie><EncryptedData>AAAA</EncryptedData></cookie>`, broken), clientsync.InvalidCookie, "")
	requireFaultAnswer(t, batch("<eventBatch/>"+good, broken), clientsync.InvalidCookie, "")
	requireFaultAnswer(t, batch(good, ""), clientsync.InvalidParameters, "eventBatch")

	other := `<eventBatch><ReportingEvent><BasicData><TargetID><Sid>%s</Sid></TargetID></BasicData></ReportingEvent></eventBatch>`
	requireFaultAnswer(t, batch(good, fmt.Sprintf(other, uuid.NewString())), clientsync.InvalidParameters, "eventBatch.ReportingEvent.BasicData.TargetID")
	require.Empty(t, m.events)
	require.Equal(t, http.StatusOK, batch(good, fmt.Sprintf(other, strings.ToUpper(clientID))).Code)
	require.Len(t, m.events, 1)

	many := "<eventBatch>" + strings.Repeat("<ReportingEvent/>", clientsync.DefaultMaxEvents+1) + "</eventBatch>"
	requireFaultAnswer(t, batch(good, many), clientsync.InvalidParameters, "soap: eventBatch has more than 1000 elements ReportingEvent")
	long := `<eventBatch><ReportingEvent><BasicData><AppName>` + strings.Repeat("x", clientsync.DefaultMaxText+1) + `</AppName></BasicData></ReportingEvent></eventBatch>`
	requireFaultAnswer(t, batch(good, long), clientsync.InvalidParameters, "soap: eventBatch.ReportingEvent.BasicData.AppName has more than 262144 bytes")
}

func TestParametersThatAreRefused(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	cookie := cookieElement(shakeHands(t, client, m, "2.90"))
	h := serve(m)
	relationships := strings.Repeat("<CategoryRelationship><IndexOfAndGroup>1</IndexOfAndGroup><CategoryId>11111111-2222-4333-8444-555555555555</CategoryId></CategoryRelationship>", 200)
	for _, test := range []struct{ path, op, content, message string }{
		{clientsync.ClientPath, "GetConfig", "<protocolVersion>2</protocolVersion>", "protocolVersion"},
		{clientsync.ClientPath, "RegisterComputer", cookie, "computerInfo"},
		{clientsync.ClientPath, "RegisterComputer", cookie + "<computerInfo/>", "computerInfo.DnsName"},
		{clientsync.ClientPath, "StartCategoryScan", "", "requestedCategories"},
		{clientsync.ClientPath, "StartCategoryScan", "<requestedCategories>" + relationships + "</requestedCategories>", "requestedCategories"},
		{clientsync.ClientPath, "RefreshCache", cookie, "globalIDs"},
		{clientsync.ClientPath, "GetExtendedUpdateInfo", cookie, "infoTypes"},
		{clientsync.ClientPath, "GetExtendedUpdateInfo", cookie + "<revisionIDs>" + strings.Repeat("<int>1</int>", 51) + "</revisionIDs><infoTypes/>", "revisionIDs"},
		{clientsync.ClientPath, "GetExtendedUpdateInfo", cookie + "<infoTypes><XmlUpdateFragmentType>LocalizedProperties</XmlUpdateFragmentType></infoTypes>", "locales"},
		{clientsync.ClientPath, "GetExtendedUpdateInfo", cookie + "<infoTypes><XmlUpdateFragmentType>Eula</XmlUpdateFragmentType></infoTypes><locales/>", "locales"},
		{clientsync.ClientPath, "GetFileLocations", cookie, "fileDigests"},
		{clientsync.ClientPath, "GetFileLocations", cookie + "<fileDigests><base64Binary>AQID</base64Binary></fileDigests>", "fileDigests"},
		{clientsync.SimpleAuthPath, "GetAuthorizationCookie", "<dnsName>pc1</dnsName>", "clientId"},
		{clientsync.SimpleAuthPath, "GetAuthorizationCookie", "<clientId>a b</clientId><dnsName>pc1</dnsName>", "clientId"},
		{clientsync.SimpleAuthPath, "GetAuthorizationCookie", "<clientId>a</clientId>", "dnsName"},
		{clientsync.SimpleAuthPath, "GetAuthorizationCookie", "<clientId>a</clientId><dnsName>a\nb</dnsName>", "dnsName"},
	} {
		namespace := clientsync.ClientNamespace
		if test.path == clientsync.SimpleAuthPath {
			namespace = clientsync.SimpleAuthNamespace
		}
		requireFaultAnswer(t, post(h, test.path, envelope(namespace, test.op, test.content)), clientsync.InvalidParameters, test.message)
	}
}
