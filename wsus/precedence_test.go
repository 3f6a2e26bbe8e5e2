package wsus_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// The tree of the tables below. The computer is in Paris and in Ring.
//
//	All Computers
//	├── Europe
//	│   └── France
//	│       └── Paris
//	└── Ring
type deploymentTree struct {
	server                      *wsus.Server
	europe, france, paris, ring uuid.UUID
}

func newDeploymentTree(t *testing.T) deploymentTree {
	t.Helper()
	server := newServer(t, document{id: id(1), title: "one", deployable: true, children: `<upd:UninstallationBehavior />`})
	child := func(name string, parent uuid.UUID) uuid.UUID {
		g, err := server.CreateChildTargetGroup(t.Context(), name, parent)
		require.NoError(t, err)
		return g.ID
	}
	tree := deploymentTree{server: server}
	tree.europe = child("Europe", wsus.AllComputers)
	tree.france = child("France", tree.europe)
	tree.paris = child("Paris", tree.france)
	tree.ring = child("Ring", wsus.AllComputers)
	return tree
}

func (d deploymentTree) group(name string) uuid.UUID {
	return map[string]uuid.UUID{"All": wsus.AllComputers, "Europe": d.europe, "France": d.france, "Paris": d.paris, "Ring": d.ring}[name]
}

// deploymentOf is what a computer that names these groups gets of update 1.
func (d deploymentTree) deploymentOf(t *testing.T, groups string) clientsync.Deployment {
	t.Helper()
	updates := newWUA(t, d.server, "pc", groups).sync(t, clientsync.SyncParameters{}).NewUpdates
	require.Len(t, updates, 1)
	return updates[0].Deployment
}

// TestPrecedence is the table at Approval, line by line: of each pair the first approval counts, whichever was made first.
func TestPrecedence(t *testing.T) {
	early, late := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC)
	type approval struct {
		group    string
		action   wsus.Action
		deadline time.Time
	}
	none := time.Time{}
	for _, row := range []struct {
		line           string
		counts, yields approval
	}{
		{"1 a group that the computer is in, before the groups above it", approval{"Paris", wsus.Scan, none}, approval{"France", wsus.Install, early}},
		{"1", approval{"Paris", wsus.NotApproved, none}, approval{"Europe", wsus.Install, none}},
		{"1", approval{"Paris", wsus.OptionalInstall, none}, approval{"All", wsus.Uninstall, early}},
		{"1", approval{"Ring", wsus.Scan, none}, approval{"France", wsus.Install, none}},
		{"1", approval{"France", wsus.Scan, none}, approval{"Europe", wsus.Install, none}},
		{"1 up to All Computers", approval{"Europe", wsus.NotApproved, none}, approval{"All", wsus.Install, early}},
		{"2 Install and Uninstall, then OptionalInstall", approval{"Paris", wsus.Install, none}, approval{"Ring", wsus.OptionalInstall, none}},
		{"2", approval{"Ring", wsus.Uninstall, none}, approval{"Paris", wsus.OptionalInstall, none}},
		{"2 then Scan", approval{"Paris", wsus.OptionalInstall, none}, approval{"Ring", wsus.Scan, none}},
		{"2", approval{"Paris", wsus.Install, none}, approval{"Ring", wsus.NotApproved, none}},
		{"2 then NotApproved", approval{"Ring", wsus.Scan, none}, approval{"Paris", wsus.NotApproved, none}},
		{"3 the earliest", approval{"Paris", wsus.Install, early}, approval{"Ring", wsus.Install, late}},
		{"3", approval{"Ring", wsus.Uninstall, early}, approval{"Paris", wsus.Install, late}},
		{"3 none is the latest", approval{"Ring", wsus.Install, late}, approval{"Paris", wsus.Uninstall, none}},
		{"4 Install before Uninstall", approval{"Paris", wsus.Install, early}, approval{"Ring", wsus.Uninstall, early}},
		{"4", approval{"Ring", wsus.Install, none}, approval{"Paris", wsus.Uninstall, none}},
	} {
		for _, order := range [][2]approval{{row.counts, row.yields}, {row.yields, row.counts}} {
			t.Run(fmt.Sprint(row.line, " ", order), func(t *testing.T) {
				tree := newDeploymentTree(t)
				ids := map[approval]int32{}
				for _, a := range order {
					got, err := tree.server.ApproveUpdate(t.Context(), wsus.ApprovalRequest{UpdateID: id(1), Action: a.action, Group: tree.group(a.group), Deadline: a.deadline})
					require.NoError(t, err)
					ids[a] = got.DeploymentID
				}
				got := tree.deploymentOf(t, "Paris;Ring")
				require.Equal(t, ids[row.counts], got.ID)
				require.Equal(t, map[wsus.Action]clientsync.Action{
					wsus.Install: clientsync.Install, wsus.OptionalInstall: clientsync.OptionalInstall, wsus.Uninstall: clientsync.Uninstall,
					wsus.Scan: clientsync.PreDeploymentCheck, wsus.NotApproved: clientsync.PreDeploymentCheck}[row.counts.action], got.Action)
				require.Equal(t, row.counts.deadline, got.Deadline)
			})
		}
	}

	t.Run("5 the one that was made first", func(t *testing.T) {
		tree := newDeploymentTree(t)
		for _, group := range []string{"Ring", "Paris"} {
			require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Install, tree.group(group)))
		}
		require.Equal(t, int32(1), tree.deploymentOf(t, "Paris;Ring").ID)
		require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Install, tree.group("Ring")))
		require.Equal(t, int32(1), tree.deploymentOf(t, "Paris;Ring").ID, "deciding the same again makes no other deployment")
	})

	t.Run("a group above another of the computer's own yields to it", func(t *testing.T) {
		tree := newDeploymentTree(t)
		require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Install, tree.europe))
		require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Scan, tree.paris))
		require.Equal(t, clientsync.PreDeploymentCheck, tree.deploymentOf(t, "Europe;Paris").Action)
		require.Equal(t, clientsync.Install, tree.deploymentOf(t, "Europe").Action)
	})

	t.Run("a decision that is taken back counts no more", func(t *testing.T) {
		tree := newDeploymentTree(t)
		require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Install, tree.europe))
		require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.NotApproved, tree.paris))
		require.Equal(t, clientsync.PreDeploymentCheck, tree.deploymentOf(t, "Paris").Action)
		require.NoError(t, tree.server.DeleteApproval(t.Context(), id(1), tree.paris))
		require.Equal(t, clientsync.Install, tree.deploymentOf(t, "Paris").Action)
		require.ErrorIs(t, tree.server.DeleteApproval(t.Context(), id(1), tree.paris), wsus.ErrNotFound)
	})
}
