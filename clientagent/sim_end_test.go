package clientagent_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// quiet is how long the world stays calm: every cycle comes round twice.
func (w *simWorld) quiet() time.Duration {
	reevaluation, states := w.settings.ReevaluationInterval, w.settings.StateMessageInterval
	for _, c := range w.customs {
		reevaluation, states = max(reevaluation, c.Settings.ReevaluationInterval), max(states, c.Settings.StateMessageInterval)
	}
	return 2*max(reevaluation, w.settings.ScanInterval) + w.settings.PolicyPollingInterval + 24*time.Hour + states
}

// truth is the state of an update on a machine, worked out from what the machine has and wants, without any rule.
func (m *simMachine) truth(u *simUpdate) compliance.State {
	switch {
	case u.declined:
		return compliance.NotRequired
	case u.platform != "" && !m.keys[registryKey(u.platform)]:
		return compliance.NotRequired
	case m.all(u, m.has):
		return compliance.Installed
	case !m.all(u, m.wants):
		return compliance.NotRequired
	}
	for by := u.superseded; by != nil && !by.later; by = by.superseded {
		if !by.declined && m.all(by, m.wants) {
			return compliance.NotRequired
		}
	}
	return compliance.Required
}

func (m *simMachine) all(u *simUpdate, is func(*simUpdate) bool) bool {
	for _, leaf := range u.leaves() {
		if !is(leaf) {
			return false
		}
	}
	return true
}

// checkEnd holds what the site believes against the truth, and the truth against what was ordered.
func (w *simWorld) checkEnd() {
	table, err := w.site.Compliance(context.Background())
	if err != nil {
		w.breach("belief", "site cannot tell its compliance: %v", err)
		return
	}
	w.trace.count("%v", table)
	if len(table.Computers) != len(w.agents) {
		w.breach("belief", "site has %d clients, %d machines are there", len(table.Computers), len(w.agents))
		return
	}
	for i, row := range table.Computers {
		a := w.agents[i]
		for j, state := range row.States {
			u := w.titled(table.Updates[j].Title)
			if truth := a.believable(u); truth != state {
				a.breach("belief", "site believes that %s is %v, the truth is %v: %s", u.name, state, truth, a.machine.describe(u))
			}
		}
		a.checkUnsent()
		a.checkSettings()
	}
	for _, order := range w.orders {
		if order.Disabled || !order.ExpirationTime.IsZero() && order.ExpirationTime.Before(w.now.Add(24*time.Hour)) {
			continue // nobody has it
		}
		w.checkOrder(order.Deployment)
	}
}

// believable is the truth as far as an agent can tell: what may wait for a restart stays required until then.
func (a *simAgent) believable(u *simUpdate) compliance.State {
	if a.awaits(u) {
		return compliance.Required
	}
	return a.machine.truth(u)
}

func (a *simAgent) checkUnsent() {
	status, err := a.agent.Status(context.Background())
	if err != nil || status.Unsent > 1000 {
		a.breach("belief", "status is %+v: %v", status, err)
	}
}

// checkOrder holds a deployment against every machine that it is for.
func (w *simWorld) checkOrder(d updatepoint.Deployment) {
	status, err := w.site.DeploymentStatus(context.Background(), d.ID)
	if err != nil {
		w.breach("belief", "site cannot tell the status of %s: %v", d.Name, err)
		return
	}
	w.trace.count("%v", status)
	for _, client := range status.Clients {
		for _, a := range w.agents {
			if a.machine.name == client.Name {
				a.checkClient(d, client)
			}
		}
	}
}

