package wsus_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
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

// The summaries, made in one pass, are what asking about every update on every computer gives.
func TestSummariesModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		server := newServer(t)
		parent, err := server.CreateTargetGroup(ctx, "Parent")
		require.NoError(rt, err)
		child, err := server.CreateChildTargetGroup(ctx, "Child", parent.ID)
		require.NoError(rt, err)
		groups := map[string][]uuid.UUID{"": {wsus.UnassignedComputers}, "Parent": {parent.ID}, "Child": {child.ID, parent.ID}}
		computers := map[string]string{}
		agents := map[string]*wua{}
		updates := 0
		for step := range rapid.IntRange(3, 20).Draw(rt, "steps") {
			switch rapid.IntRange(0, 3).Draw(rt, fmt.Sprint("step ", step)) {
			case 0:
				updates++
				d := document{id: id(updates), title: "u", deployable: true, expired: rapid.IntRange(0, 5).Draw(rt, fmt.Sprint("expired ", step)) == 0}
				_, err := server.Import(ctx, folder(d))
				require.NoError(rt, err)
			case 1:
				name := fmt.Sprint("pc", rapid.IntRange(1, 5).Draw(rt, fmt.Sprint("computer ", step)))
				computers[name] = rapid.SampledFrom([]string{"", "Parent", "Child"}).Draw(rt, fmt.Sprint("group ", step))
				agents[name] = newWUA(t, server, name, computers[name])
			case 2:
				if updates > 0 && rapid.Bool().Draw(rt, fmt.Sprint("declines ", step)) {
					require.NoError(rt, server.Decline(ctx, id(rapid.IntRange(1, updates).Draw(rt, fmt.Sprint("declined ", step)))))
				}
			case 3:
				if len(agents) == 0 {
					continue
				}
				name := rapid.SampledFrom(slices.Sorted(maps.Keys(agents))).Draw(rt, fmt.Sprint("reporter ", step))
				agents[name].sync(t, clientsync.SyncParameters{})
				e := statusEvent(name, time.Now())
				for n := 1; n <= updates; n++ {
					if key := rapid.SampledFrom([]string{"", "U", "V", "g"}).Draw(rt, fmt.Sprint(step, " state ", n)); key != "" {
						e.MiscData = append(e.MiscData, list(key, n))
					}
				}
				_, err := agents[name].ReportEventBatch(ctx, agents[name].cookie, time.Now(), []clientsync.ReportingEvent{e})
				require.NoError(rt, err)
			}
		}
		for _, group := range []uuid.UUID{wsus.AllComputers, wsus.UnassignedComputers, parent.ID, child.ID} {
			requireSummaries(rt, server, group, func(name string) bool {
				return group == wsus.AllComputers || slices.Contains(groups[computers[name]], group)
			}, computers)
		}
	})
}

func requireSummaries(rt *rapid.T, server *wsus.Server, group uuid.UUID, within func(string) bool, computers map[string]string) {
	ctx := context.Background()
	perUpdate, perComputer := map[uuid.UUID]wsus.InstallationStates{}, map[string]wsus.InstallationStates{}
	var total wsus.InstallationStates
	for name := range computers {
		if within(name) {
			perComputer[name] = wsus.InstallationStates{}
		}
	}
	for u, err := range server.Updates(ctx, wsus.Query{}) {
		require.NoError(rt, err)
		perUpdate[u.ID] = wsus.InstallationStates{}
		for name := range perComputer {
			state, err := server.InstallationState(ctx, name, u.ID)
			require.NoError(rt, err)
			update, computer := perUpdate[u.ID], perComputer[name]
			update[state]++
			computer[state]++
			total[state]++
			perUpdate[u.ID], perComputer[name] = update, computer
		}
	}
	updates, err := server.SummariesPerUpdate(ctx, group)
	require.NoError(rt, err)
	require.Len(rt, updates, len(perUpdate))
	for _, u := range updates {
		require.Equal(rt, perUpdate[u.UpdateID], u.States)
	}
	all, err := server.SummariesPerComputerTarget(ctx, group)
	require.NoError(rt, err)
	require.Len(rt, all, len(perComputer))
	require.True(rt, slices.IsSortedFunc(all, func(a, b wsus.ComputerSummary) int { return slices.Compare([]byte(a.ComputerID), []byte(b.ComputerID)) }))
	for _, c := range all {
		require.Equal(rt, perComputer[c.ComputerID], c.States)
	}
	got, err := server.TotalSummary(ctx, group)
	require.NoError(rt, err)
	require.Equal(rt, total, got)
	_, err = server.TotalSummary(ctx, id(1))
	require.ErrorIs(rt, err, wsus.ErrNotFound)
}

