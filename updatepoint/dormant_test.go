package updatepoint_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// counted is the way of an agent to its site, and how often it got a policy or was told that its own has not changed.
type counted struct {
	clientagent.Site
	got, unchanged int
}

func (c *counted) Policy(ctx context.Context, token, etag string) (clientagent.Policy, error) {
	p, err := c.Site.Policy(ctx, token, etag)
	switch {
	case err == nil:
		c.got++
	case errors.Is(err, clientagent.ErrNotModified):
		c.unchanged++
	}
	return p, err
}

// household is a site on a server with the sample catalogue, and agents of one sample machine, with one clock.
type household struct {
	*testing.T
	site   *updatepoint.Site
	agents map[string]*clientagent.Agent
	ways   map[string]*counted
	now    time.Time
}

func newHousehold(t *testing.T, computers ...string) *household {
	db := memory.Open()
	local, err := wsus.NewServer(t.Context(), wsus.Config{Store: db.WSUS(), Content: content.Memory()})
	require.NoError(t, err)
	_, err = local.Import(t.Context(), catalog.Files())
	require.NoError(t, err)
	h := &household{T: t, agents: map[string]*clientagent.Agent{}, ways: map[string]*counted{}, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	h.site, err = updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance(), Now: clock})
	require.NoError(t, err)
	_, err = h.site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: updatepoint.Local(local), Ports: ports.Custom})
	require.NoError(t, err)
	require.NoError(t, h.site.Synchronize(t.Context()))
	for _, name := range computers {
		facts, err := snapshot.Shipped().Open("server2022.json")
		require.NoError(t, err)
		machine, err := snapshot.Decode(facts)
		require.NoError(t, errors.Join(err, facts.Close()))
		h.ways[name] = &counted{Site: updatepoint.InProcess(h.site)}
		h.agents[name], err = clientagent.New(clientagent.Config{Site: h.ways[name], Machine: renamed{machine, name}, Store: db.Agent(name),
			Cache: content.Memory(), HTTPClient: &http.Client{Transport: toHandler{local}}, Now: clock, Zone: time.UTC})
		require.NoError(t, err)
	}
	return h
}

type toHandler struct{ handler http.Handler }

func (t toHandler) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// renamed is a machine of another name.
type renamed struct {
	*snapshot.Machine
	name string
}

func (r renamed) Name() string { return r.name }

// pass lets time pass for all agents, each stepped when it wants to be.
func (h *household) pass(d time.Duration) {
	h.Helper()
	end := h.now.Add(d)
	for !h.now.After(end) {
		next := end.Add(time.Nanosecond)
		for _, agent := range h.agents {
			due, err := agent.Step(h.Context(), h.now)
			require.NoError(h, err)
			if due.Before(next) {
				next = due
			}
		}
		h.now = next
	}
	h.now = end
}

func (h *household) enabled(name string) bool {
	status, err := h.agents[name].Status(h.Context())
	require.NoError(h, err)
	return status.Enabled
}

func (h *household) deployments(name string) []clientagent.DeploymentStatus {
	all, err := h.agents[name].Deployments(h.Context())
	require.NoError(h, err)
	return all
}

func (h *household) scanned(name string) time.Time {
	last, err := h.agents[name].LastScan(h.Context())
	require.NoError(h, err)
	return last.Time
}

