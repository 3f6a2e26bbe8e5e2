package wsustest_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/xpress"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// conversation scans, describes, downloads and reports, and says what it has seen.
func conversation(t *testing.T, url string, way http.RoundTripper) (cached int, bytesFetched int64) {
	t.Helper()
	ctx := context.Background()
	agent, err := wsustest.NewAgent(url, &http.Client{Transport: way}, wsustest.Computer{ClientID: "recorded", Facts: machine(t, "server2022")})
	require.NoError(t, err)
	_, err = agent.Scan(ctx)
	require.NoError(t, err)
	needed, err := agent.Needed(ctx)
	require.NoError(t, err)
	var ids []int32
	for _, r := range needed {
		ids = append(ids, r.ID)
	}
	downloaded, err := agent.Download(ctx, ids...)
	require.NoError(t, err)
	require.NoError(t, agent.Report(ctx))
	return len(agent.Cache()), downloaded.Bytes
}

func TestRecordAndReplay(t *testing.T) {
	server := sampleServer(t, nil)
	approveAll(t, server)
	var file bytes.Buffer
	recorder := &wsustest.Recorder{Next: inProcess{server}, Output: &file, MaskCookies: true}
	cached, fetched := conversation(t, address, recorder)
	require.NoError(t, recorder.Err())
	require.Zero(t, recorder.LeftOut())
	require.NotZero(t, fetched)

	exchanges, err := wsustest.ReadTranscript(bytes.NewReader(file.Bytes()))
	require.NoError(t, err)
	require.Contains(t, file.String(), "<SyncUpdatesResult>", "compressed answers are written as what they mean")
	require.NotContains(t, file.String(), `"binary":"A`, "nothing of a cookie in another form")
	for _, e := range exchanges {
		for _, part := range strings.Split(e.Answer.Text, "<EncryptedData>")[1:] {
			require.True(t, strings.HasPrefix(part, "bWFza2VkIGNvb2tpZS"), "%.40s is no mask", part)
		}
	}

	// Without the server, once as a connection and once as a server, the agent sees the same.
	direct := wsustest.NewReplay(exchanges)
	again, fetchedAgain := conversation(t, address, direct)
	require.Equal(t, cached, again)
	require.Equal(t, fetched, fetchedAgain)
	require.Empty(t, direct.Divergences())
	require.Zero(t, direct.Left())

	served := wsustest.NewReplay(exchanges)
	over := httptest.NewServer(served)
	defer over.Close()
	there := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, over.Listener.Addr().String())
	}}
	defer there.CloseIdleConnections()
	again, fetchedAgain = conversation(t, address, there)
	require.Equal(t, cached, again)
	require.Equal(t, fetched, fetchedAgain)
	require.Empty(t, served.Divergences())
}

func TestReplayTellsWhatDiffers(t *testing.T) {
	server := sampleServer(t, nil)
	var file bytes.Buffer
	conversation(t, address, &wsustest.Recorder{Next: inProcess{server}, Output: &file})
	exchanges, err := wsustest.ReadTranscript(&file)
	require.NoError(t, err)
	replay := wsustest.NewReplay(exchanges)
	agent, err := wsustest.NewAgent(address, &http.Client{Transport: replay}, wsustest.Computer{ClientID: "another", Facts: machine(t, "server2022")})
	require.NoError(t, err)
	_, err = agent.Scan(context.Background())
	require.NoError(t, err)
	diverged := replay.Divergences()
	require.NotEmpty(t, diverged)
	require.Regexp(t, `^POST /SimpleAuthWebService/SimpleAuth.asmx GetAuthorizationCookie, recorded as exchange 2: it differs at byte \d+: `+
		`recorded ".*recorded.*", now ".*another.*"$`, diverged[0].String())

	_, err = (&http.Client{Transport: replay}).Get(address + "/Content/00/none.exe")
	require.ErrorContains(t, err, "not in the transcript")
	require.Equal(t, "GET /Content/00/none.exe: nothing like it is left in the transcript", replay.Divergences()[len(replay.Divergences())-1].String())
	w := httptest.NewRecorder()
	replay.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/Content/00/none.exe", nil))
	require.Equal(t, http.StatusNotFound, w.Code)
}

