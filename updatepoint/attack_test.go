package updatepoint_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// besieged is a site in native mode behind its listeners, with two registered clients: one goes on working, the other attacks.
type besieged struct {
	store   *records
	reports *reports
	client  *http.Client
	healthy string // tokens
	own     string
	log     *bytes.Buffer
}

const (
	secureSite = "https://" + server + ":8531"
	plainSite  = "http://" + server + ":8530"
)

func newBesieged(t *testing.T) *besieged {
	t.Helper()
	b := &besieged{store: newRecords(), reports: newReports(), log: &bytes.Buffer{}}
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Mode: updatepoint.NativeMode, Store: b.store,
		Compliance: b.reports,
		Logger:     slog.New(slog.NewTextHandler(&lockedWriter{w: b.log}, nil))})
	require.NoError(t, err)
	plain, secure, ca := listener(t), listener(t), newCA(t)
	h := newHost()
	h.updates = []updatepoint.Update{update(1, "One")}
	_, err = site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h, Ports: ports.Custom,
		SSL: ssl.Required(ca.GetCertificate), Plain: plain, Secure: secure})
	require.NoError(t, err)
	run(t, site)
	eventually(t, site, func(c updatepoint.Channel) bool { return c.State == updatepoint.ConfigSuccess && c.Reason == "" })
	require.Eventually(t, func() bool { return contentVersion(t, site) == 1 }, 20*time.Second, 5*time.Millisecond)
	b.client = clientOf(t, ca.Pool(), plain, secure)
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	way := clientagent.HTTPWith(secureSite, b.client)
	b.healthy, err = way.Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "pc1", Secret: strings.Repeat("s",
		52)})
	require.NoError(t, err)
	b.own, err = way.Register(t.Context(), clientagent.Registration{ClientID: pc2, Name: "pc2"})
	require.NoError(t, err)
	_, err = way.Report(t.Context(), b.healthy, stateOf(pc1))
	require.NoError(t, err)
	return b
}

func stateOf(id string) compliance.Report {
	now := time.Now()
	return compliance.Report{ClientID: id, Name: "pc", Date: now, Messages: []compliance.Message{
		{Serial: 1, Time: now, Topic: compliance.Topic{Type: compliance.UpdateSourceScan, ID: "s"}, StateID: 3,
			ContentVersion: 1}}}
}

// send answers the status and the text.
func (b *besieged) send(t *testing.T, method, url, token string, body io.Reader) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	require.NoError(t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := b.client.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(text)
}

func (b *besieged) report(t *testing.T, token, text string) int {
	t.Helper()
	status, _ := b.send(t, http.MethodPost, secureSite+clientagent.ReportPath, token, strings.NewReader(text))
	return status
}

func (b *besieged) register(t *testing.T, text string) int {
	t.Helper()
	status, _ := b.send(t, http.MethodPost, secureSite+clientagent.RegisterPath, "", strings.NewReader(text))
	return status
}

// TestAttackTable attacks the management point of one site, row after row; the state of the site is compared after each.
func TestAttackTable(t *testing.T) {
	b := newBesieged(t)
	records, computers, rows := b.store.snapshot(), fmt.Sprint(b.reports.computers), len(b.reports.rows)
	for _, row := range managementAttacks {
		t.Run(row.name, func(t *testing.T) {
			row.run(t, b)
			require.Equal(t, records, b.store.snapshot())
			b.reports.mu.Lock()
			require.Equal(t, computers, fmt.Sprint(b.reports.computers))
			require.Len(t, b.reports.rows, rows)
			b.reports.mu.Unlock()
			_, err := clientagent.HTTPWith(secureSite, b.client).Policy(t.Context(), b.healthy, "")
			require.NoError(t, err, "a healthy client works")
			t.Logf("| %s | %s | %s |", row.name, row.sent, row.answer)
		})
	}
}

