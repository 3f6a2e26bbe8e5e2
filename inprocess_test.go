package softwareupdates_test

import (
	"net/http"
	"net/http/httptest"
)

// inProcess is a client whose requests go to a handler in this program, whatever address they name.
func inProcess(handler http.Handler) *http.Client { return &http.Client{Transport: transport{handler}} }

type transport struct{ handler http.Handler }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
