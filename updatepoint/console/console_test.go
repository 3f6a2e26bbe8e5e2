package console_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"html"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/updatepoint/console"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var rewrite = flag.Bool("update", false, "write testdata anew")

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// host is a WSUS in this program whose virtual roots answer 200.
type host struct{ updates []updatepoint.Update }

func (h host) Detect(context.Context) (updatepoint.Detection, error) {
	return updatepoint.Detection{Installed: true, Version: "10.0.17763.1"}, nil
}
func (h host) Configure(context.Context, updatepoint.Configuration) error { return nil }
func (h host) Synchronize(context.Context) (updatepoint.Content, error) {
	return updatepoint.Content{Version: "1"}, nil
}
func (h host) Updates(context.Context) iter.Seq2[updatepoint.Update, error] {
	return func(yield func(updatepoint.Update, error) bool) {
		for _, u := range h.updates {
			if !yield(u, nil) {
				return
			}
		}
	}
}
func (h host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, _, ok, err := ssl.FindRoot(r.URL); err != nil || !ok {
		http.NotFound(w, r)
	}
}

func newSite(t *testing.T) *updatepoint.Site {
	t.Helper()
	db := memory.Open()
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{
		Store: db.Site(), Compliance: db.Compliance(), Now: func() time.Time { return now }})
	require.NoError(t, err)
	return site
}

// installed is a site with a role, two updates, two computers and a deployment.
func installed(t *testing.T, computer, title string) *updatepoint.Site {
	t.Helper()
	site := newSite(t)
	ctx := t.Context()
	one, two := uuid.UUID{15: 1}, uuid.UUID{15: 2}
	_, err := site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{Server: "wsus01.lab.example", Ports: ports.Custom, WSUS: host{[]updatepoint.Update{
		{ID: one, Revision: 1, Title: title, KB: "5000001", Classification: "Security Updates", Severity: "Critical"},
		{ID: two, Revision: 1, Title: "Another update", Superseded: true},
	}}})
	require.NoError(t, err)
	require.NoError(t, site.Synchronize(ctx))
	require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
	way := updatepoint.InProcess(site)
	const id = "0b3f0d2c-7f0e-4a1e-9a53-000000000001"
	token, err := way.Register(ctx, clientagent.Registration{ClientID: id, Name: computer})
	require.NoError(t, err)
	_, err = way.Register(ctx, clientagent.Registration{ClientID: "0b3f0d2c-7f0e-4a1e-9a53-000000000002", Name: "silent.lab.example"})
	require.NoError(t, err)
	d, err := site.Deploy(ctx, updatepoint.Deployment{Name: "November", Updates: []uuid.UUID{one}, Collection: updatepoint.AllSystems,
		Deadline: now.Add(24 * time.Hour)})
	require.NoError(t, err)
	_, err = way.Report(ctx, token, compliance.Report{ClientID: id, Name: computer, Date: now, Messages: []compliance.Message{
		{Serial: 1, Time: now, Topic: compliance.Topic{Type: compliance.UpdateSourceScan, ID: "s"}, StateID: 3, ContentVersion: 1},
		{Serial: 2, Time: now, Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: one.String()}, StateID: int(compliance.Installed)},
		{Serial: 3, Time: now, Topic: compliance.Topic{Type: compliance.AssignmentCompliance, ID: d.ID.String()}, StateID: 1},
	}})
	require.NoError(t, err)
	return site
}

func anyone(*http.Request) (console.User, error) { return console.User{Name: "operator"}, nil }

