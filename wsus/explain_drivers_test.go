package wsus_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// explainedDrivers is a server whose driver passes an agent compares with its explanations.
type explainedDrivers struct {
	t         *testing.T
	server    *wsus.Server
	agent     *wua
	docs      map[uuid.UUID]document
	traits    map[uuid.UUID]driver
	payloads  map[uuid.UUID][]byte
	devices   []clientsync.Device
	computers []uuid.UUID
	installed map[uuid.UUID]bool // of the detectoids
	got       map[uuid.UUID]clientsync.Action
}

// TestExplainDriversModel is TestExplainModel for what is matched to devices: whatever stands between a computer and a driver, what Explain
// names first is taken away, until a driver pass brings it; on the way Explain and the passes agree about every driver.
func TestExplainDriversModel(t *testing.T) {
	removed := map[wsus.ReasonKind]int{}
	rapid.Check(t, func(rt *rapid.T) {
		e := drawExplainedDrivers(t, rt)
		e.walk(rt)
		e.requireAgreement(rt, true)
		target := rapid.SampledFrom(slices.SortedFunc(maps.Keys(e.traits), compareIDs)).Draw(rt, "target")
		for step := 0; ; step++ {
			require.Less(rt, step, 60, "no end of reasons")
			x := e.explain(rt, target)
			if x.Stage == wsus.Installable {
				require.Contains(rt, []string{"Install", "OptionalInstall", "Uninstall"}, x.Action)
				require.Equal(rt, x.Action, string(e.got[target]))
				break
			}
			removed[x.Reasons[0].Kind]++
			e.remove(rt, x)
			e.requireAgreement(rt, false)
			if x.Reasons[0].Kind != wsus.DriverPassDue && rapid.Bool().Draw(rt, fmt.Sprint("waits ", step)) {
				continue // then the next reason may be that no pass has come since
			}
			e.walk(rt)
			e.requireAgreement(rt, true)
		}
	})
	for _, kind := range []wsus.ReasonKind{wsus.NotSynchronized, wsus.UpdateDeclined, wsus.UpdateExpired, wsus.PrerequisiteUnsatisfied, wsus.NoApproval,
		wsus.LicenseNotAccepted, wsus.ContentMissing, wsus.DriverPassDue, wsus.NoMatchingDevice, wsus.DriverNotBest} {
		require.NotZero(t, removed[kind], "no run met %s", kind)
	}
}

func compareIDs(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }

