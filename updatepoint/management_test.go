package updatepoint_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

const (
	pc1 = "0b3f0d2c-7f0e-4a1e-9a53-000000000001"
	pc2 = "0b3f0d2c-7f0e-4a1e-9a53-000000000002"
)

// transports are both ways of an agent to a site.
func transports(t *testing.T, site *updatepoint.Site) map[string]clientagent.Site {
	t.Helper()
	web := httptest.NewServer(site.Handler())
	t.Cleanup(web.Close)
	return map[string]clientagent.Site{
		"HTTP":       clientagent.HTTPWith(web.URL, web.Client()),
		"in process": updatepoint.InProcess(site),
	}
}

func register(t *testing.T, site *updatepoint.Site, id, name string) string {
	t.Helper()
	token, err := updatepoint.InProcess(site).Register(t.Context(), clientagent.Registration{ClientID: id, Name: name})
	require.NoError(t, err)
	return token
}

func TestRegistration(t *testing.T) {
	store := newRecords()
	first := openSite(t, updatepoint.MixedMode, store, newReports())
	for name, way := range transports(t, first) {
		t.Run(name, func(t *testing.T) {
			r := clientagent.Registration{ClientID: uuid.NewString(), Name: "pc1.lab.example"}
			token, err := way.Register(t.Context(), r)
			require.NoError(t, err)

			_, err = way.Register(t.Context(), r)
			require.ErrorIs(t, err, clientagent.ErrNotAuthorized, "a known id needs its token")
			r.Token, r.Name = token, "pc1-renamed.lab.example"
			again, err := way.Register(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, token, again)

			clients, err := openSite(t, updatepoint.MixedMode, store, newReports()).Clients(t.Context())
			require.NoError(t, err)
			require.Contains(t, names(clients), "pc1-renamed.lab.example", "it is in the store")

			for _, bad := range []clientagent.Registration{
				{ClientID: "no-guid", Name: "pc"}, {ClientID: "{" + pc1 + "}", Name: "pc"}, {ClientID: uuid.Nil.String(), Name: "pc"},
				{ClientID: pc1}, {ClientID: pc1, Name: "line\nbreak"}, {ClientID: pc1, Name: strings.Repeat("x", 300)},
			} {
				_, err := way.Register(t.Context(), bad)
				require.ErrorContains(t, err, "bad request")
			}
		})
	}
	clients, err := first.Clients(t.Context())
	require.NoError(t, err)
	require.Len(t, clients, 2)
}

func names(clients []updatepoint.Client) []string {
	var all []string
	for _, c := range clients {
		all = append(all, c.Name)
	}
	return all
}

func TestForgedTokens(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site)
	other, _ := newSite(t, updatepoint.MixedMode)
	token := register(t, site, pc1, "pc1")
	foreign := register(t, other, pc1, "pc1")
	for name, way := range transports(t, site) {
		t.Run(name, func(t *testing.T) {
			_, err := way.Policy(t.Context(), token, "")
			require.NoError(t, err)
			for i := range token {
				for _, c := range []byte("Ax-") {
					if token[i] == c {
						continue
					}
					forged := token[:i] + string(c) + token[i+1:]
					_, err := way.Policy(t.Context(), forged, "")
					require.ErrorIs(t, err, clientagent.ErrNotAuthorized, "byte %d", i)
				}
			}
			for _, forged := range []string{"", "x", token[1:], token + "A", foreign} {
				_, err := way.Policy(t.Context(), forged, "")
				require.ErrorIs(t, err, clientagent.ErrNotAuthorized)
				_, err = way.Report(t.Context(), forged, compliance.Report{ClientID: pc1, Name: "pc1", Date: time.Now()})
				require.ErrorIs(t, err, clientagent.ErrNotAuthorized)
			}
		})
	}
}

func TestTokenOfAnotherClientDoesNotRegister(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	register(t, site, pc1, "pc1")
	other := register(t, site, pc2, "pc2")
	for name, way := range transports(t, site) {
		_, err := way.Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "mine now", Token: other})
		require.ErrorIs(t, err, clientagent.ErrNotAuthorized, name)
	}
}

// A client that never got the answer to its registration shows the secret that it sent along, and is the same client afterwards.
func TestLostRegistrationAnswer(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site)
	secret := strings.Repeat("s", 40)
	for name, way := range transports(t, site) {
		for range 2 {
			token, err := way.Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "pc1", Secret: secret})
			require.NoError(t, err, name)
			_, err = way.Policy(t.Context(), token, "")
			require.NoError(t, err, name)
		}
		for _, wrong := range []string{"", secret + "x", strings.Repeat("t", 40)} {
			_, err := way.Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "pc1", Secret: wrong})
			require.ErrorIs(t, err, clientagent.ErrNotAuthorized, name)
		}
		_, err := way.Register(t.Context(), clientagent.Registration{ClientID: pc2, Name: "pc2", Secret: "short"})
		require.ErrorContains(t, err, "32 to 128", name)
	}
	clients, err := site.Clients(t.Context())
	require.NoError(t, err)
	require.Len(t, clients, 1)
}

