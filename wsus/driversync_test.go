package wsus_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// approved is a server with documents of which some are approved.
func approved(t testing.TB, action wsus.Action, ids []uuid.UUID, docs ...document) *wsus.Server {
	t.Helper()
	server := newServer(t, docs...)
	for _, update := range ids {
		require.NoError(t, server.Approve(t.Context(), update, action, wsus.AllComputers))
	}
	return server
}

func empty(ids ...string) clientsync.Device {
	return clientsync.Device{HardwareIDs: ids, Installed: nothing()}
}

func identities(t testing.TB, updates []clientsync.UpdateInfo) (ids []uuid.UUID) {
	for _, u := range updates {
		ids = append(ids, identityOf(t.(fataler), u.XML))
	}
	return ids
}

// A driver that nobody has decided about is deployed to nobody, and says nothing to anybody.
func TestDriversAreDeployedByDecisionOnly(t *testing.T) {
	ctx := t.Context()
	server := newServer(t, driverUpdate(1, driver{}))
	agent := newWUA(t, server, "pc1", "")
	require.True(t, agent.sync(t, clientsync.SyncParameters{}).DriverSyncNotNeeded)
	info := agent.sync(t, driverRequest(empty("a")))
	require.Empty(t, info.NewUpdates)
	require.True(t, info.DriverSyncNotNeeded)

	for action, want := range map[wsus.Action]clientsync.Action{
		wsus.Install: clientsync.Install, wsus.OptionalInstall: clientsync.OptionalInstall, wsus.Scan: clientsync.PreDeploymentCheck} {
		require.NoError(t, server.Approve(ctx, id(1), action, wsus.AllComputers))
		software := agent.sync(t, clientsync.SyncParameters{})
		require.Empty(t, software.NewUpdates, "drivers come in the driver pass only")
		require.False(t, software.DriverSyncNotNeeded)
		info := agent.sync(t, driverRequest(empty("x", "A")))
		require.Len(t, info.NewUpdates, 1)
		require.Equal(t, want, info.NewUpdates[0].Deployment.Action)
		require.Equal(t, []string{"a"}, info.NewUpdates[0].Deployment.HardwareIDs)
		require.True(t, info.NewUpdates[0].IsLeaf)
	}
	cached := agent.sync(t, driverRequest(empty("a"))).NewUpdates[0].ID
	for _, undo := range []func() error{
		func() error { return server.Approve(ctx, id(1), wsus.NotApproved, wsus.AllComputers) },
		func() error { return server.Decline(ctx, id(1)) },
	} {
		require.NoError(t, undo())
		require.False(t, agent.sync(t, clientsync.SyncParameters{CachedDriverIDs: []int32{cached}}).DriverSyncNotNeeded, "or it would never go")
		request := driverRequest(empty("a"))
		request.CachedDriverIDs = []int32{cached}
		require.Equal(t, []int32{cached}, agent.sync(t, request).OutOfScopeRevisionIDs)
		require.True(t, agent.sync(t, clientsync.SyncParameters{}).DriverSyncNotNeeded)
		require.Empty(t, agent.sync(t, driverRequest(empty("a"))).NewUpdates)
	}
}

// What is only looked at does not hide what is offered, and is told too.
func TestDetectOnlyDriverHidesNoOther(t *testing.T) {
	server := approved(t, wsus.Install, []uuid.UUID{id(1)}, driverUpdate(1, driver{}), driverUpdate(2, driver{date: "2024-01-01"}))
	require.NoError(t, server.Approve(t.Context(), id(2), wsus.Scan, wsus.AllComputers))
	info := newWUA(t, server, "pc1", "").sync(t, driverRequest(empty("a")))
	require.Equal(t, []uuid.UUID{id(1), id(2)}, identities(t, info.NewUpdates))
}

