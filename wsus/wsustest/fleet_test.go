package wsustest_test

import (
	"context"
	"fmt"
	"net/http"

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
	rt        *rapid.T
	server    *wsus.Server
	model     *model
	groups    []uuid.UUID
	pcs       []*pc
	next      int // the number of the next update
	decisions int
}

// pc is one computer with its agent, behind a connection that may lose requests and answers.
type pc struct {
	agent     *wsustest.Agent
	computer  wsustest.Computer
	client    *http.Client
	groups    []uuid.UUID
	installed func(n int) bool
	chaos     *wsustest.Chaos
}

func newFleet(rt *rapid.T) *fleet {
	ctx := context.Background()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(),
		PageSize: rapid.IntRange(1, 20).Draw(rt, "page")})
	require.NoError(rt, err)
	rt.Cleanup(func() { require.NoError(rt, server.Close()) })
	f := &fleet{rt: rt, server: server, model: newModel(), next: 1, groups: []uuid.UUID{wsus.AllComputers, wsus.UnassignedComputers}}
	f.publish(rapid.IntRange(3, 20).Draw(rt, "updates"))
	byName := map[string]uuid.UUID{}
	for _, g := range []struct{ name, parent string }{{"Lab", ""}, {"Bench", "Lab"}, {"Sales", ""}} {
		parent, nested := byName[g.parent]
		if !nested {
			parent = wsus.AllComputers
		}
		group, err := server.CreateChildTargetGroup(ctx, g.name, parent)
		require.NoError(rt, err)
		byName[g.name], f.model.parents[group.ID] = group.ID, parent
		f.groups = append(f.groups, group.ID)
	}
	for range rapid.IntRange(0, 8).Draw(rt, "decisions") {
		f.approve()
	}
	members := map[string][]uuid.UUID{"": {wsus.UnassignedComputers}, "Lab": {byName["Lab"]}, "Bench": {byName["Bench"]},
		"Lab;Sales": {byName["Lab"], byName["Sales"]}, "Sales;Bench": {byName["Sales"], byName["Bench"]}}
	for i := range rapid.IntRange(1, 2).Draw(rt, "computers") {
		name := rapid.SampledFrom([]string{"", "Lab", "Bench", "Lab;Sales", "Sales;Bench"}).Draw(rt, "group")
		f.pcs = append(f.pcs, f.newPC(i, name, members[name]))
	}
	return f
}

func (f *fleet) newPC(i int, name string, groups []uuid.UUID) *pc {
	lacks := rapid.IntRange(0, 4).Draw(f.rt, "lacks") // every fifth update, or none
	c := &pc{groups: groups, installed: func(n int) bool { return lacks == 0 || n%5 != lacks }}
	c.chaos = &wsustest.Chaos{Next: inProcess{f.server}, Seed: rapid.Uint64().Draw(f.rt, "seed")}
	if rapid.Bool().Draw(f.rt, "chaos") {
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
	for range rapid.IntRange(0, 2).Draw(f.rt, "devices") {
		ids := rapid.Permutation([]string{"a", "b", "c"}).Draw(f.rt, "ids")
		split := rapid.IntRange(0, 2).Draw(f.rt, "hardware ids")
		c.computer.Devices = append(c.computer.Devices, clientsync.Device{HardwareIDs: ids[:split], CompatibleIDs: ids[split:2],
			Installed: clientsync.InstalledDriver{Rank: clientsync.NoRank}})
	}
	agent, err := wsustest.NewAgent(address, c.client, c.computer)
	require.NoError(f.rt, err)
	c.agent = agent
	return c
}

// publish imports new updates; they may name any that are there.
func (f *fleet) publish(count int) {
	var fresh []sample
	start := f.next
	for range count {
		s := f.draw(f.next, start)
		f.next++
		f.model.updates[s.n] = s
		fresh = append(fresh, s)
	}
	f.load(fresh...)
}

func (f *fleet) draw(n, start int) sample {
	s := sample{n: n, revision: 1, kind: "Software"}
	switch n % 6 {
	case 1:
		s.kind = "Detectoid"
	case 4:
		s.kind = "Category"
	case 5:
		s.kind = "Driver"
		s.hardwareID = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(f.rt, "hardware id")
		s.printer = rapid.Bool().Draw(f.rt, "printer")
	}
	if s.kind == "Software" || s.kind == "Driver" {
		s.deployable = s.kind == "Driver" || rapid.Bool().Draw(f.rt, "deployable")
		s.expired = rapid.IntRange(0, 9).Draw(f.rt, "expired") == 0
		if n > 4 && rapid.Bool().Draw(f.rt, "in a category") {
			s.category = 4 + 6*rapid.IntRange(0, (n-5)/6).Draw(f.rt, "category")
		}
	}
	for range rapid.IntRange(0, 2).Draw(f.rt, "clauses") {
		var clause []int
		for range rapid.IntRange(1, 3).Draw(f.rt, "members") {
			if p := rapid.IntRange(1, n).Draw(f.rt, "member"); p < n && f.model.updates[p].kind != "Driver" && p != s.category {
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
	return s
}

func (f *fleet) load(samples ...sample) {
	report, err := f.server.Import(context.Background(), folderOf(samples...))
	require.NoError(f.rt, err)
	require.Empty(f.rt, report.Refused)
	require.Equal(f.rt, len(samples), report.Added)
}
