package wsus_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func TestGroupNames(t *testing.T) {
	server := newServer(t)
	for name, want := range map[string]string{
		"": "empty", " \t": "empty", "a;b": "semicolon", "a/b": "semicolon", "a\x00b": "control", "all computers": "built in",
		"Downstream Servers": "built in", strings.Repeat("x", 256): "256 bytes",
	} {
		_, err := server.CreateTargetGroup(t.Context(), name)
		require.ErrorContains(t, err, want, "%q", name)
	}
	g, err := server.CreateTargetGroup(t.Context(), " Werk Süd 1 ")
	require.NoError(t, err)
	require.Equal(t, "Werk Süd 1", g.Name)
	require.Equal(t, wsus.AllComputers, g.ParentID)
	require.ErrorIs(t, server.RenameTargetGroup(t.Context(), g.ID, "Unassigned Computers"), wsus.ErrConflict)
	other, err := server.CreateTargetGroup(t.Context(), "Other")
	require.NoError(t, err)
	require.ErrorIs(t, server.RenameTargetGroup(t.Context(), other.ID, "WERK SÜD 1"), wsus.ErrConflict)
	require.NoError(t, server.RenameTargetGroup(t.Context(), other.ID, "OTHER"))
	var names []string
	for _, g := range server.TargetGroups(t.Context()) {
		names = append(names, fmt.Sprint(g.Name, " ", g.BuiltIn()))
	}
	require.Equal(t, []string{"All Computers true", "Unassigned Computers true", "Downstream Servers true", "OTHER false", "Werk Süd 1 false"}, names)
}

func TestBuiltInGroupsStay(t *testing.T) {
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	own, err := server.CreateTargetGroup(t.Context(), "own")
	require.NoError(t, err)
	for _, g := range []uuid.UUID{wsus.AllComputers, wsus.UnassignedComputers, wsus.DownstreamServers} {
		require.ErrorIs(t, server.DeleteTargetGroup(t.Context(), g), wsus.ErrBuiltIn)
		require.ErrorIs(t, server.RenameTargetGroup(t.Context(), g, "x"), wsus.ErrBuiltIn)
		require.ErrorIs(t, server.MoveTargetGroup(t.Context(), g, own.ID), wsus.ErrBuiltIn)
		if g != wsus.AllComputers {
			require.ErrorIs(t, server.MoveTargetGroup(t.Context(), own.ID, g), wsus.ErrBuiltIn)
		}
	}
	require.ErrorIs(t, server.Approve(t.Context(), id(1), wsus.Install, wsus.DownstreamServers), wsus.ErrBuiltIn)
	require.ErrorIs(t, server.DeleteTargetGroup(t.Context(), id(9)), wsus.ErrNotFound)
	_, err = server.TargetGroup(t.Context(), id(9))
	require.ErrorIs(t, err, wsus.ErrNotFound)
	_, err = server.CreateChildTargetGroup(t.Context(), "child", id(9))
	require.ErrorIs(t, err, wsus.ErrNotFound)
}

func TestGroupTreeIsATree(t *testing.T) {
	server := newServer(t)
	chain := []uuid.UUID{wsus.AllComputers}
	for depth := range wsus.MaxGroupDepth {
		g, err := server.CreateChildTargetGroup(t.Context(), fmt.Sprint("level ", depth), chain[depth])
		require.NoError(t, err)
		chain = append(chain, g.ID)
	}
	_, err := server.CreateChildTargetGroup(t.Context(), "too deep", chain[len(chain)-1])
	require.ErrorIs(t, err, wsus.ErrGroupTree)
	for _, below := range chain[1:] {
		require.ErrorIs(t, server.MoveTargetGroup(t.Context(), chain[1], below), wsus.ErrGroupTree)
	}
	pair, err := server.CreateTargetGroup(t.Context(), "pair")
	require.NoError(t, err)
	_, err = server.CreateChildTargetGroup(t.Context(), "in pair", pair.ID)
	require.NoError(t, err)
	require.ErrorIs(t, server.MoveTargetGroup(t.Context(), pair.ID, chain[wsus.MaxGroupDepth-1]), wsus.ErrGroupTree, "what lies in it counts")
	require.NoError(t, server.MoveTargetGroup(t.Context(), pair.ID, chain[wsus.MaxGroupDepth-2]))
	require.NoError(t, server.MoveTargetGroup(t.Context(), chain[2], wsus.AllComputers))
	moved, err := server.TargetGroup(t.Context(), chain[2])
	require.NoError(t, err)
	require.Equal(t, wsus.AllComputers, moved.ParentID)
}

// MS-WSUSAR §3.1.4.29: groups below go too, and the approvals, and computers in no other group are unassigned.
func TestDeleteTargetGroup(t *testing.T) {
	ctx := context.Background()
	tree := newDeploymentTree(t)
	for _, group := range []string{"France", "Paris", "Ring"} {
		require.NoError(t, tree.server.Approve(ctx, id(1), wsus.Install, tree.group(group)))
	}
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.OptionalInstall, wsus.UnassignedComputers))
	require.NoError(t, tree.server.DeleteTargetGroup(ctx, tree.france))
	for _, g := range []uuid.UUID{tree.france, tree.paris} {
		_, err := tree.server.TargetGroup(ctx, g)
		require.ErrorIs(t, err, wsus.ErrNotFound)
	}
	_, err := tree.server.TargetGroup(ctx, tree.europe)
	require.NoError(t, err)
	require.Len(t, tree.server.Approvals(ctx, id(1)), 2)
	require.Equal(t, clientsync.OptionalInstall, tree.deploymentOf(t, "Paris").Action)
	require.Equal(t, clientsync.Install, tree.deploymentOf(t, "Paris;Ring").Action)
	again, err := tree.server.CreateTargetGroup(ctx, "Paris")
	require.NoError(t, err)
	require.NotEqual(t, tree.paris, again.ID)
	require.Equal(t, clientsync.PreDeploymentCheck, tree.deploymentOf(t, "Paris").Action, "a new group has no old approvals")
}

func TestNestedGroupInherits(t *testing.T) {
	tree := newDeploymentTree(t)
	require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Install, tree.europe))
	for groups, want := range map[string]clientsync.Action{
		"Europe": clientsync.Install, "France": clientsync.Install, "Paris": clientsync.Install, "Ring;Paris": clientsync.Install,
		"Ring": clientsync.PreDeploymentCheck, "": clientsync.PreDeploymentCheck, "Nowhere": clientsync.PreDeploymentCheck,
	} {
		require.Equal(t, want, tree.deploymentOf(t, groups).Action, groups)
	}
	require.NoError(t, tree.server.MoveTargetGroup(t.Context(), tree.ring, tree.paris))
	require.Equal(t, clientsync.Install, tree.deploymentOf(t, "Ring").Action)
	require.NoError(t, tree.server.MoveTargetGroup(t.Context(), tree.france, wsus.AllComputers))
	require.Equal(t, clientsync.PreDeploymentCheck, tree.deploymentOf(t, "Ring").Action)
}
