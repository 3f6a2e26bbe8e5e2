package wsustest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// TestAgentsConverge lets administrators and publishers do what they do, and agents scan in between: for everything with their devices, or for
// one category; they look for printers, restart and lose their cookies. After each scan an agent holds what the model says, with the actions and
// deadlines that it says, has needed no more than 200 trips, and has nothing to say against the server: that nothing was sent twice is one of its
// checks. rapid prints how to repeat a failure.
func TestAgentsConverge(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		f := newFleet(rt)
		for step := range rapid.IntRange(1, 6).Draw(rt, "steps") {
			for _, c := range f.pcs {
				if rapid.IntRange(0, 2).Draw(rt, "kind of scan") == 0 {
					f.scanCategory(c)
				} else {
					f.scan(c, seen)
				}
			}
			f.change(step)
		}
		for _, c := range f.pcs {
			f.scan(c, seen)
			if c.chaos.Drop == 0 { // an answer that was lost is sent again
				again, err := c.agent.Scan(context.Background())
				require.NoError(rt, err)
				require.Empty(rt, again.New)
				require.Empty(rt, again.Changed)
				require.Empty(rt, again.Gone)
			}
		}
	})
	for _, what := range []string{"Install", "OptionalInstall", "Uninstall", "PreDeploymentCheck", "Evaluate", "Bundle", "deadline", "driver", "printer"} {
		require.NotZero(t, seen[what], "no run had one: %s", what)
	}
}

// change does one thing that administrators, publishers or computers do.
func (f *fleet) change(step int) {
	n := rapid.IntRange(1, f.next-1).Draw(f.rt, "of")
	s := f.model.updates[n]
	prerequisite, member := f.model.isPrerequisite(n), f.model.isMember(n)
	deployable := s.kind == "Software" || s.kind == "Driver"
	switch rapid.SampledFrom([]string{"approve", "approve", "approve", "decline", "publish", "revise", "restart", "lose cookie"}).Draw(f.rt, fmt.Sprint("step ", step)) {
	case "approve":
		f.approve()
	case "decline":
		if !prerequisite && !member && deployable {
			require.NoError(f.rt, f.server.Decline(context.Background(), idOf(n)))
			f.model.declined[n] = true
			delete(f.model.approvals, n)
		}
	case "publish":
		f.publish(rapid.IntRange(1, 6).Draw(f.rt, "more"))
	case "revise":
		if member || f.model.approvals[n] != nil || f.model.declined[n] {
			return // bundles name a revision; what becomes of an approval is another matter
		}
		s.revision++
		f.model.updates[n] = s
		f.load(s)
	case "restart":
		for _, c := range f.pcs {
			text, err := json.Marshal(c.agent.State())
			require.NoError(f.rt, err)
			var state wsustest.State
			require.NoError(f.rt, json.Unmarshal(text, &state))
			c.agent, err = wsustest.NewAgent(address, c.client, c.computer)
			require.NoError(f.rt, err)
			require.NoError(f.rt, c.agent.Restore(state))
		}
	case "lose cookie":
		for _, c := range f.pcs {
			c.agent.Session().State = clientsync.SessionState{RefreshPending: true}
		}
	}
}

// approve decides about an update that can be decided about, if there is one.
func (f *fleet) approve() {
	var open []int
	for n := range f.next {
		if s := f.model.updates[n]; s.deployable && !s.expired && !f.model.isMember(n) {
			open = append(open, n)
		}
	}
	if len(open) == 0 {
		return
	}
	n := rapid.SampledFrom(open).Draw(f.rt, "approved")
	actions := []wsus.Action{wsus.Install, wsus.Install, wsus.OptionalInstall, wsus.OptionalInstall, wsus.Scan, wsus.NotApproved}
	if f.model.updates[n].kind == "Software" {
		actions = append(actions, wsus.Uninstall)
	}
	f.decisions++
	d := decision{action: rapid.SampledFrom(actions).Draw(f.rt, "action"), count: f.decisions}
	if day := rapid.IntRange(0, 3).Draw(f.rt, "deadline"); day > 0 && d.action == wsus.Install {
		d.deadline = time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)
	}
	group := rapid.SampledFrom(f.groups).Draw(f.rt, "for")
	_, err := f.server.ApproveUpdate(context.Background(), wsus.ApprovalRequest{UpdateID: idOf(n), Action: d.action, Group: group, Deadline: d.deadline})
	require.NoError(f.rt, err)
	if f.model.approvals[n] == nil {
		f.model.approvals[n] = map[uuid.UUID]decision{}
	}
	f.model.approvals[n][group] = d
	delete(f.model.declined, n)
}

