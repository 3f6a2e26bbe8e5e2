package wsus_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// fataler is what identityOf needs of *testing.T and *rapid.T.
type fataler interface {
	Errorf(format string, args ...any)
	FailNow()
}

func identityOf(t fataler, core string) uuid.UUID {
	_, rest, ok := strings.Cut(core, `UpdateID="`)
	require.True(t, ok, "no identity in %s", core)
	value, _, _ := strings.Cut(rest, `"`)
	parsed, err := uuid.Parse(value)
	require.NoError(t, err)
	return parsed
}

func TestApprovalReachesTheClient(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	agent := newWUA(t, server, "pc1", "")

	info := agent.sync(t, clientsync.SyncParameters{})
	require.Len(t, info.NewUpdates, 1)
	require.Equal(t, clientsync.PreDeploymentCheck, info.NewUpdates[0].Deployment.Action, "not approved: evaluated, not offered")
	cached := clientsync.SyncParameters{OtherCachedUpdateIDs: []int32{info.NewUpdates[0].ID}}

	info = agent.sync(t, cached)
	require.Empty(t, info.NewUpdates)
	require.Empty(t, info.ChangedUpdates, "nothing has changed")

	deadline := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	require.NoError(t, server.ApproveWithDeadline(ctx, id(1), wsus.Install, wsus.AllComputers, deadline))
	info = agent.sync(t, cached)
	require.Len(t, info.ChangedUpdates, 1)
	require.Equal(t, clientsync.Install, info.ChangedUpdates[0].Deployment.Action)
	require.Equal(t, deadline, info.ChangedUpdates[0].Deployment.Deadline)
	require.Empty(t, info.ChangedUpdates[0].XML)
	require.Empty(t, agent.sync(t, cached).ChangedUpdates, "told once")

	require.NoError(t, server.Decline(ctx, id(1)))
	require.Equal(t, cached.OtherCachedUpdateIDs, agent.sync(t, cached).OutOfScopeRevisionIDs)

	require.NoError(t, server.Approve(ctx, id(1), wsus.OptionalInstall, wsus.AllComputers))
	info = agent.sync(t, clientsync.SyncParameters{})
	require.Equal(t, clientsync.OptionalInstall, info.NewUpdates[0].Deployment.Action, "approving brings it back")
}

// A catalogue that has grown since must not hide an approval of what was there before.
func TestApprovalAfterSecondImport(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	_, err := server.Import(ctx, folder(document{id: id(2), title: "two", deployable: true}))
	require.NoError(t, err)
	agent := newWUA(t, server, "pc1", "")
	var cached clientsync.SyncParameters
	for _, u := range agent.sync(t, cached).NewUpdates {
		cached.OtherCachedUpdateIDs = append(cached.OtherCachedUpdateIDs, u.ID)
	}
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers))
	changed := agent.sync(t, cached).ChangedUpdates
	require.Len(t, changed, 1)
	require.Equal(t, clientsync.Install, changed[0].Deployment.Action)
}

// Which approval counts can change although the one that counts then is old.
func TestApprovalTakenBackInOneOfTwoGroups(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	first, err := server.CreateTargetGroup(ctx, "first")
	require.NoError(t, err)
	second, err := server.CreateTargetGroup(ctx, "second")
	require.NoError(t, err)
	require.NoError(t, server.Approve(ctx, id(1), wsus.OptionalInstall, second.ID))
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, first.ID))
	agent := newWUA(t, server, "pc1", "first;second")
	update := agent.sync(t, clientsync.SyncParameters{}).NewUpdates[0]
	require.Equal(t, clientsync.Install, update.Deployment.Action)
	require.NoError(t, server.Approve(ctx, id(1), wsus.NotApproved, first.ID))
	changed := agent.sync(t, clientsync.SyncParameters{OtherCachedUpdateIDs: []int32{update.ID}}).ChangedUpdates
	require.Len(t, changed, 1)
	fresh := newWUA(t, server, "pc2", "first;second").sync(t, clientsync.SyncParameters{}).NewUpdates[0]
	require.Equal(t, clientsync.OptionalInstall, fresh.Deployment.Action)
	require.Equal(t, fresh.Deployment, changed[0].Deployment)
}

// A client that moves to another group, or comes without its cookie, hears of everything that it has cached.
func TestMovedClientHearsOfWhatItHas(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	group, err := server.CreateTargetGroup(ctx, "lab")
	require.NoError(t, err)
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, group.ID))
	agent := newWUA(t, server, "pc1", "")
	update := agent.sync(t, clientsync.SyncParameters{}).NewUpdates[0]
	require.Equal(t, clientsync.PreDeploymentCheck, update.Deployment.Action)
	for _, old := range []clientsync.Cookie{agent.cookie, {}} {
		moved := shakeHands(t, server, "pc1", "lab", old)
		changed := moved.sync(t, clientsync.SyncParameters{OtherCachedUpdateIDs: []int32{update.ID}}).ChangedUpdates
		require.Len(t, changed, 1)
		require.Equal(t, clientsync.Install, changed[0].Deployment.Action)
	}
}

