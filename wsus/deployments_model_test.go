package wsus_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// TestDeploymentsModel: administrators move groups, computers and approvals about while revisions arrive and agents go on asking with
// what they have cached. Whatever an agent has heard of in pieces is what the slow model says of it as a whole, and it hears of
// everything once.
func TestDeploymentsModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newDeploymentWorld(t, rt)
		for step := range rapid.IntRange(10, 60).Draw(rt, "steps") {
			w.step(rt, fmt.Sprint(step, " "))
			for i := range w.agents {
				if rapid.IntRange(0, 2).Draw(rt, fmt.Sprint(step, " asks ", i)) > 0 {
					w.ask(rt, &w.agents[i])
				}
			}
		}
		for i := range w.agents {
			w.ask(rt, &w.agents[i])
		}
	})
}

// deploymentWorld is a server with its model beside it: maps, and nothing that is worked out in advance.
type deploymentWorld struct {
	t         *testing.T
	server    *wsus.Server
	updates   []uuid.UUID
	latest    map[uuid.UUID]int32
	expired   map[uuid.UUID]bool
	declined  map[uuid.UUID]bool
	parents   map[uuid.UUID]uuid.UUID // of groups that were created
	names     map[string]uuid.UUID
	approvals map[[2]uuid.UUID]modelApproval // by update and group
	assigned  map[string]map[uuid.UUID]bool  // server-side targeting
	settings  wsus.Configuration
	agents    []modelAgent
}

type modelApproval struct {
	action   wsus.Action
	deadline time.Time
	revision int32
	id       int32 // that the server gave it
}

// modelAgent is a client with its cache, which lasts over its handshakes.
type modelAgent struct {
	*wua
	id     string
	named  string
	sealed []uuid.UUID
	cached map[int32]offer
}

// offer is all that an administrator decides about an update on a client.
type offer struct {
	update   uuid.UUID
	revision int32
	action   clientsync.Action
	deadline time.Time
	id       int32 // 0 when nobody has decided
}

// byDecision is a deployment id that an approval has.
func byDecision(id int32) int32 {
	if id >= 1<<30 {
		return 0
	}
	return id
}

