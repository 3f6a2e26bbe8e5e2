package updatepoint_test

import (
	"bytes"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Whatever a client posts, the answer is a refusal that changes nothing, or a client more.
func FuzzRegister(f *testing.F) {
	f.Add([]byte(`{"clientId":"`+pc1+`","name":"pc1"}`), "")
	f.Add([]byte(`{"clientId":"`+pc2+`","name":"pc2","token":"x"}`), "Bearer x")
	f.Add([]byte(`[[[[`), "Basic eDp4")
	f.Fuzz(func(t *testing.T, body []byte, authorization string) {
		site, store := newSite(t, updatepoint.MixedMode)
		before := store.snapshot()
		r := httptest.NewRequest("POST", clientagent.RegisterPath, bytes.NewReader(body))
		w := httptest.NewRecorder()
		site.Handler().ServeHTTP(w, r)
		clients, err := site.Clients(t.Context())
		require.NoError(t, err)
		switch w.Code {
		case 200:
			require.Len(t, clients, 1)
		case 400, 413:
			require.Empty(t, clients)
			require.Equal(t, before, store.snapshot())
		default:
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		r = httptest.NewRequest("GET", clientagent.PolicyPath, nil)
		r.Header["Authorization"] = []string{authorization}
		w = httptest.NewRecorder()
		site.Handler().ServeHTTP(w, r)
		require.Equal(t, 401, w.Code)
	})
}
