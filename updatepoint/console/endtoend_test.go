package console_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/updatepoint/console"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// toHandler carries requests to a server in this process, whatever address they name.
type toHandler struct{ handler http.Handler }

func (t toHandler) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestRoleAndClientAgentComeAndGo walks a real agent, site and WSUS server through switching the client agent off and on, and the role
// away and back, and looks at the console all the while.
func TestRoleAndClientAgentComeAndGo(t *testing.T) {
	ctx := t.Context()
	db := memory.Open()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: content.Memory()})
	require.NoError(t, err)
	_, err = server.Import(ctx, catalog.Files())
	require.NoError(t, err)
	site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance()})
	require.NoError(t, err)
	page := console.Handler(site, console.Options{User: func(*http.Request) (console.User, error) { return console.User{Name: "operator"}, nil }})
	shown := func() (int, string) {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		return w.Code, w.Body.String()
	}
	requireNoRole := func() {
		code, body := shown()
		require.Equal(t, http.StatusConflict, code)
		require.Contains(t, body, updatepoint.ErrNoSoftwareUpdatePoint.Error())
		_, err := site.Compliance(ctx)
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		_, err = site.Deploy(ctx, updatepoint.Deployment{Name: "d", Collection: updatepoint.AllSystems})
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
	}
	addRole := func() {
		_, err := site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{
			Server: "wsus01.lab.example", WSUS: updatepoint.Local(server), Ports: ports.Custom})
		require.NoError(t, err)
		require.NoError(t, site.Synchronize(ctx))
		code, _ := shown()
		require.Equal(t, http.StatusOK, code)
	}
	requireNoRole()
	addRole()

	facts, err := snapshot.Shipped().Open("server2022.json")
	require.NoError(t, err)
	defer facts.Close()
	machine, err := snapshot.Decode(facts)
	require.NoError(t, err)
	now := time.Now()
	agent, err := clientagent.New(clientagent.Config{Site: updatepoint.InProcess(site), Machine: machine, Store: db.Agent("pc1"),
		Cache: content.Memory(), HTTPClient: &http.Client{Transport: toHandler{server}}, Now: func() time.Time { return now },
		Pace: clientagent.Laboratory(time.Minute)})
	require.NoError(t, err)
	pass := func() clientagent.Status {
		for range 25 {
			_, err := agent.Step(ctx, now)
			require.NoError(t, err)
			now = now.Add(time.Minute)
		}
		status, err := agent.Status(ctx)
		require.NoError(t, err)
		return status
	}
	unknown := func() int {
		table, err := site.ComplianceSummary(ctx)
		require.NoError(t, err)
		return table.States.Unknown
	}

	require.False(t, pass().Enabled, "nobody has enabled the client agent")
	require.NotZero(t, unknown(), "a dormant agent does not scan")
	require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
	require.True(t, pass().Enabled)
	require.Zero(t, unknown())
	require.NoError(t, site.DisableClientAgent(ctx))
	dormant := pass()
	require.False(t, dormant.Enabled)
	last, err := agent.LastScan(ctx)
	require.NoError(t, err)
	require.Equal(t, dormant.LastScan, last.Time)
	pass()
	again, err := agent.LastScan(ctx)
	require.NoError(t, err)
	require.Equal(t, last.Time, again.Time, "history is kept, nothing is scanned")
	require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
	pass()
	again, err = agent.LastScan(ctx)
	require.NoError(t, err)
	require.True(t, again.Time.After(last.Time))

	require.NoError(t, site.RemoveSoftwareUpdatePoint(ctx))
	requireNoRole()
	addRole()
}
