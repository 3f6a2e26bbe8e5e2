package clientsync_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/xpress"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// bigAnswer makes a handler whose SyncUpdates answer is worth compressing, and a request for it.
func bigAnswer(t *testing.T) (h http.Handler, request string) {
	t.Helper()
	m := newMemory()
	client, _ := connect(t, serve(m))
	cookie := cookieElement(shakeHands(t, client, m, "2.90"))
	for id := range int32(50) {
		m.info.NewUpdates = append(m.info.NewUpdates, clientsync.UpdateInfo{ID: id + 1, XML: `<UpdateIdentity UpdateID="x" />`,
			Deployment: clientsync.Deployment{ID: id + 1, Action: clientsync.Evaluate}})
	}
	return serve(m), envelope(clientsync.ClientNamespace, "SyncUpdates",
		cookie+`<parameters><ExpressQuery>false</ExpressQuery><SkipSoftwareSync>false</SkipSoftwareSync></parameters>`)
}

func ask(h http.Handler, accept, encoding string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, clientsync.ClientPath, bytes.NewReader(body))
	if accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Who does not list Xpress, or lists it with a quality of 0, gets identity (RFC 9110 §12.5.3).
func TestAnswersAreCompressedForThoseWhoAsk(t *testing.T) {
	h, request := bigAnswer(t)
	plain := ask(h, "", "", []byte(request))
	require.Equal(t, http.StatusOK, plain.Code)
	for accept, packed := range map[string]bool{
		"": false, "gzip, deflate": false, "identity": false, "*": false, "xpress;q=0": false, "xpress; q=0.0": false, "xpressed": false,
		"xpress": true, "XPRESS": true, "gzip, xpress": true, "gzip;q=1.0, xpress;q=0.5": true,
	} {
		w := ask(h, accept, "", []byte(request))
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		got := w.Body.Bytes()
		if packed {
			require.Equal(t, "xpress", w.Header().Get("Content-Encoding"), accept)
			require.Less(t, len(got), plain.Body.Len()/3)
			var err error
			got, err = xpress.Decode(nil, got, 1<<20)
			require.NoError(t, err)
		} else {
			require.Empty(t, w.Header().Get("Content-Encoding"), accept)
		}
		require.Equal(t, masked(plain.Body.String()), masked(string(got)), accept)
	}
}

func TestSmallAnswersAndFaultsStayPlain(t *testing.T) {
	h := serve(newMemory())
	config := ask(h, "xpress", "", []byte(envelope(clientsync.ClientNamespace, "GetConfig", `<protocolVersion>2.90</protocolVersion>`)))
	require.Equal(t, http.StatusOK, config.Code)
	require.Empty(t, config.Header().Get("Content-Encoding"))
	fault := ask(h, "xpress", "", []byte(envelope(clientsync.ClientNamespace, "SyncUpdates", "")))
	require.Equal(t, http.StatusInternalServerError, fault.Code)
	require.Empty(t, fault.Header().Get("Content-Encoding"))
}

func TestCompressedRequests(t *testing.T) {
	h, request := bigAnswer(t)
	plain := ask(h, "", "", []byte(request))
	for _, encoding := range []string{"xpress", "Xpress"} {
		w := ask(h, "", encoding, xpress.Append(nil, []byte(request)))
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, masked(plain.Body.String()), masked(w.Body.String()))
	}
	require.Equal(t, http.StatusOK, ask(h, "", "identity", []byte(request)).Code)
}

// Our client takes what it asked for, and says what it got when that is something else.
func TestClientReadsEncodedAnswers(t *testing.T) {
	m := newMemory()
	plain := post(serve(m), clientsync.ClientPath, envelope(clientsync.ClientNamespace, "GetConfig", `<protocolVersion>2.90</protocolVersion>`)).Body.Bytes()
	for _, c := range []struct {
		encoding string
		body     []byte
		want     string
	}{
		{"xpress", xpress.Append(nil, plain), ""},
		{"identity", plain, ""},
		{"gzip", plain, `Content-Encoding "gzip" is not known`},
		{"xpress", plain, "the body is damaged"},
		{"xpress", xpress.Append(nil, bytes.Repeat(plain, 20)), "the message has more than 10000 bytes"},
	} {
		client, _ := connect(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			require.Equal(t, "xpress", r.Header.Get("Accept-Encoding"))
			w.Header().Set("Content-Type", "text/xml; charset=utf-8")
			w.Header().Set("Content-Encoding", c.encoding)
			_, _ = w.Write(c.body)
		}))
		client.MaxAnswer = 10_000
		config, err := client.GetConfig(t.Context(), "2.90")
		if c.want != "" {
			require.ErrorContains(t, err, c.want)
			continue
		}
		require.NoError(t, err, c.encoding)
		require.True(t, strings.HasPrefix(config.ServiceURL, "SimpleAuth"))
	}
}