func (a *simAgent) checkClient(d updatepoint.Deployment, client updatepoint.ClientDeploymentStatus) {
	want := compliance.Compliant
	for _, id := range d.Updates {
		u := a.world.byID(id)
		if a.believable(u) != compliance.Required {
			continue
		}
		want = compliance.NonCompliant
		if d.Required() && !d.Deadline.After(a.world.now.Add(-a.world.quiet())) && !a.excused(d, u, client) {
			a.breach("required", "%s of %s is still missing, and no reason is told: %+v; %s; %s", u.name, d.Name, client, a.machine.describe(u), a.situation())
		}
	}
	if client.Compliance != want {
		a.breach("belief", "site believes that %s is %v, the truth is %v", d.Name, client.Compliance, want)
	}
	if done := client.Enforcement == compliance.EnforcementInstalled || client.Enforcement == compliance.EnforcementUnknown; want == compliance.Compliant && !done {
		a.breach("belief", "nothing of %s is missing, and site believes: %+v", d.Name, client)
	}
}

// excused tells whether there is a reason for an update to be missing, and the site knows it: a restart that nobody makes, be it its own or that of
// others before an update that wants exclusive handling; windows that are all too short; or an installer that never succeeds.
func (a *simAgent) excused(d updatepoint.Deployment, u *simUpdate, client updatepoint.ClientDeploymentStatus) bool {
	// A deployment has one state. Where another of its updates waits for a restart, that is it, and the update tells its own reason.
	toldToo := slices.ContainsFunc(client.Updates, func(e updatepoint.UpdateEnforcement) bool {
		return e.ID == u.id && e.State == compliance.CIWaitingForWindow && e.ErrorCode == clientagent.StatusNoWindow
	})
	tooLong := !d.OverrideServiceWindows && !a.fits(a.windows(false), u.limit()) &&
		(client.Enforcement == compliance.EnforcementWaitingForWindow || client.Enforcement == compliance.EnforcementWaitingForRestart && toldToo)
	failed := a.machine.fails(u) && (client.Status == updatepoint.StatusError || client.Status == updatepoint.InProgress)
	alone := slices.ContainsFunc(u.leaves(), func(leaf *simUpdate) bool { return leaf.exclusive && !a.machine.has(leaf) })
	held := alone && len(a.machine.waiting) > 0 && client.Enforcement == compliance.EnforcementWaitingForRestart
	return (a.awaits(u) || held) && !a.restarts() || tooLong || failed
}

// restarts tells whether a deployment asks for the restart that the machine waits for, and has asked for long enough that it should be over.
func (a *simAgent) restarts() bool {
	if a.machine.waitingSince.After(a.clock().Add(-a.world.quiet() / 2)) {
		return false
	}
	for _, d := range a.live() {
		if !d.Required() || d.SuppressReboot&clientagent.SuppressWorkstations != 0 || a.dueAt(d).After(a.clock().Add(-a.world.quiet()/2)) ||
			!d.RebootOutsideOfServiceWindows && !a.fits(a.windows(true), 1) {
			continue
		}
		if slices.ContainsFunc(d.Updates, func(id uuid.UUID) bool { return a.awaits(a.world.byID(id)) }) {
			return true
		}
	}
	return false
}

// fails tells whether an installer of the update never succeeds: the site learns that, and then that it waits for its next turn.
func (m *simMachine) fails(u *simUpdate) bool {
	for _, leaf := range u.leaves() {
		if m.broken[leaf]+m.idle[leaf] < 0 {
			return true
		}
	}
	return false
}

// describe is what a machine has and wants of an update.
func (m *simMachine) describe(u *simUpdate) string {
	text := u.name + ":"
	if u.platform != "" {
		text += fmt.Sprintf(" platform %s %t", u.platform, m.keys[registryKey(u.platform)])
	}
	for _, leaf := range u.leaves() {
		text += fmt.Sprintf(" %s has %t wants %t awaits %t broken %d idle %d restart %t", leaf.name, m.has(leaf), m.wants(leaf), m.awaits(leaf),
			m.broken[leaf], m.idle[leaf], leaf.restart)
	}
	if u.superseded != nil {
		text += "; superseded by " + m.describe(u.superseded)
	}
	return text
}