func TestTargetGroups(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	lab, err := server.CreateTargetGroup(ctx, "Lab")
	require.NoError(t, err)
	_, err = server.CreateTargetGroup(ctx, "lab")
	require.ErrorIs(t, err, wsus.ErrConflict)
	require.NoError(t, server.Approve(ctx, id(1), wsus.Install, lab.ID))

	action := func(client, group string) clientsync.Action {
		return newWUA(t, server, client, group).sync(t, clientsync.SyncParameters{}).NewUpdates[0].Deployment.Action
	}
	require.Equal(t, clientsync.Install, action("in", "LAB"))
	require.Equal(t, clientsync.Install, action("in-two", "Sales;Lab"))
	require.Equal(t, clientsync.PreDeploymentCheck, action("elsewhere", "Sales"))
	require.Equal(t, clientsync.PreDeploymentCheck, action("nowhere", ""))
}

func TestApproveRefuses(t *testing.T) {
	ctx := context.Background()
	server := newServer(t,
		document{id: id(1), title: "part"},
		document{id: id(2), title: "expired", deployable: true, expired: true},
		document{id: id(3), title: "fine", deployable: true})
	require.ErrorIs(t, server.Approve(ctx, id(9), wsus.Install, wsus.AllComputers), wsus.ErrNotFound)
	require.ErrorIs(t, server.Approve(ctx, id(1), wsus.Install, wsus.AllComputers), wsus.ErrNotDeployable)
	require.ErrorIs(t, server.Approve(ctx, id(2), wsus.Install, wsus.AllComputers), wsus.ErrNotDeployable)
	require.ErrorIs(t, server.Approve(ctx, id(3), wsus.Install, id(77)), wsus.ErrNotFound)
	require.ErrorContains(t, server.Approve(ctx, id(3), wsus.Declined, wsus.AllComputers), "see Decline")
	require.ErrorContains(t, server.ApproveWithDeadline(ctx, id(3), wsus.OptionalInstall, wsus.AllComputers, time.Now()), "deadline")
}

func TestCategoryScanDeliversOnlyWhatIsRelated(t *testing.T) {
	company, product, other := id(1), id(2), id(3)
	server := newServer(t,
		document{id: company, kind: "Category", category: "Company", title: "Company"},
		document{id: product, kind: "Category", category: "Product", title: "Product", prerequisites: [][]uuid.UUID{{company}}},
		document{id: other, kind: "Category", category: "Product", title: "Other", prerequisites: [][]uuid.UUID{{company}}},
		document{id: id(4), title: "of product", deployable: true, prerequisites: [][]uuid.UUID{{product}}},
		document{id: id(5), title: "of other", deployable: true, prerequisites: [][]uuid.UUID{{other}}})
	agent := newWUA(t, server, "pc1", "")

	scan, err := agent.StartCategoryScan(context.Background(), []clientsync.CategoryRelationship{{IndexOfAndGroup: 0, CategoryID: product}})
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{product}, scan.PreferredCategoryIDs)
	require.Empty(t, scan.RequestedCategoryIDsInError)
	scan, err = agent.StartCategoryScan(context.Background(), []clientsync.CategoryRelationship{{IndexOfAndGroup: 0, CategoryID: id(99)}})
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{id(99)}, scan.RequestedCategoryIDsInError)

	filter := clientsync.SyncParameters{FilterCategoryIDs: []uuid.UUID{product}, NeedTwoGroupOutOfScopeUpdates: true}
	var got []uuid.UUID
	for {
		info := agent.sync(t, filter)
		require.True(t, info.DriverSyncNotNeeded)
		if len(info.NewUpdates) == 0 {
			break
		}
		for _, u := range info.NewUpdates {
			got = append(got, identityOf(t, u.XML))
			filter.InstalledNonLeafUpdateIDs = append(filter.InstalledNonLeafUpdateIDs, u.ID)
		}
	}
	require.Equal(t, []uuid.UUID{company, product, id(4)}, got)

	// The whole scan knows the other product's update; a category scan says that it is still deployed.
	whole := clientsync.SyncParameters{InstalledNonLeafUpdateIDs: filter.InstalledNonLeafUpdateIDs[:2]}
	rest := agent.sync(t, whole).NewUpdates
	require.NotEmpty(t, rest)
	filter.OtherCachedUpdateIDs = []int32{rest[0].ID, 4711}
	info := agent.sync(t, filter)
	require.Equal(t, []int32{4711}, info.OutOfScopeRevisionIDs)
	require.Equal(t, []int32{rest[0].ID}, info.DeployedOutOfScopeRevisionIDs)

	// What belongs to the product and waits for something goes, and comes again when that is there: agents keep only what is called deployed.
	ofProduct := filter.InstalledNonLeafUpdateIDs[2]
	filter.InstalledNonLeafUpdateIDs, filter.OtherCachedUpdateIDs = filter.InstalledNonLeafUpdateIDs[:1], []int32{rest[0].ID, ofProduct}
	info = agent.sync(t, filter)
	require.Equal(t, []int32{ofProduct}, info.OutOfScopeRevisionIDs)
	require.Equal(t, []int32{rest[0].ID}, info.DeployedOutOfScopeRevisionIDs)
}

