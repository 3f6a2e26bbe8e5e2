package wsus_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// Which computers failed, and what each gets, worked out by hand: three computers in two groups of which one lies in the other.
func TestInstallationInfo(t *testing.T) {
	ctx := t.Context()
	server := newServer(t, document{id: id(1), title: "one", deployable: true}, document{id: id(2), title: "two", deployable: true},
		document{id: id(3), title: "declined", deployable: true})
	pilot, err := server.CreateTargetGroup(ctx, "Pilot")
	require.NoError(t, err)
	ring, err := server.CreateChildTargetGroup(ctx, "Ring", pilot.ID)
	require.NoError(t, err)
	all, err := server.ApproveUpdate(ctx, wsus.ApprovalRequest{UpdateID: id(1), Action: wsus.Install, Group: wsus.AllComputers})
	require.NoError(t, err)
	none, err := server.ApproveUpdate(ctx, wsus.ApprovalRequest{UpdateID: id(1), Action: wsus.NotApproved, Group: ring.ID})
	require.NoError(t, err)
	require.NoError(t, server.Decline(ctx, id(3)))
	for name, c := range map[string]struct {
		group string
		misc  []string
	}{"pc1": {"Pilot", []string{list("g", 1), list("V", 2)}}, "pc2": {"Ring", []string{list("U", 1)}}, "pc3": {"", nil}} {
		agent := newWUA(t, server, name, c.group)
		agent.sync(t, clientsync.SyncParameters{})
		if c.misc != nil {
			_, err := agent.ReportEventBatch(ctx, agent.cookie, time.Now(), []clientsync.ReportingEvent{statusEvent(name, time.Now(), c.misc...)})
			require.NoError(t, err)
		}
	}
	info := func(computer string, n int, state wsus.UpdateInstallationState, a wsus.Approval) wsus.InstallationInfo {
		return wsus.InstallationInfo{ComputerID: computer, UpdateID: id(n), State: state, Approval: a}
	}
	perComputer := func(n int, group uuid.UUID) []wsus.InstallationInfo {
		got, err := server.InstallationInfoPerComputerTarget(ctx, id(n), group)
		require.NoError(t, err)
		return got
	}
	one, two := info("pc1", 1, wsus.Failed, all), info("pc2", 1, wsus.NotInstalled, none)
	require.Equal(t, []wsus.InstallationInfo{one, two, info("pc3", 1, wsus.Unknown, all)}, perComputer(1, wsus.AllComputers))
	require.Equal(t, []wsus.InstallationInfo{one, two}, perComputer(1, pilot.ID))
	require.Equal(t, []wsus.InstallationInfo{two}, perComputer(1, ring.ID))
	require.Equal(t, []wsus.InstallationInfo{info("pc2", 2, wsus.NotApplicable, wsus.Approval{})}, perComputer(2, ring.ID))

	perUpdate, err := server.InstallationInfoPerUpdate(ctx, "pc1")
	require.NoError(t, err)
	require.Equal(t, []wsus.InstallationInfo{one, info("pc1", 2, wsus.Installed, wsus.Approval{})}, perUpdate, "without what is declined")

	_, err = server.InstallationInfoPerUpdate(ctx, "pc9")
	require.ErrorIs(t, err, wsus.ErrNotFound)
	_, err = server.InstallationInfoPerComputerTarget(ctx, id(99), ring.ID)
	require.ErrorIs(t, err, wsus.ErrNotFound)
	_, err = server.InstallationInfoPerComputerTarget(ctx, id(1), id(99))
	require.ErrorIs(t, err, wsus.ErrNotFound)
}