// The counters of a small server, counted by hand.
func TestServerStatus(t *testing.T) {
	ctx := t.Context()
	security := [][]uuid.UUID{{wsus.SecurityUpdates}}
	server := newServer(t,
		document{id: wsus.SecurityUpdates, kind: "Category", category: "UpdateClassification", title: "Security Updates"},
		document{id: id(1), title: "approved", deployable: true, prerequisites: security, file: fileElement("a.exe", []byte("a"))},
		document{id: id(2), title: "security, not approved", deployable: true, prerequisites: security},
		document{id: id(3), title: "declined", deployable: true, prerequisites: security},
		document{id: id(4), title: "expired", deployable: true, expired: true},
		document{id: id(5), title: "fine", deployable: true},
		document{id: id(6), title: "stale", deployable: true},
		document{id: id(7), title: "a part whose bundle is not here"},
		driverUpdate(8, driver{}))
	c := server.Configuration()
	c.AutoRefreshUpdateApprovals = false
	require.NoError(t, server.SetConfiguration(ctx, c))
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers))
	require.NoError(t, server.Approve(ctx, id(6), wsus.Install, wsus.AllComputers))
	require.NoError(t, server.Decline(ctx, id(3)))
	_, err := server.Import(ctx, folder(document{id: id(6), revision: 2, title: "stale", deployable: true}))
	require.NoError(t, err)
	_, err = server.CreateTargetGroup(ctx, "Pilot")
	require.NoError(t, err)
	for name, misc := range map[string][]string{"failing": {list("g", 1), list("V", 2)}, "needing": {list("U", 1)}, "fine": {list("V", 1)}} {
		agent := newWUA(t, server, name, "")
		agent.sync(t, clientsync.SyncParameters{})
		_, err := agent.ReportEventBatch(ctx, agent.cookie, time.Now(), []clientsync.ReportingEvent{statusEvent(name, time.Now(), misc...)})
		require.NoError(t, err)
	}
	status, err := server.Status(ctx)
	require.NoError(t, err)
	perUpdate, err := server.SummariesPerUpdate(ctx, wsus.AllComputers)
	require.NoError(t, err)
	require.Len(t, perUpdate, 5, "neither declined nor expired, and no parts")
	require.Equal(t, wsus.UpdateServerStatus{
		UpdateCount: 7, DeclinedUpdateCount: 1, ApprovedUpdateCount: 2, NotApprovedUpdateCount: 4, ExpiredUpdateCount: 1,
		UpdatesWithStaleUpdateApprovalsCount: 1, CriticalOrSecurityUpdatesNotApprovedForInstallCount: 1, UpdatesNeedingFilesCount: 1,
		UpdatesWithClientErrorsCount: 1, UpdatesNeededByComputersCount: 1, UpdatesUpToDateCount: 4, CustomComputerTargetGroupCount: 1,
		ComputerTargetCount: 3, ComputerTargetsWithUpdateErrorsCount: 1, ComputerTargetsNeedingUpdatesCount: 2, ComputersUpToDateCount: 1,
	}, status)
}

// BenchmarkSummaries counts 10,000 computers times 1,000 updates, each with a status. Its floor is the sum of as many numbers of four bytes.
func BenchmarkSummaries(b *testing.B) {
	const computers, updates = 10_000, 1_000
	store := memory.Open().WSUS()
	var docs []document
	for n := range updates {
		docs = append(docs, document{id: id(n + 1), title: "u", deployable: true})
	}
	server, err := wsus.NewServer(b.Context(), wsus.Config{Store: store, Content: content.Memory()})
	require.NoError(b, err)
	_, err = server.Import(b.Context(), folder(docs...))
	require.NoError(b, err)
	now := time.Now()
	for n := range computers {
		r := wsus.Report{Computer: wsus.Computer{ID: fmt.Sprint("pc", n), LastReportedStatusTime: now, StatusVersion: 1}}
		for m := range updates {
			r.Statuses = append(r.Statuses, wsus.Status{ComputerID: r.Computer.ID, UpdateID: docs[m].id,
				State: wsus.UpdateInstallationState(1 + (n+m)%6), Changed: now})
		}
		require.NoError(b, store.PutReport(b.Context(), r))
	}
	_, err = server.TotalSummary(b.Context(), wsus.AllComputers) // reads the store
	require.NoError(b, err)
	b.Run("counted", func(b *testing.B) {
		for b.Loop() {
			_, err := server.SummariesPerUpdate(b.Context(), wsus.AllComputers)
			require.NoError(b, err)
		}
	})
	b.Run("floor", func(b *testing.B) {
		numbers := make([]byte, 4*computers*updates)
		var sum uint64
		for b.Loop() {
			for i := 0; i < len(numbers); i += 4 {
				sum += uint64(binary.LittleEndian.Uint32(numbers[i:]))
			}
		}
		require.Zero(b, sum)
	})
}
