package clientsync_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// While one large body is held, a second one is refused and small ones are served; then there is a seat again.
func TestLargeBodiesAreFew(t *testing.T) {
	h := serve(newMemory(), clientsync.WithLimits(clientsync.Limits{LargeBodies: 1}))
	small := envelope(clientsync.ClientNamespace, "GetConfig", "<protocolVersion>2.90</protocolVersion>")
	large := envelope(clientsync.ClientNamespace, "GetConfig", "<protocolVersion>2.90</protocolVersion><x>"+strings.Repeat("x", clientsync.LargeBody)+"</x>")
	require.Equal(t, http.StatusOK, post(h, clientsync.ClientPath, large).Code)

	body, send := io.Pipe()
	done := make(chan *httptest.ResponseRecorder)
	go func() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, clientsync.ClientPath, body))
		done <- w
	}()
	// More than any buffer that is kept, so that the reader has had to take its seat when this returns.
	held := strings.Replace(large, "<x>", "<x>"+strings.Repeat("x", 2<<20), 1)
	_, err := io.WriteString(send, held)
	require.NoError(t, err)
	requireFaultAnswer(t, post(h, clientsync.ClientPath, strings.Replace(held, "<x>", "<x>x", 1)), clientsync.ServerBusy, "")
	packed := httptest.NewRequest(http.MethodPost, clientsync.ClientPath, strings.NewReader("x"))
	packed.Header.Set("Content-Encoding", "xpress")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, packed)
	requireFaultAnswer(t, w, clientsync.ServerBusy, "")
	require.Equal(t, http.StatusOK, post(h, clientsync.ClientPath, small).Code)

	require.NoError(t, send.Close())
	require.Equal(t, http.StatusOK, (<-done).Code)
	require.Equal(t, http.StatusOK, post(h, clientsync.ClientPath, held).Code)
}