// insist does what may fail where a connection is bad, until it does not.
func (f *fleet) insist(c *pc, do func() (wsustest.Scan, error)) wsustest.Scan {
	for try := 0; ; try++ {
		scan, err := do()
		if err == nil {
			require.LessOrEqual(f.rt, scan.Trips, clientsync.DefaultMaxTrips)
			require.Empty(f.rt, c.agent.Findings())
			return scan
		}
		require.Less(f.rt, try, 50, "the agent does not get through: %v", err)
		require.NotEqual(f.rt, wsustest.ChaosCounts{Requests: c.chaos.Counts().Requests}, c.chaos.Counts(), "without chaos: %v", err)
	}
}

// scan lets an agent scan until it gets through, and compares.
func (f *fleet) scan(c *pc, seen map[string]int) {
	f.insist(c, func() (wsustest.Scan, error) { return c.agent.Scan(context.Background()) })
	var got []string
	for _, r := range c.agent.Cache() {
		got = append(got, line(r.Identity(), r.Deployment.Action, r.Deployment.Deadline))
		require.Equal(f.rt, !f.model.isPrerequisite(numberOf(r.Core().UpdateID)), r.Leaf, "leaf flag of %v", r)
		seen[string(r.Deployment.Action)]++
		if !r.Deployment.Deadline.IsZero() {
			seen["deadline"]++
		}
		if r.Core().Type == metadata.Driver {
			seen["driver"]++
		}
	}
	require.ElementsMatch(f.rt, f.lines(f.model.holding(c.groups, c.installed, c.computer.Devices)), got, "%s in %s", c.computer.ClientID, c.computer.TargetGroup)
	if c.chaos.Drop == 0 {
		f.choosePrinter(c, seen)
	}
}

// line is what a computer is told of an update, for people to compare.
func line(id clientsync.UpdateIdentity, action clientsync.Action, deadline time.Time) string {
	text := fmt.Sprintf("%d;%d %s", numberOf(id.UpdateID), id.RevisionNumber, action)
	if !deadline.IsZero() {
		text += deadline.UTC().Format(" until 2006-01-02")
	}
	return text
}

func (f *fleet) lines(held map[int]told) []string {
	var all []string
	for n, t := range held {
		all = append(all, line(f.model.updates[n].identity(), t.action, t.deadline))
	}
	return all
}

// scanCategory lets an agent scan for one category. Nothing of another one comes; everything of this one is there in the end; and what has been
// taken from the computer is gone, whatever its category.
func (f *fleet) scanCategory(c *pc) {
	if f.next < 5 {
		return
	}
	category := 4 + 6*rapid.IntRange(0, (f.next-5)/6).Draw(f.rt, "scan for")
	deployed := f.model.deployed(c.groups)
	related := f.model.related(category, deployed)
	scan := f.insist(c, func() (wsustest.Scan, error) { return c.agent.ScanCategories(context.Background(), idOf(category)) })
	there := map[int]int32{}
	for _, r := range c.agent.Cache() {
		n := numberOf(r.Core().UpdateID)
		there[n] = r.Core().Revision
		if slices.Contains(scan.New, r.ID) {
			require.True(f.rt, related[n], "%v is not of category %d", r, category)
		}
		if f.model.updates[n].kind != "Driver" { // which are another pass
			require.Contains(f.rt, deployed, n)
			require.EqualValues(f.rt, f.model.updates[n].revision, r.Core().Revision)
		}
	}
	for n := range f.model.holding(c.groups, c.installed, nil) {
		if related[n] {
			require.Contains(f.rt, there, n, "of category %d", category)
		}
	}
}

// choosePrinter asks for all drivers of printers, as a user who adds one.
func (f *fleet) choosePrinter(c *pc, seen map[string]int) {
	held := f.model.holding(c.groups, c.installed, nil)
	var p clientsync.PrinterParameters
	for _, r := range c.agent.Cache() {
		if !r.Leaf && c.installed(numberOf(r.Core().UpdateID)) {
			p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, r.ID)
		}
	}
	var got []string
	for more := true; more; {
		info, err := c.agent.Session().SyncPrinterCatalog(context.Background(), p)
		require.NoError(f.rt, err)
		require.Empty(f.rt, info.OutOfScopeRevisionIDs)
		more = info.Truncated
		for _, u := range info.NewUpdates {
			core, err := metadata.ParseCore(u.XML)
			require.NoError(f.rt, err)
			identity := clientsync.UpdateIdentity{UpdateID: core.UpdateID, RevisionNumber: core.Revision}
			got = append(got, line(identity, u.Deployment.Action, u.Deployment.Deadline))
			p.CachedUpdateIDs = append(p.CachedUpdateIDs, u.ID)
			seen["printer"]++
		}
	}
	require.ElementsMatch(f.rt, f.lines(f.model.printers(c.groups, held, c.installed)), got)
}
