package wsus_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// revisionOf reads the revision number of a Core fragment.
func revisionOf(t fataler, core string) int32 {
	_, rest, ok := strings.Cut(core, `RevisionNumber="`)
	require.True(t, ok, "no revision in %s", core)
	value, _, _ := strings.Cut(rest, `"`)
	n, err := strconv.ParseInt(value, 10, 32)
	require.NoError(t, err)
	return int32(n)
}

// TestApprovalsFollowRevisions: with AutoRefreshUpdateApprovals a new revision takes the old one's place, without it the approved one
// stays, also for who depends on it; and there is never more than one of an update.
func TestApprovalsFollowRevisions(t *testing.T) {
	ctx := context.Background()
	for _, refresh := range []bool{true, false} {
		server := newServer(t, document{id: id(1), title: "base", deployable: true},
			document{id: id(2), title: "next", deployable: true, prerequisites: [][]uuid.UUID{{id(1)}}})
		require.NoError(t, server.SetConfiguration(ctx, wsus.Configuration{AutoRefreshUpdateApprovals: refresh}))
		require.NoError(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers))
		agent := newWUA(t, server, "pc1", "")
		old := agent.sync(t, clientsync.SyncParameters{}).NewUpdates
		require.Len(t, old, 1)
		_, err := server.Import(ctx, folder(document{id: id(1), revision: 2, title: "base", deployable: true}))
		require.NoError(t, err)

		info := agent.sync(t, clientsync.SyncParameters{InstalledNonLeafUpdateIDs: []int32{old[0].ID}})
		if refresh {
			require.Equal(t, []int32{old[0].ID}, info.OutOfScopeRevisionIDs)
			require.Len(t, info.NewUpdates, 1)
			require.Equal(t, int32(2), revisionOf(t, info.NewUpdates[0].XML))
			require.Equal(t, clientsync.Install, info.NewUpdates[0].Deployment.Action)
			require.Equal(t, int32(2), server.Approvals(ctx, id(1))[0].Revision)
			continue
		}
		require.Empty(t, info.OutOfScopeRevisionIDs)
		require.Len(t, info.NewUpdates, 1)
		require.Equal(t, id(2), identityOf(t, info.NewUpdates[0].XML), "what the old one unlocks")
		require.Equal(t, int32(1), server.Approvals(ctx, id(1))[0].Revision)
		// Deciding anew is about what is in force; so is switching the setting on.
		require.NoError(t, server.SetConfiguration(ctx, wsus.DefaultConfiguration()))
		require.Equal(t, int32(2), server.Approvals(ctx, id(1))[0].Revision)
		info = agent.sync(t, clientsync.SyncParameters{InstalledNonLeafUpdateIDs: []int32{old[0].ID}})
		require.Equal(t, []int32{old[0].ID}, info.OutOfScopeRevisionIDs)
	}
}

// Groups can be at two revisions of one update.
func TestStaleApprovalOfOneGroup(t *testing.T) {
	ctx := context.Background()
	tree := newDeploymentTree(t)
	require.NoError(t, tree.server.SetConfiguration(ctx, wsus.Configuration{}))
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.Install, tree.paris))
	_, err := tree.server.Import(ctx, folder(document{id: id(1), revision: 2, title: "one", deployable: true}))
	require.NoError(t, err)
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.Install, tree.ring))
	for groups, want := range map[string]int32{"Paris": 1, "Ring": 2, "Paris;Ring": 1, "": 2} {
		updates := newWUA(t, tree.server, "pc", groups).sync(t, clientsync.SyncParameters{}).NewUpdates
		require.Len(t, updates, 1)
		require.Equal(t, want, revisionOf(t, updates[0].XML), groups)
	}
}

func TestExpiringRevision(t *testing.T) {
	ctx := context.Background()
	removable := `<upd:UninstallationBehavior />`
	for name, c := range map[string]struct {
		declineExpired bool
		action         wsus.Action
		declined       bool
		sent           []clientsync.Action
	}{
		"declined":        {true, wsus.Install, true, nil},
		"kept":            {false, wsus.Install, false, nil},
		"only looked at":  {true, wsus.Scan, false, nil},
		"to be removed":   {true, wsus.Uninstall, false, []clientsync.Action{clientsync.Uninstall}},
		"offered, so too": {true, wsus.OptionalInstall, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t, document{id: id(1), title: "one", deployable: true, children: removable})
			require.NoError(t, server.SetConfiguration(ctx, wsus.Configuration{AutoRefreshUpdateApprovals: true,
				AutoRefreshUpdateApprovalsDeclineExpired: c.declineExpired}))
			require.NoError(t, server.Approve(ctx, id(1), c.action, wsus.AllComputers))
			agent := newWUA(t, server, "pc1", "")
			old := agent.sync(t, clientsync.SyncParameters{}).NewUpdates[0].ID
			_, err := server.Import(ctx, folder(document{id: id(1), revision: 2, title: "one", deployable: true, expired: true, children: removable}))
			require.NoError(t, err)
			u, err := server.Update(ctx, id(1))
			require.NoError(t, err)
			require.Equal(t, c.declined, u.Declined)
			info := agent.sync(t, clientsync.SyncParameters{OtherCachedUpdateIDs: []int32{old}})
			require.Equal(t, []int32{old}, info.OutOfScopeRevisionIDs)
			var sent []clientsync.Action
			for _, u := range info.NewUpdates {
				sent = append(sent, u.Deployment.Action)
			}
			require.Equal(t, c.sent, sent)
		})
	}
}
