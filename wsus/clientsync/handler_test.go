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
		clientsync.ReportingPath: {"GetRollupConfiguration", "RollupDownstreamServers", "RollupComputers", "GetOutOfSyncComputers", "RollupComputerStatus"},
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

func cookieElement(c clientsync.Cookie) string {
	return "<cookie><Expiration>2026-03-02T09:00:00Z</Expiration><EncryptedData>" + encode(c.EncryptedData) + "</EncryptedData></cookie>"
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
