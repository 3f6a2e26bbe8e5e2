package wsus_test

import (
	"bytes"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// A batch that a real agent sent is kept to the letter and, having no status event, changes no state. Where the captures are not, the
// composed batches of TestStatusEvents remain.
func TestCapturedEventBatch(t *testing.T) {
	body, err := os.ReadFile(filepath.Join("..", "..", "shared", "testdata", "soap-client", "flow-000016-ReportEventBatch.request.xml"))
	if err != nil {
		t.Log("the captures are not here")
		return
	}
	client := string(regexp.MustCompile(`<Sid>([^<]*)`).FindSubmatch(body)[1])
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	agent := newWUA(t, server, client, "")
	agent.sync(t, clientsync.SyncParameters{})
	body = regexp.MustCompile(`<cookie>.*</cookie>`).ReplaceAllLiteral(body, []byte(cookieXML(agent.cookie.EncryptedData)))
	for range 2 {
		r := httptest.NewRequest(http.MethodPost, clientsync.ReportingPath, bytes.NewReader(body))
		r.Header.Set("Content-Type", "text/xml; charset=utf-8")
		r.Header.Set("SOAPAction", `"http://www.microsoft.com/SoftwareDistribution/ReportEventBatch"`)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code, w.Body)
	}
	var events []int
	for e, err := range server.Events(t.Context(), client) {
		require.NoError(t, err)
		require.False(t, e.Unsealed)
		events = append(events, e.EventID)
		for _, text := range e.MiscData {
			require.True(t, strings.Contains(html.UnescapeString(string(body)), "<string>"+text+"</string>"), text)
		}
	}
	require.Equal(t, []int{147, 148, 148, 148}, events, "what is sent twice is kept once")
	state, err := server.InstallationState(t.Context(), client, id(1))
	require.NoError(t, err)
	require.Equal(t, wsus.Unknown, state)
}