// The cached drivers of a client: new, unchanged, changed, out of scope, each by MS-WUSP §3.1.5.7; a software pass in between takes
// nothing away from what the driver pass has to tell.
func TestCachedDrivers(t *testing.T) {
	ctx := t.Context()
	server := approved(t, wsus.Install, []uuid.UUID{id(1), id(2)}, driverUpdate(1, driver{id: "a"}), driverUpdate(2, driver{id: "b"}))
	agent := newWUA(t, server, "pc1", "")
	info := agent.sync(t, driverRequest(empty("a"), empty("b")))
	require.Equal(t, []uuid.UUID{id(1), id(2)}, identities(t, info.NewUpdates))
	request := driverRequest(empty("a"), empty("b"))
	request.CachedDriverIDs = []int32{info.NewUpdates[0].ID, info.NewUpdates[1].ID, 4711}
	info = agent.sync(t, request)
	require.Empty(t, info.NewUpdates)
	require.Empty(t, info.ChangedUpdates)
	require.Equal(t, []int32{4711}, info.OutOfScopeRevisionIDs, "ids that the server does not know")
	request.CachedDriverIDs = request.CachedDriverIDs[:2]

	require.NoError(t, server.Approve(ctx, id(1), wsus.OptionalInstall, wsus.AllComputers))
	agent.sync(t, clientsync.SyncParameters{})
	info = agent.sync(t, request)
	require.Len(t, info.ChangedUpdates, 1)
	require.Equal(t, clientsync.OptionalInstall, info.ChangedUpdates[0].Deployment.Action)
	require.Equal(t, []string{"a"}, info.ChangedUpdates[0].Deployment.HardwareIDs)
	require.Empty(t, info.ChangedUpdates[0].XML)
	require.Empty(t, agent.sync(t, request).ChangedUpdates, "told once")

	request.SystemSpec[1].Installed = installed(func(d *clientsync.InstalledDriver) { d.MatchingID = "b" })
	require.Equal(t, request.CachedDriverIDs[1:], agent.sync(t, request).OutOfScopeRevisionIDs, "it is installed")
	require.NoError(t, server.Decline(ctx, id(1)))
	require.Equal(t, request.CachedDriverIDs, agent.sync(t, request).OutOfScopeRevisionIDs)
}

// Two devices for which one driver is best with different ids have it sent once, with both.
func TestHardwareIDsOfADeployment(t *testing.T) {
	server := approved(t, wsus.Install, []uuid.UUID{id(1)}, driverUpdate(1, driver{id: "a"}, driver{id: "b"}, driver{id: "c"}))
	info := newWUA(t, server, "pc1", "").sync(t, driverRequest(empty("b", "c"), empty("a"), empty("B")))
	require.Len(t, info.NewUpdates, 1)
	require.Equal(t, []string{"b", "a"}, info.NewUpdates[0].Deployment.HardwareIDs)
}

// The same two ids in another order are another device.
func TestPlacesAreThoseOfEachDevice(t *testing.T) {
	server := approved(t, wsus.Install, []uuid.UUID{id(1), id(2)}, driverUpdate(1, driver{id: "a"}), driverUpdate(2, driver{id: "b"}))
	info := newWUA(t, server, "pc1", "").sync(t, driverRequest(empty("a", "b"), empty("b", "a")))
	require.Equal(t, []uuid.UUID{id(1), id(2)}, identities(t, info.NewUpdates))
}

