package wsus_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Agents before Windows 10 ask in whatever case, with HEAD and for ranges, and stop at a server without wuident.cab.
func TestSelfUpdate(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "AU", "x64", "W7"), 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wuident.cab"), []byte("identification"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "AU", "x64", "W7", "WUSetupHandler.cab"), []byte("handler"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "..", filepath.Base(dir)+"-beside"), []byte("secret"), 0o600))
	config := wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(), SelfUpdate: os.DirFS(dir)}
	server, err := wsus.NewServer(t.Context(), config)
	require.NoError(t, err)
	ask := func(method, path, span string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://wsus.test:8530"+path, nil)
		if span != "" {
			r.Header.Set("Range", span)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	for path, want := range map[string]string{"/SelfUpdate/wuident.cab": "identification", "/selfupdate/WUIdent.CAB": "identification",
		"/SelfUpdate/au/X64/w7/wusetuphandler.cab": "handler", "/SelfUpdate/AU/x64/W7/WUSetupHandler.cab": "handler"} {
		w := ask(http.MethodGet, path, "")
		require.Equal(t, http.StatusOK, w.Code, path)
		require.Equal(t, want, w.Body.String())
		w = ask(http.MethodHead, path, "")
		require.Equal(t, http.StatusOK, w.Code)
		require.Zero(t, w.Body.Len())
	}
	w := ask(http.MethodGet, "/SelfUpdate/wuident.cab", "bytes=5-9")
	require.Equal(t, http.StatusPartialContent, w.Code)
	require.Equal(t, "ifica", w.Body.String())
	for path, want := range map[string]int{"/SelfUpdate": 404, "/SelfUpdate/": 404, "/SelfUpdate/AU": 404, "/SelfUpdate/AU/": 404, "/SelfUpdate/absent.cab": 404,
		"/SelfUpdate/wuident.cab/x": 404, "/SelfUpdate/../SelfUpdate/wuident.cab": 400, "/SelfUpdate/%2e%2e/" + filepath.Base(dir) + "-beside": 400} {
		w := ask(http.MethodGet, path, "")
		require.Equal(t, want, w.Code, path)
		require.NotContains(t, w.Body.String(), "secret")
	}
	require.Equal(t, http.StatusMethodNotAllowed, ask(http.MethodPost, "/SelfUpdate/wuident.cab", "").Code)

	require.NoError(t, server.SetChannel(t.Context(), wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom}))
	for _, e := range server.CheckHealth(t.Context(), &http.Client{Transport: &asListeners{handler: server}}) {
		if e.Component == "SelfUpdate" {
			require.True(t, e.Healthy, e.Message)
		}
	}
}
