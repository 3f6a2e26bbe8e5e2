package wsustest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// fleet is a server with a random catalogue, the model of it, and computers.
type fleet struct {
	rt     *rapid.T
	server *wsus.Server
	model  *model
	pcs    []*pc
	next   int // the number of the next update
}

// pc is one computer with its agent, behind a connection that may lose requests and answers.
type pc struct {
	agent     *wsustest.Agent
	computer  wsustest.Computer
	client    *http.Client
	group     uuid.UUID
	installed func(n int) bool
	chaos     *wsustest.Chaos
}

// TestAgentsConverge lets administrators and publishers do what they do, and agents scan in between. After each scan an agent holds what the
// model says, with the actions that it says, has needed no more than 200 trips, and has nothing to say against the server: that nothing was sent
// twice is one of its checks. rapid prints how to repeat a failure.
func TestAgentsConverge(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := newFleet(rt)
		for step := range rapid.IntRange(1, 5).Draw(rt, "steps") {
			for _, c := range f.pcs {
				f.scan(c)
			}
			f.change(step)
		}
		for _, c := range f.pcs {
			f.scan(c)
			if c.chaos.Drop == 0 { // an answer that was lost is sent again
				again, err := c.agent.Scan(context.Background())
				require.NoError(rt, err)
				require.Empty(rt, again.New)
				require.Empty(rt, again.Changed)
				require.Empty(rt, again.Gone)
			}
		}
	})
}

func newFleet(rt *rapid.T) *fleet {
	ctx := context.Background()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(),
		PageSize: rapid.IntRange(1, 20).Draw(rt, "page")})
	require.NoError(rt, err)
	rt.Cleanup(func() { require.NoError(rt, server.Close()) })
	f := &fleet{rt: rt, server: server, model: newModel(), next: 1}
	f.publish(rapid.IntRange(3, 15).Draw(rt, "updates"))
	groups := map[string]uuid.UUID{"": wsus.UnassignedComputers}
	for _, name := range []string{"Lab", "Sales"} {
		group, err := server.CreateTargetGroup(ctx, name)
		require.NoError(rt, err)
		groups[name] = group.ID
	}
	for i := range rapid.IntRange(1, 2).Draw(rt, "computers") {
		name := rapid.SampledFrom([]string{"", "Lab", "Sales"}).Draw(rt, "group")
		lacks := rapid.IntRange(0, 4).Draw(rt, "lacks") // every fifth update, or none
		c := &pc{group: groups[name], installed: func(n int) bool { return lacks == 0 || n%5 != lacks }}
		c.chaos = &wsustest.Chaos{Next: inProcess{server}, Seed: rapid.Uint64().Draw(rt, "seed")}
		if rapid.Bool().Draw(rt, "chaos") {
			c.chaos.Drop, c.chaos.DropAnswer, c.chaos.Truncate, c.chaos.Duplicate = 0.05, 0.05, 0.05, 0.1
		}
		c.client = &http.Client{Transport: c.chaos}
		c.computer = wsustest.Computer{ClientID: fmt.Sprintf("pc%d", i), TargetGroup: name,
			Evaluate: func(_ context.Context, core *metadata.Core) (applicability.State, error) {
				if c.installed(numberOf(core.UpdateID)) {
					return applicability.Installed, nil
				}
				return applicability.Required, nil
			}}
		c.agent, err = wsustest.NewAgent(address, c.client, c.computer)
		require.NoError(rt, err)
		f.pcs = append(f.pcs, c)
	}
	return f
}

func numberOf(id uuid.UUID) int {
	var n int
	_, _ = fmt.Sscanf(id.String()[24:], "%d", &n)
	return n
}

// publish imports new updates; they may name any that are there.
func (f *fleet) publish(count int) {
	var fresh []sample
	start := f.next
	for range count {
		n := f.next
		f.next++
		s := sample{n: n, revision: 1, kind: "Software", expired: rapid.IntRange(0, 9).Draw(f.rt, "expired") == 0}
		if n%3 == 1 {
			s.kind, s.expired = "Detectoid", false
		} else {
			s.deployable = rapid.Bool().Draw(f.rt, "deployable")
		}
		for range rapid.IntRange(0, 2).Draw(f.rt, "clauses") {
			var clause []int
			for range rapid.IntRange(1, 3).Draw(f.rt, "members") {
				if p := rapid.IntRange(1, n).Draw(f.rt, "member"); p < n && !f.model.declined[p] {
					clause = append(clause, p)
				}
			}
			if len(clause) > 0 {
				s.prerequisites = append(s.prerequisites, clause)
			}
		}
		// Members of bundles are new ones, of which nobody has decided anything.
		if s.kind == "Software" && n > start && rapid.IntRange(0, 3).Draw(f.rt, "bundle") == 0 {
			if m := rapid.IntRange(start, n-1).Draw(f.rt, "bundled"); f.model.updates[m].kind == "Software" {
				s.bundled = []int{m}
			}
		}
		f.model.updates[n] = s
		fresh = append(fresh, s)
	}
	f.load(fresh...)
}