// A pass for some categories brings their drivers, says that the others are still deployed, and leaves what it does not tell to the next.
func TestDriverPassOfACategoryScan(t *testing.T) {
	product := func(n int) document {
		return document{id: id(n), kind: "Category", category: "Product", title: "product"}
	}
	of := func(d document, category int) document {
		d.prerequisites = [][]uuid.UUID{{id(category)}}
		return d
	}
	server := approved(t, wsus.Install, []uuid.UUID{id(1), id(2)}, product(10), product(11),
		of(driverUpdate(1, driver{id: "a"}), 10), of(driverUpdate(2, driver{id: "b"}), 11))
	agent := newWUA(t, server, "pc1", "")
	request := driverRequest(empty("a"), empty("b"))
	for _, u := range agent.sync(t, clientsync.SyncParameters{}).NewUpdates {
		request.InstalledNonLeafUpdateIDs = append(request.InstalledNonLeafUpdateIDs, u.ID)
	}
	for _, u := range agent.sync(t, request).NewUpdates {
		request.CachedDriverIDs = append(request.CachedDriverIDs, u.ID)
	}
	require.Len(t, request.CachedDriverIDs, 2)
	require.NoError(t, server.Approve(t.Context(), id(2), wsus.OptionalInstall, wsus.AllComputers))

	filtered := request
	filtered.FilterCategoryIDs, filtered.NeedTwoGroupOutOfScopeUpdates = []uuid.UUID{id(10)}, true
	info := agent.sync(t, filtered)
	require.Empty(t, info.NewUpdates)
	require.Empty(t, info.ChangedUpdates)
	require.Empty(t, info.OutOfScopeRevisionIDs)
	require.Equal(t, request.CachedDriverIDs[1:], info.DeployedOutOfScopeRevisionIDs)
	require.Len(t, agent.sync(t, request).ChangedUpdates, 1)

	// What belongs to the category and is for no device any more goes.
	filtered.SystemSpec = filtered.SystemSpec[1:]
	info = agent.sync(t, filtered)
	require.Equal(t, request.CachedDriverIDs[:1], info.OutOfScopeRevisionIDs)
	require.Equal(t, request.CachedDriverIDs[1:], info.DeployedOutOfScopeRevisionIDs)
}

// A driver waits for its prerequisites as software does, and leaves the place to one that does not.
func TestDriverPrerequisites(t *testing.T) {
	wanting := driverUpdate(2, driver{date: "2024-01-01"})
	wanting.prerequisites = [][]uuid.UUID{{id(10), id(11)}, {id(12)}}
	server := approved(t, wsus.Install, []uuid.UUID{id(1), id(2)}, driverUpdate(1, driver{}), wanting,
		document{id: id(10), kind: "Detectoid", title: "detectoid"}, document{id: id(11), kind: "Detectoid", title: "detectoid"}, document{id: id(12), kind: "Detectoid", title: "detectoid"})
	agent := newWUA(t, server, "pc1", "")
	numbers := map[uuid.UUID]int32{}
	for _, u := range agent.sync(t, clientsync.SyncParameters{}).NewUpdates {
		numbers[identityOf(t, u.XML)] = u.ID
	}
	for _, test := range []struct {
		installed []uuid.UUID
		want      uuid.UUID
	}{{nil, id(1)}, {[]uuid.UUID{id(10)}, id(1)}, {[]uuid.UUID{id(10), id(11)}, id(1)}, {[]uuid.UUID{id(11), id(12)}, id(2)}} {
		request := driverRequest(empty("a"))
		for _, update := range test.installed {
			request.InstalledNonLeafUpdateIDs = append(request.InstalledNonLeafUpdateIDs, numbers[update])
		}
		info := agent.sync(t, request)
		require.Equal(t, []uuid.UUID{test.want}, identities(t, info.NewUpdates))
		require.Empty(t, info.OutOfScopeRevisionIDs, "what is no driver is no matter of this pass")
	}
}

// A driver that is to be removed is sent only where the agent says that it has installed it, and never as the best one.
func TestDriverRecovery(t *testing.T) {
	server := approved(t, wsus.Uninstall, []uuid.UUID{id(1)}, driverUpdate(1, driver{date: "2024-01-01"}), driverUpdate(2, driver{}))
	require.NoError(t, server.Approve(t.Context(), id(2), wsus.Install, wsus.AllComputers))
	agent := newWUA(t, server, "pc1", "")
	require.Equal(t, []uuid.UUID{id(2)}, identities(t, agent.sync(t, driverRequest(empty("a"))).NewUpdates))

	device := clientsync.Device{HardwareIDs: []string{"a"}, RecoveryIDs: []uuid.UUID{id(1), id(2), id(99)},
		Installed: installed(func(d *clientsync.InstalledDriver) { d.DriverVerDate = date("2024-01-01") })}
	info := agent.sync(t, driverRequest(device))
	require.Equal(t, []uuid.UUID{id(1)}, identities(t, info.NewUpdates))
	require.Equal(t, clientsync.Uninstall, info.NewUpdates[0].Deployment.Action)
}