var managementAttacks = []struct {
	name, sent, answer string
	run                func(t *testing.T, b *besieged)
}{
	{"forged tokens", "none, noise, every cut of a good one, a bit of each byte inverted, that of another site",
		"401, the same text", func(t *testing.T, b *besieged) {
			good, err := base64.RawURLEncoding.DecodeString(b.healthy)
			require.NoError(t, err)
			tokens := []string{"", "x", strings.Repeat("A", 75), b.healthy + "A", b.healthy + "=", newForeignToken(t)}
			for i := range good {
				forged := bytes.Clone(good)
				forged[i] ^= 1 << (i % 8)
				tokens = append(tokens, b.healthy[:i], base64.RawURLEncoding.EncodeToString(forged))
			}
			for _, token := range tokens {
				status, text := b.send(t, http.MethodGet, secureSite+clientagent.PolicyPath, token, nil)
				require.Equal(t, http.StatusUnauthorized, status, token)
				require.JSONEq(t, fmt.Sprintf(`{"error":%q}`, clientagent.ErrNotAuthorized), text)
			}
			require.Equal(t, http.StatusUnauthorized, b.report(t, tokens[7], encoded(t, stateOf(pc1))))
		}},
	{"state of another client", "a report for pc1 with the token of pc2", "401", func(t *testing.T, b *besieged) {
		require.Equal(t, http.StatusUnauthorized, b.report(t, b.own, encoded(t, stateOf(pc1))))
	}},
	{"registration of another client", "the id of pc1 with no secret, a wrong one and the token of pc2", "401",
		func(t *testing.T, b *besieged) {
			for _, proof := range []string{"", `,"secret":"` + strings.Repeat("x", 52) + `"`, `,"token":"` + b.own + `"`} {
				require.Equal(t, http.StatusUnauthorized, b.register(t, `{"clientId":"`+pc1+`","name":"taken"`+proof+`}`))
			}
		}},
	{"JSON bombs", "100,000 open brackets, 16 KB and a byte, numbers for texts, two values, an id with a path", "400 or 413",
		func(t *testing.T, b *besieged) {
			for _, text := range []string{strings.Repeat("[", 16_000), strings.Repeat(`{"a":`, 3_000),
				`{"name":"` + strings.Repeat("x", 17<<10) + `"}`, `{"clientId":1}`, `null`, ``,
				`{"clientId":"../../` + pc1 + `","name":"x"}`, `{"clientId":"` + pc1 + `\n","name":"x"}`, `{}{}`} {
				require.Contains(t, []int{400, 413}, b.register(t, text), "%.50s", text)
			}
		}},
	{"XML bombs", "billion laughs, an external entity, 100,000 open elements, with a good token", "400 or 413",
		func(t *testing.T, b *besieged) {
			laughs := `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
			for _, text := range []string{laughs + "<Report>&b;</Report>", `<!DOCTYPE r SYSTEM "file:///etc/passwd"><Report/>`,
				strings.Repeat("<a>", 100_000), "<Report>&evil;</Report>", ""} {
				require.Contains(t, []int{400, 413}, b.report(t, b.own, text), "%.50s", text)
			}
		}},
	{"body before the token", "64 MB as a report, without a token", "401, and the body is not read",
		func(t *testing.T, b *besieged) {
			read := &counting{}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, secureSite+clientagent.ReportPath, read)
			require.NoError(t, err)
			if answer, err := b.client.Do(r); err == nil { // otherwise the connection ended first
				require.NoError(t, answer.Body.Close())
				require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
			}
			require.Less(t, read.read.Load(), int64(32<<20))
		}},
	{"plain HTTP", "the three paths over HTTP, in other spellings, with headers of a proxy", "403 or another 4xx, no redirect",
		func(t *testing.T, b *besieged) {
			for _, path := range []string{clientagent.RegisterPath, clientagent.PolicyPath, clientagent.ReportPath, "/SMS_MP/",
				"/SMS_MP", "/sms_mp/policy", "//SMS_MP/policy", "/./SMS_MP/policy",
				"/%53MS_MP/policy", "/SMS_MP%2fpolicy", "/Content/../SMS_MP/policy", "/SMS_MP/../ClientWebService/client.asmx",
				"/SMS_MP//policy", "/SMS_MP/./policy"} {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, plainSite+path, nil)
				require.NoError(t, err)
				r.Header.Set("X-Forwarded-Proto", "https")
				r.Header.Set("Authorization", "Bearer "+b.healthy)
				answer, err := b.client.Do(r)
				require.NoError(t, err)
				require.NoError(t, answer.Body.Close())
				require.GreaterOrEqual(t, answer.StatusCode, 400, path)
				require.Empty(t, answer.Header.Get("Location"), path)
			}
		}},
	{"other paths and methods", "detours over HTTPS, DELETE, TRACE, unknown names", "4xx, no redirect",
		func(t *testing.T, b *besieged) {
			for _, path := range []string{"/SMS_MP/", "/SMS_MP/.sms_aut?mplist", "/SMS_MP/../x", "/SMS_MP//policy",
				"/SMS_MP/./policy", "/SMS_MP/policy/", "/SMS_MP/%2e%2e/policy", "/SMS_MP/policy%00"} {
				status, _ := b.send(t, http.MethodGet, secureSite+path, b.healthy, nil)
				require.GreaterOrEqual(t, status, 400, path)
				require.Less(t, status, 500, path)
			}
			for _, method := range []string{http.MethodDelete, http.MethodPut, http.MethodTrace, http.MethodPatch,
				http.MethodOptions} {
				status, _ := b.send(t, method, secureSite+clientagent.PolicyPath, b.healthy, nil)
				require.Equal(t, http.StatusMethodNotAllowed, status, method)
			}
		}},
}