func TestRecorderIsBounded(t *testing.T) {
	long := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("long ", 1000)) })
	var file bytes.Buffer
	recorder := &wsustest.Recorder{Next: inProcess{long}, Output: &file, MaxBody: 100, MaxTranscript: 1000}
	client := &http.Client{Transport: recorder}
	for range 10 {
		response, err := client.Get(address + "/a")
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.Len(t, body, 5000, "the conversation is not cut, the transcript is")
		require.NoError(t, response.Body.Close())
	}
	require.LessOrEqual(t, file.Len(), 1000)
	require.NotZero(t, recorder.LeftOut())
	exchanges, err := wsustest.ReadTranscript(&file)
	require.NoError(t, err)
	require.Equal(t, 10, len(exchanges)+recorder.LeftOut())
	require.EqualValues(t, 4900, exchanges[0].Answer.Cut)
	_, err = (&http.Client{Transport: wsustest.NewReplay(exchanges)}).Get(address + "/a")
	require.Error(t, err, "what was cut cannot be replayed")
}

// TestRecorderMasksWhateverItCuts lets a transcript end in every place of a message, also in the middle of a cookie and of a character.
func TestRecorderMasksWhateverItCuts(t *testing.T) {
	const cookie = "c2VjcmV0IG9mIHRoZSBjb21wdXRlcg=="
	message := "<a>\u20ac<EncryptedData>" + cookie + "</EncryptedData>\u20ac<w:CookieData x='1'>" + cookie + "</w:CookieData>\u20ac</a>"
	for _, encoding := range []string{"", "xpress", "gzip"} {
		server := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			body := []byte(message)
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			if encoding == "xpress" {
				body = xpress.Append(nil, body)
			}
			_, _ = w.Write(body)
		})
		for limit := 1; limit <= 2*len(message); limit++ {
			var file bytes.Buffer
			recorder := &wsustest.Recorder{Next: inProcess{server}, Output: &file, MaskCookies: true, MaxBody: limit}
			response, err := (&http.Client{Transport: recorder}).Post(address+"/a", "text/xml", strings.NewReader(message))
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			exchanges, err := wsustest.ReadTranscript(&file)
			require.NoError(t, err)
			for _, body := range []wsustest.Body{exchanges[0].Request, exchanges[0].Answer} {
				kept := body.Text + string(body.Binary)
				require.NotContains(t, kept, cookie[:4], "%q, cut at %d", encoding, limit)
				if encoding == "" && limit == 2*len(message) {
					require.Equal(t, 2, strings.Count(kept, "bWFza2VkIGNvb2tpZSAx"), "the same cookie has the same number")
				}
			}
		}
	}
}

func TestReadTranscriptRefuses(t *testing.T) {
	const header = `{"format":"wsustest transcript","version":1}` + "\n"
	for text, want := range map[string]string{
		"":                          "it is empty",
		"hello\n":                   "the first line is not that of a transcript of version 1",
		header + "{\n":              "line 2",
		header + "{\"status\":1}\n": "line 2: 1 is not the status of an answer",
		header + "{}\n{\"x\n{}":     "line 3",
	} {
		_, err := wsustest.ReadTranscript(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
	exchanges, err := wsustest.ReadTranscript(strings.NewReader(header + `{"method":"GET"}` + "\n" + `{"method":"PO`))
	require.NoError(t, err, "what a crash cut off is left out")
	require.Len(t, exchanges, 1)
}

func FuzzReadTranscript(f *testing.F) {
	const header = `{"format":"wsustest transcript","version":1}` + "\n"
	f.Add([]byte(header + `{"method":"POST","path":"/a","request":{"text":"x"},"status":200,"answer":{"binary":"AAEC","cut":3}}` + "\n"))
	f.Add([]byte(header + `{"method":"GET","path":"?","status":-1,"header":{"Content-Length":["x"]}}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		exchanges, err := wsustest.ReadTranscript(bytes.NewReader(data))
		if err != nil {
			return
		}
		// Whatever can be read can be replayed, as an answer or an error.
		replay := wsustest.NewReplay(exchanges)
		for range exchanges {
			request := httptest.NewRequest(http.MethodGet, "/a", nil)
			if response, err := replay.RoundTrip(request); err == nil {
				require.NoError(t, response.Body.Close())
			}
			replay.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/a", strings.NewReader("x")))
		}
	})
}
