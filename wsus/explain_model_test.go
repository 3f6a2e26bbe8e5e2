package wsus_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// explained is a server whose answers an agent compares with its explanations.
type explained struct {
	t         *testing.T
	server    *wsus.Server
	agent     *wua
	docs      map[uuid.UUID]document
	installed map[uuid.UUID]bool // on the agent, once it was sent
	got       map[uuid.UUID]clientsync.Action
	payloads  map[string][]byte
}

// TestExplainModel is metamorphic: whatever stands between a computer and an update, what Explain names first is taken away, until the update
// is offered to an agent that holds nothing. On the way Explain and the agent agree about everything in the catalogue.
func TestExplainModel(t *testing.T) {
	removed := map[wsus.ReasonKind]int{}
	rapid.Check(t, func(rt *rapid.T) {
		e := drawExplained(t, rt)
		e.walk(rt)
		e.requireAgreement(rt)
		target := e.drawTarget(rt)
		for step := 0; ; step++ {
			require.Less(rt, step, 120, "no end of reasons")
			x := e.explain(rt, target)
			if x.Stage == wsus.Installable {
				require.Contains(rt, []string{"Install", "OptionalInstall"}, x.Action)
				require.Equal(rt, x.Action, string(e.got[target]))
				require.True(rt, e.hasMembers(target), "%+v", x)
				break
			}
			obstacle := x.Reasons[0]
			require.Equal(rt, x.Stage+1, slices.MinFunc(x.Reasons, byStop).Stops, "%+v", x)
			removed[obstacle.Kind]++
			e.remove(rt, x, obstacle)
			e.walk(rt)
			e.requireAgreement(rt)
		}
	})
	for _, kind := range []wsus.ReasonKind{wsus.NotSynchronized, wsus.UpdateDeclined, wsus.UpdateExpired, wsus.PrerequisiteUnsatisfied, wsus.NoApproval,
		wsus.LicenseNotAccepted, wsus.ContentMissing, wsus.BundleIncomplete} {
		require.NotZero(t, removed[kind], "no run met %s", kind)
	}
}

// byStop orders obstacles by the stage that they stop; what stops nothing is last.
func byStop(a, b wsus.Reason) int {
	return int(a.Stops-1) - int(b.Stops-1) // 0-1 is the largest
}

func drawExplained(t *testing.T, rt *rapid.T) *explained {
	server, err := wsus.NewServer(t.Context(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(), PageSize: 7})
	require.NoError(rt, err)
	e := &explained{t: t, server: server, docs: map[uuid.UUID]document{}, installed: map[uuid.UUID]bool{}, payloads: map[string][]byte{}}
	group, err := server.CreateTargetGroup(t.Context(), "Pilot")
	require.NoError(rt, err)
	ring, err := server.CreateChildTargetGroup(t.Context(), "Ring", group.ID)
	require.NoError(rt, err)
	other, err := server.CreateTargetGroup(t.Context(), "Other")
	require.NoError(rt, err)
	var present []document
	for i, d := range drawCatalog(rt) {
		if d.kind == "" && d.deployable {
			switch extra := rapid.IntRange(0, 3).Draw(rt, fmt.Sprint("extra ", i)); {
			case extra == 0:
				d.attributes = fmt.Sprintf(`EulaID="%s"`, id(900+i%2))
			case extra == 1 && len(d.bundled) == 0:
				name := fmt.Sprintf("setup%d.exe", i)
				e.payloads[name] = []byte(name)
				d.file = fileElement(name, e.payloads[name])
			}
		}
		e.docs[d.id] = d
		if rapid.IntRange(0, 4).Draw(rt, fmt.Sprint("absent ", i)) > 0 {
			present = append(present, d)
		}
		e.installed[d.id] = rapid.IntRange(0, 2).Draw(rt, fmt.Sprint("installed ", i)) > 0
	}
	_, err = server.Import(t.Context(), folder(present...))
	require.NoError(rt, err)
	for i, d := range present {
		// What cannot be approved is not declined here either: approving is what brings an update back.
		if !d.deployable {
			continue
		}
		switch rapid.IntRange(0, 9).Draw(rt, fmt.Sprint("decision ", i)) {
		case 0:
			require.NoError(rt, server.Decline(t.Context(), d.id))
		case 1:
			_ = server.Approve(t.Context(), d.id, wsus.Install, other.ID) // refused where it cannot be
		case 2:
			_ = server.Approve(t.Context(), d.id, wsus.NotApproved, group.ID)
		case 3:
			_ = server.Approve(t.Context(), d.id, wsus.OptionalInstall, wsus.AllComputers)
		case 4:
			_ = server.Approve(t.Context(), d.id, wsus.Scan, ring.ID)
			_ = server.ApproveWithDeadline(t.Context(), d.id, wsus.Install, group.ID, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
		}
	}
	e.agent = newWUA(t, server, "pc1", rapid.SampledFrom([]string{"", "Pilot", "Ring", "Ring;Pilot", "Pilot;Nowhere"}).Draw(rt, "group"))
	return e
}

// drawTarget picks what can be installed on its own.
func (e *explained) drawTarget(rt *rapid.T) uuid.UUID {
	bundled := map[uuid.UUID]bool{}
	for _, d := range e.docs {
		for _, clause := range d.bundled {
			for _, m := range clause {
				bundled[m] = true
			}
		}
	}
	var candidates []int
	for n := range len(e.docs) {
		if d := e.docs[id(n+1)]; d.kind == "" && d.deployable && !bundled[d.id] {
			candidates = append(candidates, n+1)
		}
	}
	if len(candidates) == 0 {
		rt.Skip("nothing can be installed")
	}
	return id(rapid.SampledFrom(candidates).Draw(rt, "target"))
}

// walk lets the agent scan from nothing.
func (e *explained) walk(rt *rapid.T) {
	e.got = map[uuid.UUID]clientsync.Action{}
	var p clientsync.SyncParameters
	for more := true; more; {
		info := e.agent.sync(e.t, p)
		more = info.Truncated
		for _, u := range info.NewUpdates {
			identity := identityOf(rt, u.XML)
			e.got[identity] = u.Deployment.Action
			if !u.IsLeaf && e.installed[identity] {
				p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, u.ID)
			} else {
				p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, u.ID)
			}
			more = true
		}
	}
}