// Rule 13 of configmgr.md §10, from the site to the machine: "Agent disabled: dormant, deployment policies removed, no scan; enabled:
// re-request. Settings are site-wide (2007) or default + custom priority (2012+)".
func TestClientAgentIsSwitchedOffAndOnAgain(t *testing.T) {
	h := newHousehold(t, "pc1", "pc2")
	ctx := t.Context()
	require.NoError(t, h.site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
	require.NoError(t, h.site.PutCollection(ctx, updatepoint.Collection{Name: "Pilot", Members: []string{"pc1"}}))
	h.pass(4 * time.Hour)
	last, err := h.agents["pc1"].LastScan(ctx)
	require.NoError(t, err)
	update := last.Required()[0]
	made, err := h.site.Deploy(ctx, updatepoint.Deployment{Name: "d", Collection: updatepoint.AllSystems, Updates: []uuid.UUID{update},
		Deadline: h.now.Add(48 * time.Hour)})
	require.NoError(t, err)
	h.pass(3 * time.Hour)
	for _, name := range []string{"pc1", "pc2"} {
		require.Len(t, h.deployments(name), 1)
		require.Equal(t, compliance.EnforcementDownloaded, h.deployments(name)[0].Enforcement)
	}

	// Custom settings switch the pilot off. One of another page with a higher priority does not matter to that, one of the same does.
	off := clientagent.DefaultSettings()
	off.Enabled, off.PolicyPollingInterval = false, 3*time.Minute
	require.NoError(t, h.site.PutCustomSettings(ctx, updatepoint.CustomSettings{Name: "off", Priority: 5,
		Groups: []string{clientagent.GroupSoftwareUpdates}, Settings: off, Collections: []string{"Pilot"}}))
	often := clientagent.DefaultSettings()
	often.PolicyPollingInterval = 30 * time.Minute
	require.NoError(t, h.site.PutCustomSettings(ctx, updatepoint.CustomSettings{Name: "often", Priority: 1,
		Groups: []string{clientagent.GroupClientPolicy}, Settings: often, Collections: []string{updatepoint.AllSystems}}))
	h.pass(2 * time.Hour)
	require.False(t, h.enabled("pc1"))
	require.True(t, h.enabled("pc2"))
	require.Empty(t, h.deployments("pc1"), "its policy has none")
	before := h.scanned("pc1")

	h.pass(8 * 24 * time.Hour)
	require.Equal(t, before, h.scanned("pc1"), "no scan, and the last one is kept")
	require.True(t, h.scanned("pc2").After(before))
	_, err = h.agents["pc1"].Scan(ctx)
	require.ErrorIs(t, err, clientagent.ErrDisabled)
	status, err := h.site.DeploymentStatus(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, "pc1", status.Clients[0].Name)
	require.Equal(t, compliance.EnforcementDownloaded, status.Clients[0].Enforcement, "history: the site knows what it was told")
	require.Equal(t, compliance.NonCompliant, status.Clients[0].Compliance)
	require.Equal(t, compliance.EnforcementInstalled, status.Clients[1].Enforcement, "its deadline came")
	require.False(t, status.Reached)

	// A poll of an unchanged policy gets none: every 30 minutes for a day.
	got, unchanged := h.ways["pc2"].got, h.ways["pc2"].unchanged
	h.pass(24 * time.Hour)
	require.Equal(t, got, h.ways["pc2"].got)
	require.Equal(t, unchanged+48, h.ways["pc2"].unchanged)

	on := clientagent.DefaultSettings()
	require.NoError(t, h.site.PutCustomSettings(ctx, updatepoint.CustomSettings{Name: "on", Priority: 4,
		Groups: []string{clientagent.GroupSoftwareUpdates}, Settings: on, Collections: []string{"Pilot"}}))
	h.pass(4 * time.Hour)
	require.True(t, h.enabled("pc1"), "4 wins over 5")
	require.Len(t, h.deployments("pc1"), 1, "they came with the policy")
	require.True(t, h.scanned("pc1").After(before))
	status, err = h.site.DeploymentStatus(ctx, made.ID)
	require.NoError(t, err)
	require.True(t, status.Reached, "the deadline had passed: %+v", status.Clients)
	require.Equal(t, compliance.EnforcementInstalled, status.Clients[0].Enforcement)

	require.NoError(t, h.site.DisableClientAgent(ctx))
	h.pass(time.Hour)
	require.False(t, h.enabled("pc2"))
	require.True(t, h.enabled("pc1"), "custom settings win over those of the site")
}
