package clientsync_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// post sends a body to a path and answers what came back.
func post(h http.Handler, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
	return w
}

func envelope(namespace, op, content string) string {
	return fmt.Sprintf(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><%s xmlns="%s">%s</%[1]s></s:Body></s:Envelope>`,
		op, namespace, content)
}

// requireFaultAnswer checks the form that agents need to recover: status 500, SOAP, ErrorCode and Message.
func requireFaultAnswer(t testing.TB, w *httptest.ResponseRecorder, code clientsync.FaultCode, message string) {
	t.Helper()
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
	require.Equal(t, fmt.Sprint(w.Body.Len()), w.Header().Get("Content-Length"))
	text := `<detail><ErrorCode>` + string(code) + `</ErrorCode><Message>` + message + `</Message>`
	if message == "" {
		text = `<detail><ErrorCode>` + string(code) + `</ErrorCode><Message/>`
	}
	require.Contains(t, w.Body.String(), text)
}

func TestHTTP(t *testing.T) {
	h := serve(newMemory())
	config := envelope(clientsync.ClientNamespace, "GetConfig", `<protocolVersion>2.90</protocolVersion>`)
	for _, path := range []string{"/ClientWebService/client.asmx", "/ClientWebService/Client.asmx", "/CLIENTWEBSERVICE/CLIENT.ASMX"} {
		w := post(h, path, config)
		require.Equal(t, http.StatusOK, w.Code, path)
		require.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
		require.Equal(t, "private", w.Header().Get("Cache-Control"))
		require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		require.Equal(t, fmt.Sprint(w.Body.Len()), w.Header().Get("Content-Length"))
	}
	for _, path := range []string{"/", "/ClientWebService", "/ClientWebService/client.asmx/x", "/ServerSyncWebService/serversyncwebservice.asmx"} {
		require.Equal(t, http.StatusNotFound, post(h, path, config).Code, path)
	}
	for _, path := range []string{clientsync.ClientPath, clientsync.SimpleAuthPath, clientsync.ReportingPath, "/reportingwebservice/webservice.asmx"} {
		for method, want := range map[string]int{http.MethodGet: 200, http.MethodHead: 200, http.MethodPut: 405, http.MethodDelete: 405, "BREW": 405} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			require.Equal(t, want, w.Code, method+" "+path)
			require.NotContains(t, w.Body.String(), "<", "never HTML")
			require.Equal(t, want == 405, w.Header().Get("Allow") != "")
		}
	}
}

func TestGetConfig2IsAnAlias(t *testing.T) {
	w := post(serve(newMemory()), clientsync.ClientPath, envelope(clientsync.ClientNamespace, "GetConfig2",
		`<clientConfiguration><ProcessorArchitecture>Amd64Compatible</ProcessorArchitecture><ProtocolVersion>2.90</ProtocolVersion></clientConfiguration>`))
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), "<GetConfig2Result><LastChange>2026-03-01T09:30:00.12Z</LastChange>")
}

func TestOperationsThatAreNot(t *testing.T) {
	h := serve(newMemory())
	for path, names := range map[string][]string{
		clientsync.ClientPath: {"SyncPrinterCatalog", "GetExtendedUpdateInfo2", "GetTimestamps"},
		clientsync.ReportingPath: {"ReportEventBatch2", "GetRequiredInventoryType", "ReportInventory", "GetRollupConfiguration",
			"RollupDownstreamServers", "RollupComputers", "GetOutOfSyncComputers", "RollupComputerStatus"},
	} {
		namespace := map[string]string{clientsync.ClientPath: clientsync.ClientNamespace, clientsync.ReportingPath: clientsync.ReportingNamespace}[path]
		for _, name := range names {
			w := post(h, path, envelope(namespace, name, ""))
			requireFaultAnswer(t, w, clientsync.InvalidParameters, name+" is not built yet")
			require.Contains(t, w.Body.String(), `<Method>"`+namespace+"/"+name+`"</Method>`)
		}
	}
	requireFaultAnswer(t, post(h, clientsync.ClientPath, envelope(clientsync.ClientNamespace, "Reboot", "")),
		clientsync.InvalidParameters, "Reboot is no operation of this service")
	requireFaultAnswer(t, post(h, clientsync.ClientPath, envelope("urn:other", "GetConfig", "")),
		clientsync.InvalidParameters, "GetConfig is no operation of this service")
	// Reporting is served on plain HTTP too: it must not be a way around the secured channel.
	requireFaultAnswer(t, post(h, clientsync.ReportingPath, envelope(clientsync.ClientNamespace, "GetConfig", "")),
		clientsync.InvalidParameters, "GetConfig is no operation of this service")
}

func TestFaultsAreGolden(t *testing.T) {
	h := serve(newMemory())
	for name, w := range map[string]*httptest.ResponseRecorder{
		"client":    post(h, clientsync.ClientPath, envelope(clientsync.ClientNamespace, "SyncUpdates", "")),
		"reporting": post(h, clientsync.ReportingPath, envelope(clientsync.ReportingNamespace, "ReportEventBatch", "")),
		"soap12":    post(h, clientsync.ClientPath, `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><a/></s:Body></s:Envelope>`),
		"broken":    post(h, clientsync.ClientPath, `<html>`),
	} {
		path, got := "testdata/golden/fault-"+name+".xml", masked(w.Body.String())
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), got)
		require.Equal(t, http.StatusInternalServerError, w.Code)
	}
}

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
	r := httptest.NewRequest(http.MethodPost, clientsync.ClientPath, strings.NewReader("x"))
	r.Header.Set("Content-Encoding", "xpress")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	requireFaultAnswer(t, w, clientsync.InvalidParameters, "Content-Encoding: requests are not encoded")
}

func cookieElement(c clientsync.Cookie) string {
	return "<cookie><Expiration>2026-03-02T09:00:00Z</Expiration><EncryptedData>" + encode(c.EncryptedData) + "</EncryptedData></cookie>"
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

func TestRegistrationIsRequired(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	cookie := shakeHands(t, client, m, "2.90")
	clear(m.registered)
	ctx := t.Context()
	_, err := client.SyncUpdates(ctx, cookie, clientsync.SyncParameters{})
	requireFault(t, err, clientsync.RegistrationRequired)
	_, err = client.GetExtendedUpdateInfo(ctx, cookie, clientsync.ExtendedQuery{})
	requireFault(t, err, clientsync.RegistrationRequired)
	_, _, err = client.GetFileLocations(ctx, cookie, nil)
	requireFault(t, err, clientsync.RegistrationRequired)
	_, err = client.ReportEventBatch(ctx, cookie, start, []clientsync.ReportingEvent{event()})
	require.NoError(t, err, "events tell why registration failed")
}

// A failure of the backend is told to the log, once, and not to the client. Cookies are told to neither.
func TestFailuresAreLoggedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(*memory)
		want clientsync.FaultCode
		text string
	}{
		"error":   {func(m *memory) { m.fail = errors.New("disk on fire") }, clientsync.InternalServerError, "disk on fire"},
		"panic":   {func(m *memory) { m.onSync = func() { panic("out of cheese") } }, clientsync.InternalServerError, "out of cheese"},
		"a fault": {func(m *memory) { m.fail = &clientsync.Fault{Code: clientsync.ServerBusy, Message: "importing"} }, clientsync.ServerBusy, "importing"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMemory()
			var log bytes.Buffer
			h := serve(m, clientsync.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
			client, carrier := connect(t, h)
			cookie := shakeHands(t, client, m, "2.90")
			require.Empty(t, log.String())
			test.set(m)
			_, err := client.SyncUpdates(t.Context(), cookie, clientsync.SyncParameters{})
			requireFault(t, err, test.want)
			require.Equal(t, 1, strings.Count(log.String(), "\n"))
			require.Contains(t, log.String(), test.text)
			require.Contains(t, log.String(), clientID)
			require.NotContains(t, log.String(), encode(cookie.EncryptedData)[:20])
			var fault *clientsync.Fault
			require.ErrorAs(t, err, &fault)
			require.Contains(t, log.String(), fault.ID.String())
			if test.want == clientsync.InternalServerError {
				require.NotContains(t, string(carrier.answer), test.text)
				require.Contains(t, string(carrier.answer), "<faultcode>s:Server</faultcode>")
			}
		})
	}
}

func TestGetCookie(t *testing.T) {
	m := newMemory()
	m.anchor = 77
	client, _ := connect(t, serve(m))
	ctx := t.Context()
	authorization, err := client.GetAuthorizationCookie(ctx, "", strings.ToUpper(clientID), "", "pc1.example.test")
	require.NoError(t, err)
	p := clientsync.GetCookieParameters{AuthCookies: []clientsync.AuthorizationCookie{authorization}, LastChange: start, CurrentTime: start, ProtocolVersion: "2.90"}

	first, err := client.GetCookie(ctx, p)
	require.NoError(t, err)
	require.Equal(t, start.Add(clientsync.DefaultCookieLifetime), first.Expiration)
	require.NoError(t, client.RegisterComputer(ctx, first, computer()))
	info, err := client.SyncUpdates(ctx, first, clientsync.SyncParameters{})
	require.NoError(t, err)
	require.Equal(t, first.Expiration, info.NewCookie.Expiration, "the expiry does not slide")
	require.Equal(t, clientsync.Bearer{ID: clientID, DNSName: "pc1.example.test", Groups: m.groups,
		Protocol: clientsync.Version{Major: 2, Minor: 90}, Host: "wsus.example.test:8530"}, m.bearers[0])

	// The anchor comes over from an old cookie, expired or not, of the same client.
	m.now = start.Add(2 * clientsync.DefaultCookieLifetime)
	_, err = client.SyncUpdates(ctx, info.NewCookie, clientsync.SyncParameters{})
	requireFault(t, err, clientsync.CookieExpired)
	_, err = client.GetCookie(ctx, p)
	requireFault(t, err, clientsync.InvalidAuthorizationCookie)
	p.AuthCookies[0], err = client.GetAuthorizationCookie(ctx, "", clientID, "", "pc1.example.test")
	require.NoError(t, err)
	p.OldCookie = info.NewCookie
	second, err := client.GetCookie(ctx, p)
	require.NoError(t, err)
	_, err = client.SyncUpdates(ctx, second, clientsync.SyncParameters{})
	require.NoError(t, err)
	require.Equal(t, int64(77), m.bearers[1].Anchor)

	other := p
	other.AuthCookies = make([]clientsync.AuthorizationCookie, 1)
	other.AuthCookies[0], err = client.GetAuthorizationCookie(ctx, "", "another-client", "", "pc2")
	require.NoError(t, err)
	third, err := client.GetCookie(ctx, other)
	require.NoError(t, err)
	require.NoError(t, client.RegisterComputer(ctx, third, computer()))
	_, err = client.SyncUpdates(ctx, third, clientsync.SyncParameters{})
	require.NoError(t, err)
	require.Zero(t, m.bearers[2].Anchor, "what another client has seen")

	for name, test := range map[string]struct {
		change func(*clientsync.GetCookieParameters)
		want   clientsync.FaultCode
	}{
		"no authorization": {func(p *clientsync.GetCookieParameters) { p.AuthCookies = nil }, clientsync.InvalidAuthorizationCookie},
		"two":              {func(p *clientsync.GetCookieParameters) { p.AuthCookies = append(p.AuthCookies, authorization) }, clientsync.InvalidAuthorizationCookie},
		"a service cookie": {func(p *clientsync.GetCookieParameters) {
			p.AuthCookies = []clientsync.AuthorizationCookie{{CookieData: second.EncryptedData}}
		}, clientsync.InvalidAuthorizationCookie},
		"an authorization as old": {func(p *clientsync.GetCookieParameters) { p.OldCookie.EncryptedData = p.AuthCookies[0].CookieData }, clientsync.InvalidCookie},
		"another configuration":   {func(p *clientsync.GetCookieParameters) { p.LastChange = start.Add(1000) }, clientsync.ConfigChanged},
		"a version that is none":  {func(p *clientsync.GetCookieParameters) { p.ProtocolVersion = "two" }, clientsync.InvalidParameters},
		"an old cookie of a server": {func(p *clientsync.GetCookieParameters) {
			p.OldCookie.EncryptedData = append([]byte{1}, make([]byte, 99)...)
		}, clientsync.ServerChanged},
	} {
		t.Run(name, func(t *testing.T) {
			changed := p
			test.change(&changed)
			_, err := client.GetCookie(ctx, changed)
			requireFault(t, err, test.want)
		})
	}
}