func (e *explained) explain(rt *rapid.T, update uuid.UUID) wsus.Explanation {
	x, err := e.server.Explain(e.t.Context(), "pc1", update)
	require.NoError(rt, err)
	for _, r := range x.Reasons {
		require.NotEmpty(rt, r.Text)
	}
	text, err := json.Marshal(x)
	require.NoError(rt, err)
	require.True(rt, json.Valid(text))
	return x
}

func (e *explained) requireAgreement(rt *rapid.T) {
	for update := range e.docs {
		x := e.explain(rt, update)
		action, sent := e.got[update]
		require.Equal(rt, sent, x.Stage >= wsus.Sent, "%+v", x)
		offered := action == clientsync.Install || action == clientsync.OptionalInstall
		require.Equal(rt, offered, x.Stage >= wsus.Offered, "%+v", x)
		if sent {
			require.Equal(rt, string(action), x.Action)
		}
		incomplete := slices.ContainsFunc(x.Reasons, func(r wsus.Reason) bool { return r.Kind == wsus.BundleIncomplete })
		require.True(rt, !sent || incomplete != e.hasMembers(update), "%+v", x)
		require.Equal(rt, x.Stage < wsus.Installable, slices.ContainsFunc(x.Reasons, func(r wsus.Reason) bool { return r.Stops > 0 }))
	}
}

// hasMembers says that the agent has got one member of each clause of a bundle, and of the bundles in it.
func (e *explained) hasMembers(update uuid.UUID) bool {
	for _, clause := range e.docs[update].bundled {
		if !slices.ContainsFunc(clause, func(m uuid.UUID) bool { return e.got[m] != "" && e.hasMembers(m) }) {
			return false
		}
	}
	return true
}

// remove does what the text of a reason says.
func (e *explained) remove(rt *rapid.T, x wsus.Explanation, r wsus.Reason) {
	ctx := e.t.Context()
	imports := func(d document) {
		report, err := e.server.Import(ctx, folder(d))
		require.NoError(rt, err)
		require.Equal(rt, 1, report.Added, "%+v", report)
	}
	switch r.Kind {
	case wsus.NotSynchronized:
		imports(e.docs[x.UpdateID])
	case wsus.UpdateExpired:
		d := e.docs[x.UpdateID]
		d.expired, d.revision = false, int(x.Revision)+1
		e.docs[x.UpdateID] = d
		imports(d)
	case wsus.UpdateDeclined:
		action, group := wsus.Install, wsus.AllComputers
		if e.docs[x.UpdateID].expired || e.docs[x.UpdateID].attributes != "" {
			action = wsus.NotApproved // nothing else is allowed, and it brings the update back too
		}
		require.NoError(rt, e.server.Approve(ctx, x.UpdateID, action, group))
	case wsus.NoApproval:
		for _, group := range x.Groups {
			require.NoError(rt, e.server.Approve(ctx, x.UpdateID, wsus.Install, group))
		}
	case wsus.LicenseNotAccepted:
		require.NoError(rt, e.server.AcceptLicenseAgreement(ctx, x.UpdateID, "anna"))
	case wsus.ContentMissing:
		files := fstest.MapFS{}
		for _, name := range r.Files {
			files["content/"+name] = &fstest.MapFile{Data: e.payloads[name]}
			for _, d := range e.docs {
				if strings.Contains(d.file, name) { // the update itself, or a member of the bundle
					files[d.id.String()+".xml"] = &fstest.MapFile{Data: []byte(d.String())}
				}
			}
		}
		_, err := e.server.Import(ctx, files)
		require.NoError(rt, err)
	case wsus.PrerequisiteUnsatisfied, wsus.BundleIncomplete:
		a := r.Alternatives[0]
		if a.Stage == wsus.Sent && a.Kind == "" {
			e.installed[a.UpdateID] = true
			return
		}
		if a.Kind == wsus.BundleIncomplete {
			other := e.explain(rt, a.UpdateID)
			i := slices.IndexFunc(other.Reasons, func(r wsus.Reason) bool { return r.Kind == wsus.BundleIncomplete })
			e.remove(rt, other, other.Reasons[i])
			return
		}
		other := e.explain(rt, a.UpdateID)
		require.Equal(rt, wsus.NotSent, other.Stage)
		require.Equal(rt, a.Kind, other.Reasons[0].Kind, "%+v", other)
		e.remove(rt, other, other.Reasons[0])
	default:
		rt.Fatalf("nothing removes %+v", x)
	}
}
