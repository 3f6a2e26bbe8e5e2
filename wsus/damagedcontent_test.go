package wsus_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// What a disk has damaged is not served, and the log of the server says so, with the digest by which to find it.
func TestDamagedContentIsLogged(t *testing.T) {
	dir := t.TempDir()
	store, err := content.Dir(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	var log bytes.Buffer
	server, err := wsus.NewServer(t.Context(), wsus.Config{Store: memory.Open().WSUS(), Content: store, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)
	data := []byte("setup")
	d := document{id: id(1), title: "one", deployable: true, file: fileElement("setup.exe", data)}
	_, err = server.Import(t.Context(), fstest.MapFS{"one.xml": {Data: []byte(d.String())}, "setup.exe": {Data: data}})
	require.NoError(t, err)
	places, err := filepath.Glob(filepath.Join(dir, "??", "*"))
	require.NoError(t, err)
	require.Len(t, places, 1)
	sha1 := filepath.Base(places[0])
	get := func() int {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://wsus.test:8530/Content/"+sha1[38:]+"/"+sha1+".exe", nil))
		return w.Code
	}
	require.Equal(t, http.StatusOK, get())
	require.NoError(t, os.WriteFile(places[0], []byte("spoiled"), 0o600))
	require.Equal(t, http.StatusNotFound, get())
	require.Contains(t, log.String(), sha1)
	require.Contains(t, log.String(), "content not served")
	missing, err := server.MissingContent(t.Context(), id(1))
	require.NoError(t, err)
	require.Equal(t, []string{"setup.exe"}, missing)
}