func drawExplainedDrivers(t *testing.T, rt *rapid.T) *explainedDrivers {
	ctx := t.Context()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(), PageSize: 3})
	require.NoError(rt, err)
	e := &explainedDrivers{t: t, server: server, docs: map[uuid.UUID]document{}, traits: map[uuid.UUID]driver{}, payloads: map[uuid.UUID][]byte{},
		computers: thisComputer(), installed: map[uuid.UUID]bool{}}
	parent, err := server.CreateTargetGroup(ctx, "Pilot")
	require.NoError(rt, err)
	child, err := server.CreateChildTargetGroup(ctx, "Ring", parent.ID)
	require.NoError(rt, err)
	groups := []uuid.UUID{wsus.AllComputers, parent.ID, child.ID}
	for n := 20; n <= 21; n++ {
		e.docs[id(n)] = document{id: id(n), kind: "Detectoid", title: fmt.Sprint("detectoid ", n)}
		e.installed[id(n)] = rapid.Bool().Draw(rt, fmt.Sprint("installed ", n))
	}
	present := slices.Collect(maps.Values(e.docs))
	for n := range rapid.IntRange(1, 6).Draw(rt, "drivers") {
		d := e.drawDriver(rt, n+1)
		e.docs[d.id] = d
		if rapid.IntRange(0, 5).Draw(rt, fmt.Sprint("absent ", n+1)) > 0 {
			present = append(present, d)
		}
	}
	_, err = server.Import(ctx, folder(present...))
	require.NoError(rt, err)
	for n := range len(e.traits) {
		for range rapid.IntRange(0, 2).Draw(rt, fmt.Sprint("decisions ", n+1)) {
			action := rapid.SampledFrom([]wsus.Action{wsus.Install, wsus.Install, wsus.OptionalInstall, wsus.Scan, wsus.NotApproved, wsus.Uninstall, wsus.Declined}).Draw(rt, "action")
			if action == wsus.Declined {
				_ = server.Decline(ctx, id(n+1)) // refused where it cannot be, as below
			} else {
				_ = server.Approve(ctx, id(n+1), action, rapid.SampledFrom(groups).Draw(rt, "for"))
			}
		}
	}
	for n := range rapid.IntRange(0, 3).Draw(rt, "devices") {
		device := empty(rapid.SampledFrom([]string{"A", "b", "c", "x"}).Draw(rt, fmt.Sprint("device ", n)), rapid.SampledFrom([]string{"a", "B", "y"}).Draw(rt, fmt.Sprint("second ", n)))
		if rapid.Bool().Draw(rt, fmt.Sprint("has ", n)) {
			device.Installed = installed(func(d *clientsync.InstalledDriver) {
				d.DriverVerDate = date(rapid.SampledFrom([]string{"2019-01-01", "2030-01-01"}).Draw(rt, fmt.Sprint("has of ", n)))
			})
		}
		e.devices = append(e.devices, device)
	}
	e.agent = newWUA(t, server, "pc1", rapid.SampledFrom([]string{"", "Pilot", "Ring"}).Draw(rt, "group"))
	return e
}

// drawDriver makes a driver that one of the computers of the tables can have.
func (e *explainedDrivers) drawDriver(rt *rapid.T, n int) document {
	trait := driver{id: rapid.SampledFrom([]string{"a", "B", "c"}).Draw(rt, fmt.Sprint("id ", n)),
		date:   rapid.SampledFrom([]string{"2020-01-01", "2021-01-01"}).Draw(rt, fmt.Sprint("date ", n)),
		class:  rapid.SampledFrom([]string{"Networking", "Printer"}).Draw(rt, fmt.Sprint("class ", n)),
		target: rapid.SampledFrom([][]uuid.UUID{nil, nil, {c2}, {c9}}).Draw(rt, fmt.Sprint("target ", n))}
	d := driverUpdate(n, trait)
	d.expired = rapid.IntRange(0, 9).Draw(rt, fmt.Sprint("expired ", n)) == 0
	if rapid.Bool().Draw(rt, fmt.Sprint("wants ", n)) {
		d.prerequisites = [][]uuid.UUID{{id(rapid.IntRange(20, 21).Draw(rt, fmt.Sprint("which ", n)))}}
	}
	switch rapid.IntRange(0, 3).Draw(rt, fmt.Sprint("extra ", n)) {
	case 0:
		d.attributes = fmt.Sprintf(`EulaID="%s"`, id(900))
	case 1:
		e.payloads[d.id] = fmt.Append(nil, "payload ", n)
		d.file = fileElement(fmt.Sprintf("driver%d.cab", n), e.payloads[d.id])
	}
	e.traits[d.id] = trait
	return d
}

// walk is a scan from nothing: the software pass, and then the driver pass.
func (e *explainedDrivers) walk(rt *rapid.T) {
	var p clientsync.SyncParameters
	for more := true; more; {
		info := e.agent.sync(e.t, p)
		more = len(info.NewUpdates) > 0
		for _, u := range info.NewUpdates {
			if e.installed[identityOf(rt, u.XML)] {
				p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, u.ID)
			} else {
				p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, u.ID)
			}
		}
	}
	e.got = map[uuid.UUID]clientsync.Action{}
	request := driverRequest(e.devices...)
	request.ComputerHardwareIDs, request.InstalledNonLeafUpdateIDs = e.computers, p.InstalledNonLeafUpdateIDs
	for more := true; more; {
		info := e.agent.sync(e.t, request)
		more = info.Truncated
		for _, u := range info.NewUpdates {
			e.got[identityOf(rt, u.XML)] = u.Deployment.Action
			request.CachedDriverIDs = append(request.CachedDriverIDs, u.ID)
		}
	}
}