func newDeploymentWorld(t *testing.T, rt *rapid.T) *deploymentWorld {
	w := &deploymentWorld{t: t, latest: map[uuid.UUID]int32{}, expired: map[uuid.UUID]bool{}, declined: map[uuid.UUID]bool{},
		parents: map[uuid.UUID]uuid.UUID{}, names: map[string]uuid.UUID{}, approvals: map[[2]uuid.UUID]modelApproval{},
		assigned: map[string]map[uuid.UUID]bool{}, settings: wsus.DefaultConfiguration()}
	var err error
	w.server, err = wsus.NewServer(t.Context(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	require.NoError(rt, err)
	for n := range 2 {
		w.updates = append(w.updates, id(n+1))
		w.imports(rt, id(n+1), false)
	}
	for n, named := range []string{"", "g0", "g1;g2", "g3;g0;nowhere;g1"} {
		a := modelAgent{id: fmt.Sprint("pc", n), named: named, cached: map[int32]offer{}}
		w.agents = append(w.agents, a)
		w.assigned[a.id] = map[uuid.UUID]bool{}
		w.shakeHands(&w.agents[n])
	}
	return w
}

func (w *deploymentWorld) shakeHands(a *modelAgent) {
	var old clientsync.Cookie
	if a.wua != nil {
		old = a.cookie
	}
	a.wua = shakeHands(w.t, w.server, a.id, a.named, old)
	a.sealed = nil
	for name, group := range w.names {
		if slices.Contains(strings.Split(a.named, ";"), name) {
			a.sealed = append(a.sealed, group)
		}
	}
}

func (w *deploymentWorld) imports(rt *rapid.T, update uuid.UUID, expired bool) {
	w.latest[update]++
	w.expired[update] = expired
	_, err := w.server.Import(w.t.Context(), folder(document{id: update, revision: int(w.latest[update]), title: "update", deployable: true,
		expired: expired, children: `<upd:UninstallationBehavior />`}))
	require.NoError(rt, err)
	if !w.declined[update] {
		w.revise(update)
	}
}

// revise is what happens to approvals when a revision has arrived or the settings have changed.
func (w *deploymentWorld) revise(update uuid.UUID) {
	offered, removed := false, false
	for key, a := range w.approvals {
		if key[0] == update {
			offered = offered || (a.action == wsus.Install || a.action == wsus.OptionalInstall) && a.revision < w.latest[update]
			removed = removed || a.action == wsus.Uninstall
		}
	}
	switch {
	case w.expired[update] && offered && !removed && w.settings.AutoRefreshUpdateApprovalsDeclineExpired:
		w.decline(update)
	case !w.expired[update] && w.settings.AutoRefreshUpdateApprovals:
		for key, a := range w.approvals {
			if key[0] == update {
				a.revision = w.latest[update]
				w.approvals[key] = a
			}
		}
	}
}

func (w *deploymentWorld) decline(update uuid.UUID) {
	w.declined[update] = true
	maps.DeleteFunc(w.approvals, func(key [2]uuid.UUID, _ modelApproval) bool { return key[0] == update })
}

// step does one thing to both.
func (w *deploymentWorld) step(rt *rapid.T, label string) {
	ctx := w.t.Context()
	groups := slices.Sorted(maps.Keys(w.names))
	anyGroup := func(label string, builtIn ...uuid.UUID) uuid.UUID {
		choice := builtIn
		for _, name := range groups {
			choice = append(choice, w.names[name])
		}
		return rapid.SampledFrom(choice).Draw(rt, label)
	}
	update := rapid.SampledFrom(w.updates).Draw(rt, label+"update")
	switch kind := rapid.IntRange(0, 21).Draw(rt, label+"kind"); {
	case kind < 2:
		name := fmt.Sprint("g", rapid.IntRange(0, 3).Draw(rt, label+"name"))
		parent := anyGroup(label+"parent", wsus.AllComputers)
		g, err := w.server.CreateChildTargetGroup(ctx, name, parent)
		if _, taken := w.names[name]; taken {
			require.ErrorIs(rt, err, wsus.ErrConflict)
			return
		}
		require.NoError(rt, err)
		w.names[name], w.parents[g.ID] = g.ID, parent
	case kind == 2 && len(groups) > 0:
		group, parent := anyGroup(label+"group"), anyGroup(label+"parent", wsus.AllComputers)
		err := w.server.MoveTargetGroup(ctx, group, parent)
		if slices.Contains(w.ancestry(parent), group) {
			require.ErrorIs(rt, err, wsus.ErrGroupTree)
			return
		}
		require.NoError(rt, err)
		w.parents[group] = parent
	case kind == 3 && len(groups) > 0:
		w.deleteGroup(rt, anyGroup(label+"group"))
	case kind < 6 && w.settings.TargetingMode == wsus.ServerTargeting && len(groups) > 0:
		group, agent := anyGroup(label+"group"), rapid.SampledFrom(w.agents).Draw(rt, label+"computer").id
		if kind == 4 || !w.assigned[agent][group] {
			require.NoError(rt, w.server.AddComputerTarget(ctx, group, agent))
			w.assigned[agent][group] = true
		} else {
			require.NoError(rt, w.server.RemoveComputerTarget(ctx, group, agent))
			delete(w.assigned[agent], group)
		}
	case kind == 6:
		w.settings = wsus.Configuration{TargetingMode: wsus.TargetingMode(rapid.IntRange(0, 1).Draw(rt, label+"mode")),
			AutoRefreshUpdateApprovals:               rapid.Bool().Draw(rt, label+"refresh"),
			AutoRefreshUpdateApprovalsDeclineExpired: rapid.Bool().Draw(rt, label+"decline expired")}
		changed := w.settings != w.server.Configuration()
		require.NoError(rt, w.server.SetConfiguration(ctx, w.settings))
		for _, u := range w.updates {
			if changed && !w.declined[u] {
				w.revise(u)
			}
		}
	case kind == 7:
		w.shakeHands(&w.agents[rapid.IntRange(0, len(w.agents)-1).Draw(rt, label+"agent")])
	case kind == 8:
		w.imports(rt, update, rapid.IntRange(0, 3).Draw(rt, label+"expired") == 0)
	case kind == 9 && rapid.Bool().Draw(rt, label+"declines"):
		require.NoError(rt, w.server.Decline(ctx, update))
		w.decline(update)
	case kind == 10:
		key := [2]uuid.UUID{update, anyGroup(label+"group", wsus.AllComputers, wsus.UnassignedComputers)}
		err := w.server.DeleteApproval(ctx, key[0], key[1])
		if _, there := w.approvals[key]; !there {
			require.ErrorIs(rt, err, wsus.ErrNotFound)
		}
		delete(w.approvals, key)
	default:
		w.approve(rt, label, [2]uuid.UUID{update, anyGroup(label+"group", wsus.AllComputers, wsus.UnassignedComputers)})
	}
}

func (w *deploymentWorld) approve(rt *rapid.T, label string, key [2]uuid.UUID) {
	a := modelApproval{action: rapid.SampledFrom([]wsus.Action{wsus.Install, wsus.OptionalInstall, wsus.Uninstall, wsus.Scan, wsus.NotApproved}).Draw(rt, label+"action"),
		revision: w.latest[key[0]]}
	if a.action == wsus.Install || a.action == wsus.Uninstall {
		if day := rapid.IntRange(0, 3).Draw(rt, label+"deadline"); day > 0 {
			a.deadline = time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)
		}
	}
	made, err := w.server.ApproveUpdate(w.t.Context(), wsus.ApprovalRequest{UpdateID: key[0], Action: a.action, Group: key[1], Deadline: a.deadline})
	if w.expired[key[0]] && a.action != wsus.Uninstall && a.action != wsus.NotApproved {
		require.ErrorIs(rt, err, wsus.ErrNotDeployable)
		return
	}
	require.NoError(rt, err)
	a.id = made.DeploymentID
	w.approvals[key] = a
	delete(w.declined, key[0])
}

func (w *deploymentWorld) deleteGroup(rt *rapid.T, group uuid.UUID) {
	require.NoError(rt, w.server.DeleteTargetGroup(w.t.Context(), group))
	var gone []uuid.UUID
	for id := range w.parents {
		if slices.Contains(w.ancestry(id), group) {
			gone = append(gone, id)
		}
	}
	for _, id := range gone {
		delete(w.parents, id)
		maps.DeleteFunc(w.names, func(_ string, g uuid.UUID) bool { return g == id })
		maps.DeleteFunc(w.approvals, func(key [2]uuid.UUID, _ modelApproval) bool { return key[1] == id })
		for _, assigned := range w.assigned {
			delete(assigned, id)
		}
	}
}

// ancestry is a group and all above it.
func (w *deploymentWorld) ancestry(group uuid.UUID) []uuid.UUID {
	if parent, ok := w.parents[group]; ok {
		return append([]uuid.UUID{group}, w.ancestry(parent)...)
	}
	if group == wsus.UnassignedComputers {
		return []uuid.UUID{group, wsus.AllComputers}
	}
	return []uuid.UUID{group}
}

// ask has an agent ask until there is nothing new, and compares what it knows then.
func (w *deploymentWorld) ask(rt *rapid.T, a *modelAgent) {
	for round := range 2 {
		p := clientsync.SyncParameters{OtherCachedUpdateIDs: slices.Sorted(maps.Keys(a.cached))}
		info := a.sync(w.t, p)
		require.False(rt, info.Truncated)
		if round > 0 {
			require.Empty(rt, info.NewUpdates)
			require.Empty(rt, info.ChangedUpdates, "told once")
			require.Empty(rt, info.OutOfScopeRevisionIDs)
		}
		for _, gone := range info.OutOfScopeRevisionIDs {
			delete(a.cached, gone)
		}
		for _, u := range info.NewUpdates {
			require.NotContains(rt, a.cached, u.ID)
			a.cached[u.ID] = offer{identityOf(rt, u.XML), revisionOf(rt, u.XML), u.Deployment.Action, u.Deployment.Deadline, byDecision(u.Deployment.ID)}
		}
		for _, u := range info.ChangedUpdates {
			known, ok := a.cached[u.ID]
			require.True(rt, ok)
			known.action, known.deadline, known.id = u.Deployment.Action, u.Deployment.Deadline, byDecision(u.Deployment.ID)
			a.cached[u.ID] = known
		}
	}
	require.ElementsMatch(rt, w.offers(a), slices.Collect(maps.Values(a.cached)), "%s in %v", a.id, w.groupsOf(a))
}

// groupsOf are the groups that a computer is in.
func (w *deploymentWorld) groupsOf(a *modelAgent) []uuid.UUID {
	groups := slices.DeleteFunc(slices.Clone(a.sealed), func(g uuid.UUID) bool { _, there := w.parents[g]; return !there })
	if w.settings.TargetingMode == wsus.ServerTargeting {
		groups = slices.Collect(maps.Keys(w.assigned[a.id]))
	}
	if len(groups) == 0 {
		return []uuid.UUID{wsus.UnassignedComputers}
	}
	return groups
}

// offers is what a computer gets, from nothing but the decisions.
func (w *deploymentWorld) offers(a *modelAgent) []offer {
	var all []offer
	for _, update := range w.updates {
		key, approved := w.counts(update, w.groupsOf(a))
		a := w.approvals[key]
		o := offer{update: update, revision: w.latest[update], action: clientsync.PreDeploymentCheck}
		if approved {
			o.deadline, o.id = a.deadline, a.id
			switch a.action {
			case wsus.Install:
				o.action, o.revision = clientsync.Install, a.revision
			case wsus.OptionalInstall:
				o.action, o.revision = clientsync.OptionalInstall, a.revision
			case wsus.Uninstall:
				o.action, o.revision = clientsync.Uninstall, a.revision
			}
		}
		if w.expired[update] {
			o.revision = w.latest[update]
		}
		if !w.declined[update] && (!w.expired[update] || o.action == clientsync.Uninstall) {
			all = append(all, o)
		}
	}
	return all
}

// counts narrows the approvals that reach a computer down, line by line of the table.
func (w *deploymentWorld) counts(update uuid.UUID, groups []uuid.UUID) ([2]uuid.UUID, bool) {
	level := map[uuid.UUID]int{}
	for _, g := range groups {
		for distance, above := range w.ancestry(g) {
			level[above] = max(level[above], distance)
		}
	}
	var left [][2]uuid.UUID
	for key := range w.approvals {
		if _, reaches := level[key[1]]; reaches && key[0] == update {
			left = append(left, key)
		}
	}
	never := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).Unix()
	lines := []func(key [2]uuid.UUID, a modelApproval) int64{
		func(key [2]uuid.UUID, _ modelApproval) int64 { return int64(level[key[1]]) },
		func(_ [2]uuid.UUID, a modelApproval) int64 {
			return map[wsus.Action]int64{wsus.Install: 1, wsus.Uninstall: 1, wsus.OptionalInstall: 2, wsus.Scan: 3, wsus.NotApproved: 4}[a.action]
		},
		func(_ [2]uuid.UUID, a modelApproval) int64 {
			if a.deadline.IsZero() {
				return never
			}
			return a.deadline.Unix()
		},
		func(_ [2]uuid.UUID, a modelApproval) int64 {
			return map[wsus.Action]int64{wsus.Uninstall: 1}[a.action]
		},
		func(_ [2]uuid.UUID, a modelApproval) int64 { return int64(a.id) },
	}
	for _, line := range lines {
		var best [][2]uuid.UUID
		for _, key := range left {
			if len(best) > 0 && line(key, w.approvals[key]) > line(best[0], w.approvals[best[0]]) {
				continue
			}
			if len(best) > 0 && line(key, w.approvals[key]) < line(best[0], w.approvals[best[0]]) {
				best = nil
			}
			best = append(best, key)
		}
		left = best
	}
	if len(left) == 0 {
		return [2]uuid.UUID{}, false
	}
	return left[0], true
}