// What has changed outside the categories of a scan is told by the next whole one.
func TestCategoryScanKeepsWhatItDoesNotTell(t *testing.T) {
	product, other := id(1), id(2)
	server := newServer(t,
		document{id: product, kind: "Category", category: "Product", title: "Product"},
		document{id: other, kind: "Category", category: "Product", title: "Other"},
		document{id: id(3), title: "of product", deployable: true, prerequisites: [][]uuid.UUID{{product}}, children: `<upd:UninstallationBehavior />`},
		document{id: id(4), title: "of other", deployable: true, prerequisites: [][]uuid.UUID{{other}}})
	agent := newWUA(t, server, "pc1", "")
	var p clientsync.SyncParameters
	for _, u := range agent.sync(t, p).NewUpdates {
		p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, u.ID)
	}
	for _, u := range agent.sync(t, p).NewUpdates {
		p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, u.ID)
	}
	require.NoError(t, server.Approve(t.Context(), id(3), wsus.Install, wsus.AllComputers))
	require.NoError(t, server.Approve(t.Context(), id(4), wsus.Install, wsus.AllComputers))
	changes := func(p clientsync.SyncParameters) int { return len(agent.sync(t, p).ChangedUpdates) }
	filtered := p
	filtered.FilterCategoryIDs = []uuid.UUID{product}
	require.Equal(t, 1, changes(filtered))
	require.Equal(t, 2, changes(p), "one of them again")
	require.Zero(t, changes(filtered))
	require.NoError(t, server.Approve(t.Context(), id(3), wsus.Uninstall, wsus.AllComputers))
	require.Equal(t, 1, changes(filtered))
	require.Zero(t, changes(filtered), "told once while nothing changes")
	require.Equal(t, 1, changes(p), "again: what category scans have told, whole ones have not")
	require.Zero(t, changes(p))

	// An agent takes what it hears to be outside of the categories from its lists until the scan has ended. The change of it is not lost.
	require.NoError(t, server.Approve(t.Context(), id(4), wsus.OptionalInstall, wsus.AllComputers))
	first := filtered
	first.NeedTwoGroupOutOfScopeUpdates = true
	outside := agent.sync(t, first).DeployedOutOfScopeRevisionIDs
	require.NotEmpty(t, outside)
	second := first
	second.InstalledNonLeafUpdateIDs, second.OtherCachedUpdateIDs = without(p.InstalledNonLeafUpdateIDs, outside), without(p.OtherCachedUpdateIDs, outside)
	require.Zero(t, changes(second))
	require.Equal(t, 1, changes(p))
}

func without(ids, gone []int32) (rest []int32) {
	for _, id := range ids {
		if !slices.Contains(gone, id) {
			rest = append(rest, id)
		}
	}
	return rest
}

func TestRefreshCacheAfterMove(t *testing.T) {
	docs := []document{{id: id(1), title: "one", deployable: true}, {id: id(2), title: "two", deployable: true},
		{id: id(3), title: "part"}, {id: id(4), title: "bundle", deployable: true, bundled: [][]uuid.UUID{{id(3)}}}}
	first := newServer(t, docs...)
	second := newServer(t, docs[1], docs[0], docs[2], docs[3])
	agent := newWUA(t, first, "pc1", "")
	agent2 := newWUA(t, second, "pc1", "")

	_, err := agent2.SyncUpdates(context.Background(), agent.cookie, clientsync.SyncParameters{})
	var fault *clientsync.Fault
	require.ErrorAs(t, err, &fault)
	require.Contains(t, []clientsync.FaultCode{clientsync.ServerChanged, clientsync.InvalidCookie}, fault.Code)

	got, err := agent2.RefreshCache(context.Background(), agent2.cookie, []clientsync.UpdateIdentity{
		{UpdateID: id(1), RevisionNumber: 1}, {UpdateID: id(1), RevisionNumber: 7}, {UpdateID: id(3), RevisionNumber: 1}})
	require.NoError(t, err)
	require.Len(t, got, 1, "unknown revisions and members of bundles are left out")
	require.Equal(t, id(1), got[0].GlobalID.UpdateID)
	require.Equal(t, clientsync.PreDeploymentCheck, got[0].Deployment.Action)
}

func TestDriverPassNeverReturnsSoftware(t *testing.T) {
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	info := newWUA(t, server, "pc1", "").sync(t, clientsync.SyncParameters{SkipSoftwareSync: true, CachedDriverIDs: []int32{8}})
	require.Empty(t, info.NewUpdates)
	require.True(t, info.DriverSyncNotNeeded)
	require.Equal(t, []int32{8}, info.OutOfScopeRevisionIDs)
}
