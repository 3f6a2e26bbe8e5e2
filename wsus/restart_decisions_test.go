package wsus_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// TestRestartKeepsDecisions: everything that an administrator can decide is there after each start on the same folder, and an agent
// that was not told before it hears of it afterwards, with its old cookie.
func TestRestartKeepsDecisions(t *testing.T) {
	ctx := context.Background()
	folder1 := t.TempDir()
	var server *wsus.Server
	closeAll := func() {}
	restart := func() {
		t.Helper()
		closeAll()
		db, err := sqlite.Open(ctx, folder1)
		require.NoError(t, err)
		server, err = wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: content.Memory()})
		require.NoError(t, err)
		closeAll = func() {
			require.NoError(t, server.Close())
			require.NoError(t, db.Close())
		}
	}
	restart()
	defer func() { closeAll() }()

	_, err := server.Import(ctx, folder(licensed(1, 1, 100, "")))
	require.NoError(t, err)
	agent := newSettled(t, server, "pc1", "")
	again := func() {
		t.Helper()
		restart()
		agent.Client, err = clientsync.NewClient("http://wsus.test:8530", &http.Client{Transport: inProcess{server}})
		require.NoError(t, err)
	}

	require.NoError(t, server.AcceptLicenseAgreement(ctx, id(1), `LAB\anna`))
	again()
	agreement, err := server.LicenseAgreement(ctx, id(1))
	require.NoError(t, err)
	require.True(t, agreement.Accepted)

	europe, err := server.CreateTargetGroup(ctx, "Europe")
	require.NoError(t, err)
	paris, err := server.CreateChildTargetGroup(ctx, "Paris", europe.ID)
	require.NoError(t, err)
	again()
	require.Equal(t, []wsus.TargetGroup{europe, paris}, server.TargetGroups(ctx)[3:])

	approval, err := server.ApproveUpdate(ctx, wsus.ApprovalRequest{UpdateID: id(1), Group: europe.ID, Action: wsus.Install, AdministratorName: `LAB\anna`})
	require.NoError(t, err)
	again()
	kept := server.Approvals(ctx, id(1))
	require.Len(t, kept, 1)
	require.Equal(t, approval.DeploymentID, kept[0].DeploymentID)
	require.Equal(t, `LAB\anna`, kept[0].AdministratorName)

	settings := wsus.Configuration{TargetingMode: wsus.ServerTargeting}
	require.NoError(t, server.SetConfiguration(ctx, settings))
	again()
	require.Equal(t, settings, server.Configuration())
	agent.hears(clientsync.PreDeploymentCheck)

	require.NoError(t, server.AddComputerTarget(ctx, paris.ID, "pc1"))
	again()
	groups, err := server.TargetGroupsOf(ctx, "pc1")
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{paris.ID}, groups)
	agent.hears(clientsync.Install)
	again()
	agent.hears()

	rule, err := server.CreateInstallApprovalRule(ctx, wsus.InstallApprovalRule{Name: "A", Enabled: true, Action: wsus.Install, Groups: []uuid.UUID{paris.ID}})
	require.NoError(t, err)
	again()
	rules, err := server.InstallApprovalRules(ctx)
	require.NoError(t, err)
	require.Equal(t, []wsus.InstallApprovalRule{rule}, rules)

	require.NoError(t, server.DeleteApproval(ctx, id(1), europe.ID))
	again()
	require.Empty(t, server.Approvals(ctx, id(1)))
	agent.hears(clientsync.PreDeploymentCheck)

	_, err = server.Import(ctx, folder(document{id: id(1), revision: 2, title: "no license", deployable: true}))
	require.NoError(t, err)
	again()
	require.Equal(t, int32(2), server.Approvals(ctx, id(1))[0].Revision, "by the rule")

	require.NoError(t, server.DeleteTargetGroup(ctx, europe.ID))
	again()
	require.Len(t, server.TargetGroups(ctx), 3)
	require.Empty(t, server.Approvals(ctx, id(1)))
	groups, err = server.TargetGroupsOf(ctx, "pc1")
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{wsus.UnassignedComputers}, groups)
}

// TestStartRefreshesApprovals: a crash between an import and what follows of it for approvals leaves nothing behind.
func TestStartRefreshesApprovals(t *testing.T) {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, t.TempDir())
	require.NoError(t, err)
	defer db.Close()
	start := func() *wsus.Server {
		server, err := wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: content.Memory()})
		require.NoError(t, err)
		return server
	}
	server := start()
	for revision := range 2 {
		_, err = server.Import(ctx, folder(document{id: id(1), revision: revision + 1, title: "one", deployable: true}))
		require.NoError(t, err)
	}
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers))
	require.NoError(t, server.Close())
	_, err = db.WSUS().PutApprovals(ctx, wsus.Approval{UpdateID: id(1), Revision: 1, Group: wsus.AllComputers, Action: wsus.Install})
	require.NoError(t, err)
	server = start()
	defer server.Close()
	require.Equal(t, int32(2), server.Approvals(ctx, id(1))[0].Revision)
}
