package wsus_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// settled is a client that has cached update 1 and asks again and again with the same cookie.
type settled struct {
	t *testing.T
	*wua
	cached clientsync.SyncParameters
}

func newSettled(t *testing.T, server *wsus.Server, client, group string) settled {
	t.Helper()
	s := settled{t: t, wua: newWUA(t, server, client, group)}
	updates := s.sync(t, clientsync.SyncParameters{}).NewUpdates
	require.Len(t, updates, 1)
	s.cached.OtherCachedUpdateIDs = []int32{updates[0].ID}
	s.hears()
	return s
}

// hears says what the next answer tells the client, and that it is told once.
func (s settled) hears(actions ...clientsync.Action) {
	s.t.Helper()
	var got []clientsync.Action
	for _, u := range s.sync(s.t, s.cached).ChangedUpdates {
		got = append(got, u.Deployment.Action)
	}
	require.Equal(s.t, actions, got)
	require.Empty(s.t, s.sync(s.t, s.cached).ChangedUpdates, "told once")
}

func serverTargeting(t *testing.T, server *wsus.Server) {
	t.Helper()
	c := server.Configuration()
	c.TargetingMode = wsus.ServerTargeting
	require.NoError(t, server.SetConfiguration(t.Context(), c))
}

func TestServerSideTargeting(t *testing.T) {
	ctx := context.Background()
	tree := newDeploymentTree(t)
	server := tree.server
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, tree.europe))
	pc1, pc2 := newSettled(t, server, "PC1", ""), newSettled(t, server, "pc2", "Paris")
	require.ErrorIs(t, server.AddComputerTarget(ctx, tree.paris, "pc1"), wsus.ErrTargetingMode)
	require.ErrorIs(t, server.RemoveComputerTarget(ctx, tree.paris, "pc1"), wsus.ErrTargetingMode)

	serverTargeting(t, server)
	pc1.hears(clientsync.PreDeploymentCheck)
	pc2.hears(clientsync.PreDeploymentCheck) // what it asks for counts no more

	require.NoError(t, server.AddComputerTarget(ctx, tree.paris, "pc1"))
	pc1.hears(clientsync.Install)
	pc2.hears()
	require.NoError(t, server.AddComputerTarget(ctx, tree.paris, "PC1"), "that it is there already is no error")
	require.NoError(t, server.AddComputerTarget(ctx, tree.ring, "pc1"))
	pc1.hears(clientsync.Install)
	groups, err := server.TargetGroupsOf(ctx, "pc1")
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{tree.paris, tree.ring}, groups)
	require.NoError(t, server.RemoveComputerTarget(ctx, tree.paris, "pc1"))
	pc1.hears(clientsync.PreDeploymentCheck)

	require.ErrorIs(t, server.AddComputerTarget(ctx, tree.ring, "unknown"), wsus.ErrNotFound)
	require.ErrorIs(t, server.AddComputerTarget(ctx, id(9), "pc1"), wsus.ErrNotFound)
	require.ErrorIs(t, server.AddComputerTarget(ctx, wsus.AllComputers, "pc1"), wsus.ErrBuiltIn)

	c := server.Configuration()
	c.TargetingMode = wsus.ClientTargeting
	require.NoError(t, server.SetConfiguration(ctx, c))
	pc1.hears(clientsync.PreDeploymentCheck)
	pc2.hears(clientsync.Install) // with the cookie that it has had all the time
}

// A group of which a client still has a cookie is gone, or lies elsewhere.
func TestSealedGroupsFollowTheTree(t *testing.T) {
	ctx := context.Background()
	tree := newDeploymentTree(t)
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.Install, tree.europe))
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.OptionalInstall, wsus.UnassignedComputers))
	paris, ring := newSettled(t, tree.server, "pc1", "Paris"), newSettled(t, tree.server, "pc2", "Ring")
	require.NoError(t, tree.server.MoveTargetGroup(ctx, tree.ring, tree.paris))
	ring.hears(clientsync.Install)
	paris.hears(clientsync.Install)
	require.NoError(t, tree.server.DeleteTargetGroup(ctx, tree.france))
	ring.hears(clientsync.OptionalInstall)
	paris.hears(clientsync.OptionalInstall)
	require.NoError(t, tree.server.RenameTargetGroup(ctx, tree.europe, "Old World"))
	ring.hears()
}

