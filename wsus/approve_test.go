package wsus_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// msi is handler data of a Windows Installer package with and without a command line for its removal.
func msi(removal string) string {
	return `<upd:HandlerSpecificData xsi:type="msp:WindowsInstallerApp" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<msp:MsiData MsiFile="a.msi" CommandLine="A=1" UninstallCommandLine="` + removal +
		`" xmlns:msp="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsInstaller" /></upd:HandlerSpecificData>`
}

func TestUninstallOnlyWhatCanBeRemoved(t *testing.T) {
	removable := `<upd:UninstallationBehavior />`
	server := newServer(t,
		document{id: id(1), title: "not removable", deployable: true},
		document{id: id(2), title: "declares it", deployable: true, children: removable},
		document{id: id(3), title: "has a command line", deployable: true, file: msi("REMOVE=ALL")},
		document{id: id(4), title: "has none", deployable: true, file: msi("")},
		document{id: id(5), title: "part", children: removable}, document{id: id(6), title: "fixed part"},
		document{id: id(7), title: "bundle of one", deployable: true, bundled: [][]uuid.UUID{{id(5)}}},
		document{id: id(8), title: "bundle of both", deployable: true, bundled: [][]uuid.UUID{{id(5)}, {id(6)}}},
		document{id: id(9), title: "bundle of either", deployable: true, bundled: [][]uuid.UUID{{id(6), id(5)}}})
	for n, can := range map[int]bool{1: false, 2: true, 3: true, 4: false, 7: true, 8: false, 9: true} {
		err := server.Approve(t.Context(), id(n), wsus.Uninstall, wsus.AllComputers)
		if can {
			require.NoError(t, err, n)
		} else {
			require.ErrorIs(t, err, wsus.ErrNotRemovable, n)
		}
		require.NoError(t, server.Approve(t.Context(), id(n), wsus.Install, wsus.AllComputers))
	}
}

func TestExpiredIsOnlyRemoved(t *testing.T) {
	server := newServer(t, document{id: id(1), title: "old", deployable: true, expired: true, children: `<upd:UninstallationBehavior />`})
	agent := newWUA(t, server, "pc1", "")
	require.Empty(t, agent.sync(t, clientsync.SyncParameters{}).NewUpdates)
	for _, action := range []wsus.Action{wsus.Install, wsus.OptionalInstall, wsus.Scan} {
		require.ErrorIs(t, server.Approve(t.Context(), id(1), action, wsus.AllComputers), wsus.ErrNotDeployable)
	}
	require.NoError(t, server.Approve(t.Context(), id(1), wsus.Uninstall, wsus.AllComputers))
	updates := agent.sync(t, clientsync.SyncParameters{}).NewUpdates
	require.Len(t, updates, 1)
	require.Equal(t, clientsync.Uninstall, updates[0].Deployment.Action)
}

func TestApprovalRecord(t *testing.T) {
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	server, err := wsus.NewServer(t.Context(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(), Now: func() time.Time { return now }})
	require.NoError(t, err)
	_, err = server.Import(t.Context(), folder(document{id: id(1), revision: 101, title: "one", deployable: true}))
	require.NoError(t, err)
	deadline := time.Date(2026, 4, 1, 2, 0, 0, 0, time.FixedZone("CEST", 7200))
	request := wsus.ApprovalRequest{UpdateID: id(1), Group: wsus.AllComputers, Action: wsus.Install, Deadline: deadline, AdministratorName: `LAB\anna`}
	first, err := server.ApproveUpdate(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, wsus.Approval{UpdateID: id(1), Revision: 101, Group: wsus.AllComputers, Action: wsus.Install, AdministratorName: `LAB\anna`,
		Deadline: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), CreationDate: now, Changed: now, Sequence: 1, DeploymentID: 1}, first)
	require.Equal(t, []wsus.Approval{first}, server.Approvals(t.Context(), id(1)))

	created := now
	now = now.Add(time.Hour)
	request.Action, request.Deadline, request.AdministratorName = wsus.OptionalInstall, time.Time{}, `LAB\bert`
	second, err := server.ApproveUpdate(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, created, second.CreationDate)
	require.Equal(t, now, second.Changed)
	require.Equal(t, int32(1), second.DeploymentID)
	require.NoError(t, server.ApproveForOptionalInstall(t.Context(), id(1), wsus.UnassignedComputers))
	require.Len(t, server.Approvals(t.Context(), uuid.Nil), 2)
	require.Empty(t, server.Approvals(t.Context(), id(2)))

	require.NoError(t, server.Decline(t.Context(), id(1)))
	require.Empty(t, server.Approvals(t.Context(), id(1)), "declining deletes them")
	require.NoError(t, server.Approve(t.Context(), id(1), wsus.Scan, wsus.UnassignedComputers))
	require.Len(t, server.Approvals(t.Context(), id(1)), 1, "and approving brings the update back, not them")
	update, err := server.Update(t.Context(), id(1))
	require.NoError(t, err)
	require.False(t, update.Declined)
	require.ErrorIs(t, server.Decline(t.Context(), id(9)), wsus.ErrNotFound)
}

// What is taken back reaches a client that has it cached.
func TestDeletedApprovalReachesTheClient(t *testing.T) {
	tree := newDeploymentTree(t)
	require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Uninstall, wsus.AllComputers))
	require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Install, tree.paris))
	pc := newSettled(t, tree.server, "pc1", "Paris")
	require.NoError(t, tree.server.DeleteApproval(t.Context(), id(1), tree.paris))
	pc.hears(clientsync.Uninstall)
	require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.NotApproved, tree.france))
	pc.hears(clientsync.PreDeploymentCheck)
	require.NoError(t, tree.server.Approve(t.Context(), id(1), wsus.Install, tree.ring))
	pc.hears()
}

func TestDeclineTasks(t *testing.T) {
	server := newServer(t,
		document{id: id(1), title: "old", deployable: true},
		document{id: id(2), title: "old and wanted", deployable: true},
		document{id: id(3), title: "old, and its successor is not approved", deployable: true},
		document{id: id(4), title: "new", deployable: true, superseded: []uuid.UUID{id(1), id(2)}},
		document{id: id(5), title: "newer", deployable: true, superseded: []uuid.UUID{id(3)}},
		document{id: id(6), title: "expired", deployable: true, expired: true},
		document{id: id(7), title: "expired, to be removed", deployable: true, expired: true, children: `<upd:UninstallationBehavior />`})
	require.NoError(t, server.Approve(t.Context(), id(2), wsus.Install, wsus.AllComputers))
	require.NoError(t, server.Approve(t.Context(), id(4), wsus.Install, wsus.UnassignedComputers))
	require.NoError(t, server.Approve(t.Context(), id(5), wsus.OptionalInstall, wsus.AllComputers))
	require.NoError(t, server.Approve(t.Context(), id(7), wsus.Uninstall, wsus.AllComputers))
	for _, want := range [][2][]uuid.UUID{{{id(1)}, {id(6)}}, {nil, nil}} {
		declined, err := server.DeclineSupersededUpdates(t.Context())
		require.NoError(t, err)
		require.Equal(t, want[0], declined)
		declined, err = server.DeclineExpiredUpdates(t.Context())
		require.NoError(t, err)
		require.Equal(t, want[1], declined)
	}
	for n, want := range map[int]bool{1: true, 2: false, 3: false, 4: false, 5: false, 6: true, 7: false} {
		u, err := server.Update(t.Context(), id(n))
		require.NoError(t, err)
		require.Equal(t, want, u.Declined, n)
	}
}