func (f *fleet) load(samples ...sample) {
	report, err := f.server.Import(context.Background(), folderOf(samples...))
	require.NoError(f.rt, err)
	require.Empty(f.rt, report.Refused)
	require.Equal(f.rt, len(samples), report.Added)
}

// change does one thing that administrators, publishers or computers do.
func (f *fleet) change(step int) {
	ctx := context.Background()
	n := rapid.IntRange(1, f.next-1).Draw(f.rt, "of")
	s := f.model.updates[n]
	prerequisite, member := f.model.named(n)
	switch rapid.SampledFrom([]string{"approve", "approve", "decline", "publish", "revise", "restart", "lose cookie"}).Draw(f.rt, fmt.Sprint("step ", step)) {
	case "approve":
		if !s.deployable || s.expired || member || f.model.declined[n] || s.kind != "Software" {
			return
		}
		action := rapid.SampledFrom([]wsus.Action{wsus.Install, wsus.OptionalInstall, wsus.NotApproved}).Draw(f.rt, "action")
		group := rapid.SampledFrom([]uuid.UUID{wsus.AllComputers, f.pcs[0].group, f.pcs[len(f.pcs)-1].group}).Draw(f.rt, "for")
		require.NoError(f.rt, f.server.Approve(ctx, idOf(n), action, group))
		if f.model.approvals[n] == nil {
			f.model.approvals[n] = map[uuid.UUID]wsus.Action{}
		}
		f.model.approvals[n][group] = action
	case "decline":
		if prerequisite || member || s.kind != "Software" {
			return
		}
		require.NoError(f.rt, f.server.Decline(ctx, idOf(n)))
		f.model.declined[n] = true
	case "publish":
		f.publish(rapid.IntRange(1, 5).Draw(f.rt, "more"))
	case "revise":
		if member || f.model.approvals[n] != nil || f.model.declined[n] {
			return // bundles name a revision; what becomes of an approval is another matter
		}
		s.revision++
		f.model.updates[n] = s
		f.load(s)
	case "restart":
		for _, c := range f.pcs {
			text, err := json.Marshal(c.agent.State())
			require.NoError(f.rt, err)
			var state wsustest.State
			require.NoError(f.rt, json.Unmarshal(text, &state))
			c.agent, err = wsustest.NewAgent(address, c.client, c.computer)
			require.NoError(f.rt, err)
			require.NoError(f.rt, c.agent.Restore(state))
		}
	case "lose cookie":
		for _, c := range f.pcs {
			c.agent.Session().State = clientsync.SessionState{RefreshPending: true}
		}
	}
}

// scan lets an agent scan until it gets through, and compares.
func (f *fleet) scan(c *pc) {
	for try := 0; ; try++ {
		scan, err := c.agent.Scan(context.Background())
		if err == nil {
			require.LessOrEqual(f.rt, scan.Trips, clientsync.DefaultMaxTrips)
			break
		}
		require.Less(f.rt, try, 50, "the agent does not get through: %v", err)
		require.NotEqual(f.rt, wsustest.ChaosCounts{Requests: c.chaos.Counts().Requests}, c.chaos.Counts(), "without chaos: %v", err)
	}
	require.Empty(f.rt, c.agent.Findings())
	got := map[clientsync.UpdateIdentity]clientsync.Action{}
	for _, r := range c.agent.Cache() {
		got[r.Identity()] = r.Deployment.Action
		prerequisite, _ := f.model.named(numberOf(r.Core().UpdateID))
		require.Equal(f.rt, !prerequisite, r.Leaf, "leaf flag of %v", r)
	}
	require.Equal(f.rt, f.model.holding(c.group, c.installed), got)
}