// A driver of the class Extension adds to the one of a device, and must not be taken for a better one.
func TestExtensionDriversDoNotCompete(t *testing.T) {
	server := approved(t, wsus.Install, []uuid.UUID{id(1), id(2)}, driverUpdate(1, driver{}), driverUpdate(2, driver{class: "Extension", date: "2024-01-01"}))
	info := newWUA(t, server, "pc1", "").sync(t, driverRequest(empty("a")))
	require.Equal(t, []uuid.UUID{id(1)}, identities(t, info.NewUpdates))
}

// More drivers than a page holds come in several, as software does.
func TestDriversComeInPages(t *testing.T) {
	var docs []document
	var devices []clientsync.Device
	var ids []uuid.UUID
	for n := 1; n <= 2*wsus.DefaultPageSize+1; n++ {
		docs, ids = append(docs, driverUpdate(n, driver{id: id(n).String()})), append(ids, id(n))
		devices = append(devices, empty(id(n).String()))
	}
	agent := newWUA(t, approved(t, wsus.Install, ids, docs...), "pc1", "")
	request := driverRequest(devices...)
	for _, want := range []int{wsus.DefaultPageSize, wsus.DefaultPageSize, 1} {
		info := agent.sync(t, request)
		require.Len(t, info.NewUpdates, want)
		require.Equal(t, want == wsus.DefaultPageSize, info.Truncated)
		for _, u := range info.NewUpdates {
			require.Len(t, u.Deployment.HardwareIDs, 1)
			request.CachedDriverIDs = append(request.CachedDriverIDs, u.ID)
		}
	}
	require.Empty(t, agent.sync(t, request).NewUpdates)
}

func TestPrinterCatalog(t *testing.T) {
	ctx := t.Context()
	printer := func(n int, class string) document { return driverUpdate(n, driver{class: class}) }
	wanting := printer(4, "Printers")
	wanting.prerequisites = [][]uuid.UUID{{id(10)}}
	server := approved(t, wsus.Install, []uuid.UUID{id(1), id(2), id(3), id(4), id(6)}, printer(1, "Printers"), printer(2, "printer"),
		printer(3, "Networking"), wanting, printer(5, "Printers"), printer(6, "Printers"), document{id: id(10), kind: "Detectoid", title: "detectoid"})
	require.NoError(t, server.Approve(ctx, id(6), wsus.Uninstall, wsus.AllComputers))
	agent := newWUA(t, server, "pc1", "")
	ask := func(p clientsync.PrinterParameters) clientsync.SyncInfo {
		info, err := agent.SyncPrinterCatalog(ctx, agent.cookie, p)
		require.NoError(t, err)
		agent.cookie = info.NewCookie
		return info
	}
	info := ask(clientsync.PrinterParameters{})
	require.Equal(t, []uuid.UUID{id(1), id(2)}, identities(t, info.NewUpdates))
	require.False(t, info.DriverSyncNotNeeded)
	cached := []int32{info.NewUpdates[0].ID, info.NewUpdates[1].ID}

	detectoid := agent.sync(t, clientsync.SyncParameters{}).NewUpdates[0]
	info = ask(clientsync.PrinterParameters{InstalledNonLeafUpdateIDs: []int32{detectoid.ID}, CachedUpdateIDs: append(cached, 4711)})
	require.Equal(t, []uuid.UUID{id(4)}, identities(t, info.NewUpdates))
	require.Equal(t, []int32{4711}, info.OutOfScopeRevisionIDs)
	require.Empty(t, info.ChangedUpdates)

	require.NoError(t, server.Approve(ctx, id(2), wsus.OptionalInstall, wsus.AllComputers))
	require.NoError(t, server.Decline(ctx, id(1)))
	agent.sync(t, driverRequest(empty("a")))
	agent.sync(t, clientsync.SyncParameters{})
	info = ask(clientsync.PrinterParameters{CachedUpdateIDs: cached})
	require.Len(t, info.ChangedUpdates, 1, "what the other passes have told, the printers have not")
	require.Equal(t, clientsync.OptionalInstall, info.ChangedUpdates[0].Deployment.Action)
	require.Equal(t, cached[:1], info.OutOfScopeRevisionIDs)
}