func (e *explainedDrivers) explain(rt *rapid.T, update uuid.UUID) wsus.Explanation {
	x, err := e.server.Explain(e.t.Context(), "pc1", update)
	require.NoError(rt, err)
	return x
}

// requireAgreement compares what is explained with what the last pass brought. When something has been decided since, only what is explained
// as sent can be held against it.
func (e *explainedDrivers) requireAgreement(rt *rapid.T, upToDate bool) {
	for update := range e.traits {
		x := e.explain(rt, update)
		require.Equal(rt, x.Stage < wsus.Installable, slices.ContainsFunc(x.Reasons, func(r wsus.Reason) bool { return r.Stops > 0 }))
		action, sent := e.got[update]
		if upToDate {
			require.Equal(rt, sent, x.Stage >= wsus.Sent, "%+v", x)
			require.False(rt, slices.ContainsFunc(x.Reasons, func(r wsus.Reason) bool { return r.Kind == wsus.DriverPassDue }), "%+v", x)
		}
		if x.Stage >= wsus.Sent {
			require.True(rt, sent, "%+v", x)
			require.Equal(rt, string(action), x.Action)
			require.Equal(rt, action != clientsync.PreDeploymentCheck, x.Stage >= wsus.Offered, "%+v", x)
		}
	}
}

// remove does what the text of the first reason says.
func (e *explainedDrivers) remove(rt *rapid.T, x wsus.Explanation) {
	ctx := e.t.Context()
	d, r := e.docs[x.UpdateID], x.Reasons[0]
	switch r.Kind {
	case wsus.NotSynchronized:
		_, err := e.server.Import(ctx, folder(d))
		require.NoError(rt, err)
	case wsus.UpdateExpired:
		d.expired, d.revision = false, int(x.Revision)+1
		e.docs[x.UpdateID] = d
		_, err := e.server.Import(ctx, folder(d))
		require.NoError(rt, err)
	case wsus.UpdateDeclined:
		require.NoError(rt, e.server.Approve(ctx, x.UpdateID, wsus.NotApproved, wsus.AllComputers))
	case wsus.NoApproval:
		require.NoError(rt, e.server.Approve(ctx, x.UpdateID, wsus.Install, x.Groups[0]))
	case wsus.LicenseNotAccepted:
		require.NoError(rt, e.server.AcceptLicenseAgreement(ctx, x.UpdateID, "anna"))
	case wsus.ContentMissing:
		_, err := e.server.Import(ctx, fstest.MapFS{"d.xml": {Data: []byte(d.String())}, r.Files[0]: {Data: e.payloads[x.UpdateID]}})
		require.NoError(rt, err)
	case wsus.PrerequisiteUnsatisfied:
		e.installed[r.IDs[0]] = true
	case wsus.DriverPassDue:
	case wsus.NoMatchingDevice:
		device := empty(e.traits[x.UpdateID].id)
		if x.Action == "Uninstall" {
			device.RecoveryIDs = []uuid.UUID{x.UpdateID}
		}
		e.devices = append(e.devices, device)
	case wsus.DriverNotBest:
		for _, other := range r.IDs {
			require.NotEqual(rt, x.UpdateID, other)
			require.NoError(rt, e.server.Decline(ctx, other))
		}
		e.devices = []clientsync.Device{empty(e.traits[x.UpdateID].id)}
		if target := e.traits[x.UpdateID].target; target != nil {
			e.computers = target
		}
	default:
		rt.Fatalf("nothing removes %+v", x)
	}
}