func get(t *testing.T, site *updatepoint.Site, o console.Options, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	console.Handler(site, o).ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

func TestNobodyGetsInUnasked(t *testing.T) {
	site := newSite(t)
	for name, c := range map[string]struct {
		user   func(*http.Request) (console.User, error)
		status int
		text   string
	}{
		"no door":       {nil, 403, "console.Options.User"},
		"not signed in": {func(*http.Request) (console.User, error) { return console.User{}, console.ErrUnauthenticated }, 401, "signed in"},
		"not allowed":   {func(*http.Request) (console.User, error) { return console.User{}, errors.New("not an administrator") }, 403, "administrator"},
	} {
		for _, path := range []string{"/", "/style.css", "/other"} {
			w := get(t, site, console.Options{User: c.user}, path)
			require.Equal(t, c.status, w.Code, name+path)
			require.Contains(t, w.Body.String(), c.text)
			require.NotContains(t, w.Body.String(), "Site LAB")
			require.Equal(t, c.status == 401, w.Header().Get("WWW-Authenticate") != "")
		}
	}
}

func TestWithoutSoftwareUpdatePoint(t *testing.T) {
	site := newSite(t)
	w := get(t, site, console.Options{User: anyone}, "/")
	require.Equal(t, http.StatusConflict, w.Code)
	require.Contains(t, w.Body.String(), updatepoint.ErrNoSoftwareUpdatePoint.Error())
	require.Contains(t, w.Body.String(), "Site LAB")
}

var tags = regexp.MustCompile(`<[^>]*>`)

// textOf is what a reader sees: one line for each line of the page that has text.
func textOf(page string) string {
	page = strings.ReplaceAll(page, "</td><td>", " | ")
	page = strings.ReplaceAll(page, "</th><td>", " | ")
	page = strings.ReplaceAll(page, `</th><th scope="col">`, " | ")
	page = strings.ReplaceAll(page, "</dt><dd>", ": ")
	var lines []string
	for line := range strings.Lines(html.UnescapeString(tags.ReplaceAllString(page, ""))) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestPage(t *testing.T) {
	w := get(t, installed(t, "pc1.lab.example", "Sample update for a laboratory"), console.Options{User: anyone}, "/")
	require.Equal(t, http.StatusOK, w.Code)
	text := textOf(w.Body.String())
	const golden = "testdata/page.txt"
	if *rewrite {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(text), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

func TestPageIsStrict(t *testing.T) {
	w := get(t, installed(t, "pc1", "Update"), console.Options{User: anyone}, "/")
	require.Equal(t, "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		w.Header().Get("Content-Security-Policy"))
	require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	for _, forbidden := range []string{"<script", "style=", " on", "http://", "https://"} {
		body := strings.ReplaceAll(w.Body.String(), "at http://wsus01.lab.example:8530", "")
		body = regexp.MustCompile(`>[^<]*<`).ReplaceAllString(body, "><")
		require.NotContains(t, body, forbidden)
	}
	w = get(t, newSite(t), console.Options{User: anyone}, "/style.css")
	require.Equal(t, "text/css; charset=utf-8", w.Header().Get("Content-Type"))
	require.NotContains(t, w.Body.String(), "url(")
	post := httptest.NewRecorder()
	console.Handler(newSite(t), console.Options{User: anyone}).ServeHTTP(post, httptest.NewRequest(http.MethodPost, "/", nil))
	require.Equal(t, http.StatusMethodNotAllowed, post.Code)
}

func TestHostileNames(t *testing.T) {
	for _, hostile := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'; DROP TABLE computers --`, `</table><h1>x`, `{{.Code}}`, `&lt;b&gt;`,
	} {
		w := get(t, installed(t, hostile, "update "+hostile), console.Options{
			User: func(*http.Request) (console.User, error) { return console.User{Name: hostile}, nil }}, "/")
		body := w.Body.String()
		require.Equal(t, 1, strings.Count(body, "<h1>"))
		require.NotContains(t, body, "<script")
		require.NotContains(t, body, "<img")
		require.Equal(t, 3, strings.Count(html.UnescapeString(body), hostile), "it is shown as it is")
	}
}

func TestPages(t *testing.T) {
	site := installed(t, "pc1", "Update")
	for i := range console.PageRows {
		_, err := updatepoint.InProcess(site).Register(t.Context(), clientagent.Registration{
			ClientID: uuid.NewString(), Name: fmt.Sprintf("x%03d", i)})
		require.NoError(t, err)
	}
	first := get(t, site, console.Options{User: anyone}, "/").Body.String()
	require.Contains(t, first, "1 to 200 of 202")
	require.Contains(t, first, `href="?computers=2#computers"`)
	require.NotContains(t, first, "x199")
	for _, last := range []string{"2", "999999"} {
		page := get(t, site, console.Options{User: anyone}, "/?updates=1&computers="+last).Body.String()
		require.Contains(t, page, "201 to 202 of 202")
		require.Contains(t, page, "x199")
		require.Contains(t, page, `href="?computers=1&amp;updates=1#computers"`)
	}
	for _, odd := range []string{"-1", "x", "99999999999999999999"} {
		require.Contains(t, get(t, site, console.Options{User: anyone}, "/?computers="+odd).Body.String(), "1 to 200 of 202")
	}
}