// A forgotten client may come back, and what it had before is worth nothing.
func TestRemovedClient(t *testing.T) {
	clock := reported
	store := newRecords()
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: store, Compliance: newReports(),
		Now: func() time.Time { clock = clock.Add(time.Second); return clock }})
	require.NoError(t, err)
	withPoint(t, site)
	way, upper := updatepoint.InProcess(site), strings.ToUpper(pc2)
	before := register(t, site, pc1, "pc1")
	require.NoError(t, site.RemoveClient(t.Context(), pc1))
	require.ErrorIs(t, site.RemoveClient(t.Context(), pc1), updatepoint.ErrNotFound)
	_, err = way.Policy(t.Context(), before, "")
	require.ErrorIs(t, err, clientagent.ErrNotAuthorized)
	register(t, site, upper, "upper")
	require.NoError(t, site.RemoveClient(t.Context(), upper), "the id in the form that the client registered with")
	after := register(t, site, pc1, "pc1")
	_, err = way.Policy(t.Context(), before, "")
	require.ErrorIs(t, err, clientagent.ErrNotAuthorized)
	_, err = way.Policy(t.Context(), after, "")
	require.NoError(t, err)
	clients, err := openSite(t, updatepoint.MixedMode, store, newReports()).Clients(t.Context())
	require.NoError(t, err)
	require.Len(t, clients, 1)
}

func TestTooManyClients(t *testing.T) {
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: newRecords(), Compliance: newReports(), MaxClients: 1})
	require.NoError(t, err)
	register(t, site, pc1, "pc1")
	_, err = updatepoint.InProcess(site).Register(t.Context(), clientagent.Registration{ClientID: pc2, Name: "pc2"})
	require.ErrorIs(t, err, updatepoint.ErrTooManyClients)
}

func TestPolicy(t *testing.T) {
	store := newRecords()
	site := openSite(t, updatepoint.MixedMode, store, newReports())
	token, otherToken := register(t, site, pc1, "PC1.lab.example"), register(t, site, pc2, "pc2.lab.example")
	ctx := t.Context()
	for name, way := range transports(t, site) {
		_, err := way.Policy(ctx, token, "")
		require.ErrorIs(t, err, clientagent.ErrNotReady, name)
		_, err = way.Report(ctx, token, compliance.Report{ClientID: pc1, Name: "pc1", Date: time.Now()})
		require.ErrorIs(t, err, clientagent.ErrNotReady, name)
	}
	h := withPoint(t, site, update(1, "One"))
	require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: "Pilot", Members: []string{"pc1.LAB.example"}}))
	made, err := site.Deploy(ctx, updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: "Pilot"})
	require.NoError(t, err)

	for name, way := range transports(t, site) {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, site.DisableClientAgent(ctx))
			dormant, err := way.Policy(ctx, token, "")
			require.NoError(t, err)
			require.False(t, dormant.Settings.Enabled)
			require.Empty(t, dormant.Deployments)

			require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
			p, err := way.Policy(ctx, token, dormant.ETag)
			require.NoError(t, err)
			require.NotEqual(t, dormant.ETag, p.ETag)
			require.Equal(t, "LAB", p.SiteCode)
			require.True(t, p.Settings.Enabled)
			require.Equal(t, []clientagent.Deployment{made}, p.Deployments)
			require.Equal(t, []clientagent.Location{{WSUSURL: "http://wsus01.lab.example:8530", ServerName: server,
				Version: p.ContentVersion}}, p.Locations)

			_, err = way.Policy(ctx, token, p.ETag)
			require.ErrorIs(t, err, clientagent.ErrNotModified)
			_, err = updatepoint.InProcess(openSite(t, updatepoint.MixedMode, store, newReports())).Policy(ctx, token, p.ETag)
			require.ErrorIs(t, err, clientagent.ErrNotModified, "the ETag survives a restart")

			others, err := way.Policy(ctx, otherToken, "")
			require.NoError(t, err)
			require.Empty(t, others.Deployments, "not in the collection")

			h.set(update(1, "One"), update(2, "Two"))
			require.NoError(t, site.Synchronize(ctx))
			next, err := way.Policy(ctx, token, p.ETag)
			require.NoError(t, err)
			require.Equal(t, p.ContentVersion+1, next.ContentVersion)
			require.Equal(t, p.UpdateSource, next.UpdateSource)
		})
	}
}

