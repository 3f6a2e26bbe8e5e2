package clientagent_test

import (
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// managementPoint is the other end as its contract says it.
func managementPoint(t *testing.T, s *site) http.Handler {
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, status int, value any) {
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(value); err != nil {
			t.Error(err)
		}
	}
	token := func(r *http.Request) string { return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") }
	mux.HandleFunc("POST /SMS_MP/register", func(w http.ResponseWriter, r *http.Request) {
		var registration clientagent.Registration
		if err := json.NewDecoder(r.Body).Decode(&registration); err != nil {
			t.Error(err)
		}
		token, err := s.Register(r.Context(), registration)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		answer(w, http.StatusOK, map[string]string{"token": token})
	})
	mux.HandleFunc("GET /SMS_MP/policy", func(w http.ResponseWriter, r *http.Request) {
		policy, err := s.Policy(r.Context(), token(r), strings.Trim(r.Header.Get("If-None-Match"), `"`))
		switch {
		case err == clientagent.ErrNotModified:
			w.WriteHeader(http.StatusNotModified)
		case err == clientagent.ErrNotReady:
			answer(w, http.StatusConflict, map[string]string{"error": "no software update point"})
		case err != nil:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			answer(w, http.StatusOK, policy)
		}
	})
	mux.HandleFunc("POST /SMS_MP/report", func(w http.ResponseWriter, r *http.Request) {
		report, err := compliance.DecodeReport(r.Body, compliance.Limits{})
		if err != nil {
			t.Error(err)
		}
		receipt, err := s.Report(r.Context(), token(r), report)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		answer(w, http.StatusOK, receipt)
	})
	return mux
}

func TestAgentReachesItsSiteOverTLS(t *testing.T) {
	l := newLab(t, leaf("a"))
	point := httptest.NewTLSServer(managementPoint(t, l.site))
	defer point.Close()
	roots := x509.NewCertPool()
	roots.AddCert(point.Certificate())
	reach := clientagent.HTTP(point.URL+"/", roots)
	defer reach.Close()
	l.config.Site = reach
	l.start()
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.pass(2 * time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, compliance.Installed, l.site.update("a"))
	require.Empty(t, l.site.breach)

	_, err := reach.Policy(t.Context(), "no token", "")
	require.ErrorIs(t, err, clientagent.ErrNotAuthorized)
	l.site.notReady = true
	_, err = reach.Policy(t.Context(), "token of "+l.clientID(), "")
	require.ErrorIs(t, err, clientagent.ErrNotReady)
	l.site.notReady = false
	_, err = reach.Policy(t.Context(), "token of "+l.clientID(), l.site.policy.ETag)
	require.ErrorIs(t, err, clientagent.ErrNotModified)
}

func (l *lab) clientID() string {
	status, err := l.agent.Status(l.Context())
	require.NoError(l, err)
	return status.ClientID
}

func TestHTTPSiteRefusesBadAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, clientagent.MaxPolicyBytes+1))
		}, "larger than"},
		"not JSON":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, "invalid character"},
		"proxy's page": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusBadGateway) }, "502"},
		"other path":   {http.NotFound, "404"},
		"with reason": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"error":"disk is full"}`))
		}, "disk is full"},
		"other scheme": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "403 Forbidden: use https://wsus01.lab.example:8531/SMS_MP/", http.StatusForbidden)
		}, "site answered 403 Forbidden: use https://wsus01.lab.example:8531/SMS_MP/"},
		"text that moves the cursor": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "\x1b[2Jno\nway"+strings.Repeat(" on", 1000), http.StatusForbidden)
		}, "403 Forbidden: \uFFFD[2Jno way on"},
	} {
		t.Run(name, func(t *testing.T) {
			point := httptest.NewServer(c.answer)
			defer point.Close()
			reach := clientagent.HTTP(point.URL, nil)
			defer reach.Close()
			_, err := reach.Policy(t.Context(), "t", "")
			require.ErrorContains(t, err, c.want)
			require.Less(t, len(err.Error()), 400)
			require.NotErrorIs(t, err, clientagent.ErrNotReady)
		})
	}
	point := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }))
	defer point.Close()
	reach := clientagent.HTTP(point.URL, nil)
	defer reach.Close()
	_, err := reach.Register(t.Context(), clientagent.Registration{})
	require.ErrorContains(t, err, "without a token")
}