// A copy of a computer comes with its client id and its cookie. It is in groups of its own, and has heard of nothing.
func TestCopiedComputerIsTargetedByItself(t *testing.T) {
	ctx := context.Background()
	tree := newDeploymentTree(t)
	serverTargeting(t, tree.server)
	first := newSettled(t, tree.server, "pc1", "")
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.Install, tree.paris))
	require.NoError(t, tree.server.AddComputerTarget(ctx, tree.paris, "pc1"))
	first.hears(clientsync.Install)

	config, err := first.GetConfig(ctx, "2.90")
	require.NoError(t, err)
	auth, err := first.GetAuthorizationCookie(ctx, config.ServiceURL, "pc1", "", "copy.test")
	require.NoError(t, err)
	cookie, err := first.GetCookie(ctx, clientsync.GetCookieParameters{AuthCookies: []clientsync.AuthorizationCookie{auth},
		OldCookie: first.cookie, LastChange: config.LastChange, CurrentTime: time.Now(), ProtocolVersion: "2.90"})
	require.NoError(t, err)
	require.NoError(t, first.RegisterComputer(ctx, cookie, clientsync.ComputerInfo{DNSName: "copy.test", OSMajorVersion: 10}))
	copied := settled{t: t, wua: &wua{Client: first.Client, cookie: cookie}, cached: first.cached}
	copied.hears(clientsync.PreDeploymentCheck)
	first.hears()
}

func TestComputerTargets(t *testing.T) {
	ctx := context.Background()
	tree := newDeploymentTree(t)
	for client, group := range map[string]string{"a": "Paris", "b": "France;Ring", "c": "", "d": "Nowhere"} {
		newWUA(t, tree.server, client, group)
	}
	in := func(group uuid.UUID, subgroups bool) string {
		var ids string
		for c, err := range tree.server.ComputerTargets(ctx, group, subgroups) {
			require.NoError(t, err)
			ids += c.ID
		}
		return ids
	}
	require.Equal(t, "abcd", in(wsus.AllComputers, false))
	require.Equal(t, "abcd", in(wsus.AllComputers, true))
	require.Equal(t, "cd", in(wsus.UnassignedComputers, false))
	require.Equal(t, "", in(tree.europe, false))
	require.Equal(t, "ab", in(tree.europe, true))
	require.Equal(t, "b", in(tree.france, false))
	require.Equal(t, "b", in(tree.ring, true))
	serverTargeting(t, tree.server)
	require.Equal(t, "abcd", in(wsus.UnassignedComputers, false))
	require.NoError(t, tree.server.AddComputerTarget(ctx, tree.paris, "d"))
	require.Equal(t, "d", in(tree.europe, true))
	for _, err := range tree.server.ComputerTargets(ctx, id(9), true) {
		require.ErrorIs(t, err, wsus.ErrNotFound)
	}
}

func TestConfigurationRefuses(t *testing.T) {
	server := newServer(t)
	require.Equal(t, wsus.DefaultConfiguration(), server.Configuration())
	require.ErrorContains(t, server.SetConfiguration(t.Context(), wsus.Configuration{TargetingMode: 7}), "TargetingMode(7)")
	require.Equal(t, wsus.DefaultConfiguration(), server.Configuration())
}

// Agents ask while an administrator moves them about. However the two meet, the last word reaches the agent.
func TestMovedWhileAsking(t *testing.T) {
	ctx := context.Background()
	tree := newDeploymentTree(t)
	serverTargeting(t, tree.server)
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.Install, tree.paris))
	require.NoError(t, tree.server.Approve(ctx, id(1), wsus.Uninstall, tree.ring))
	pc := newSettled(t, tree.server, "pc1", "")
	known := clientsync.PreDeploymentCheck
	for range 30 {
		moved := make(chan error)
		go func() {
			err := tree.server.AddComputerTarget(ctx, tree.paris, "pc1")
			if err == nil {
				err = tree.server.RemoveComputerTarget(ctx, tree.paris, "pc1")
			}
			if err == nil {
				err = tree.server.AddComputerTarget(ctx, tree.ring, "pc1")
			}
			moved <- err
		}()
		for going := true; going; {
			select {
			case err := <-moved:
				require.NoError(t, err)
				going = false
			default:
			}
			for _, u := range pc.sync(t, pc.cached).ChangedUpdates {
				known = u.Deployment.Action
			}
		}
		require.Equal(t, clientsync.Uninstall, known)
		require.NoError(t, tree.server.RemoveComputerTarget(ctx, tree.ring, "pc1"))
	}
}