// A point that does not hold the content version is not told to clients.
func TestLocationsFollowTheContentVersion(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	token := register(t, site, pc1, "pc1")
	require.NoError(t, site.RemoveSoftwareUpdatePoint(t.Context()))
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: "wsus02.lab.example", WSUS: newHost(), Ports: ports.Default})
	require.NoError(t, err)
	p, err := updatepoint.InProcess(site).Policy(t.Context(), token, "")
	require.NoError(t, err)
	require.Empty(t, p.Locations)
	require.NoError(t, site.Synchronize(t.Context()))
	p, err = updatepoint.InProcess(site).Policy(t.Context(), token, "")
	require.NoError(t, err)
	require.Equal(t, "http://wsus02.lab.example", p.Locations[0].WSUSURL)
}

func TestClientAgentSettingsOutOfRange(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	require.Error(t, site.EnableClientAgent(t.Context(), clientagent.Settings{}))
	settings, err := site.ClientAgent(t.Context())
	require.NoError(t, err)
	require.False(t, settings.Enabled)
}

func TestBadRequestsChangeNothingAndAreLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	store := newRecords()
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: store, Compliance: newReports(),
		Logger: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)
	withPoint(t, site)
	token := register(t, site, pc1, "pc1")
	before := store.snapshot()
	for _, c := range []struct {
		name, method, path, token, body string
		status                          int
		logged                          bool
	}{
		{"no JSON", "POST", clientagent.RegisterPath, "", "{", 400, true},
		{"two values", "POST", clientagent.RegisterPath, "", `{"clientId":"` + pc2 + `","name":"pc2"}{}`, 400, true},
		{"large", "POST", clientagent.RegisterPath, "", `{"name":"` + strings.Repeat("x", updatepoint.MaxRegistrationBytes) + `"}`, 413, true},
		{"known id", "POST", clientagent.RegisterPath, "", `{"clientId":"` + pc1 + `","name":"pc1"}`, 401, true},
		{"no token", "GET", clientagent.PolicyPath, "", "", 401, true},
		{"report without token", "POST", clientagent.ReportPath, "", "<Report/>", 401, true},
		{"no XML", "POST", clientagent.ReportPath, token, "hello", 400, true},
		{"large report", "POST", clientagent.ReportPath, token, "<Report>" + strings.Repeat(" ", compliance.DefaultMaxBytes), 413, true},
		{"wrong method", "DELETE", clientagent.PolicyPath, token, "", 405, false},
		{"unknown path", "GET", "/SMS_MP/other", token, "", 404, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			log.Reset()
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			if c.token != "" {
				r.Header.Set("Authorization", "Bearer "+c.token)
			}
			w := httptest.NewRecorder()
			site.Handler().ServeHTTP(w, r)
			require.Equal(t, c.status, w.Code, w.Body)
			if c.logged {
				require.Contains(t, w.Body.String(), `"error":`)
				require.Equal(t, 1, strings.Count(log.String(), "\n"), log.String())
				require.NotContains(t, log.String(), token)
			}
			require.Equal(t, before, store.snapshot())
		})
	}
}

func TestInternalErrorsStayInside(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	store.breakWith(errDisk)
	w := httptest.NewRecorder()
	site.Handler().ServeHTTP(w, httptest.NewRequest("POST", clientagent.RegisterPath, strings.NewReader(`{"clientId":"`+pc1+`","name":"pc1"}`)))
	require.Equal(t, 500, w.Code)
	require.NotContains(t, w.Body.String(), errDisk.Error())
}

func TestNativeModeNeedsTLS(t *testing.T) {
	site, _ := newSite(t, updatepoint.NativeMode)
	addSecured(t, site, newHost())
	plain := httptest.NewServer(site.Handler())
	defer plain.Close()
	request, err := http.NewRequest(http.MethodGet, plain.URL+clientagent.PolicyPath, nil)
	require.NoError(t, err)
	request.Header.Set("X-Forwarded-Proto", "https")
	answer, err := plain.Client().Do(request)
	require.NoError(t, err)
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	require.Contains(t, string(text), "https://wsus01.lab.example:8531/SMS_MP/")

	secure := httptest.NewTLSServer(site.Handler())
	defer secure.Close()
	way := clientagent.HTTPWith(secure.URL, secure.Client())
	token, err := way.Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "pc1"})
	require.NoError(t, err)
	_, err = way.Policy(t.Context(), token, "")
	require.NoError(t, err)
}

func TestETagHeaders(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site)
	token := register(t, site, pc1, "pc1")
	get := func(condition string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", clientagent.PolicyPath, nil)
		r.Header.Set("Authorization", "bearer "+token)
		r.Header.Set("If-None-Match", condition)
		w := httptest.NewRecorder()
		site.Handler().ServeHTTP(w, r)
		return w
	}
	etag := get("").Header().Get("ETag")
	require.Regexp(t, `^"[0-9a-f]{32}"$`, etag)
	for condition, status := range map[string]int{etag: 304, `"x", W/` + etag: 304, `"x"`: 200, strings.Trim(etag, `"`): 200} {
		w := get(condition)
		require.Equal(t, status, w.Code, condition)
		require.Equal(t, etag, w.Header().Get("ETag"))
	}
}
