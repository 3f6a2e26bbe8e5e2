package clientagent_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// longestDelay is the most that a random delay adds to a deadline.
const longestDelay = 2 * time.Hour

// checkReasons holds the due deployments of a machine, after a step that began at a time, against what it has to tell the site: what a scan
// found required is on its way, or there is a reason, and the reason holds.
func (a *simAgent) checkReasons(began time.Time) {
	policy := a.policy()
	if a.meteredUse() != clientagent.MeteredAllow || !policy.Settings.Enabled || a.store.full {
		return
	}
	for _, d := range a.live() {
		if !d.Required() || a.local(d.StartTime, d.LocalTime).After(began) || a.latest(policy, d).After(began) {
			continue
		}
		var record struct {
			Evaluated, Settled bool
			Failed             []uuid.UUID
		}
		if !a.read("deployment/"+d.ID.String(), &record) {
			a.breach("reason", "nothing is known of %s, which is due", d.Name)
		}
		switch missing := without(a.missing(d), record.Failed); {
		case !record.Evaluated:
			requireTold(a, d, compliance.AssignmentEvaluation, compliance.EvaluationActivated, compliance.EvaluationFailed)
		case len(missing) > 0 && !record.Settled:
			a.checkReason(d, missing, began)
		case len(missing) > 0:
			a.checkSettled(d)
		}
	}
}

// latest is when a required deployment begins at the latest.
func (a *simAgent) latest(policy clientagent.Policy, d clientagent.Deployment) time.Time {
	due := a.local(d.EnforcementDeadline, d.LocalTime).Add(longestDelay)
	if d.SoftDeadlineEnabled {
		due = due.Add(policy.Settings.ComputerAgent.GracePeriod)
	}
	return due
}

// missing are the updates of a deployment that are required by the agent's own verdict, and wait for no restart.
func (a *simAgent) missing(d clientagent.Deployment) (missing []uuid.UUID) {
	for _, id := range d.Updates {
		var update clientagent.UpdateStatus
		if a.read("update/"+id.String(), &update) && update.State == compliance.Required && !a.awaits(a.world.byID(id)) {
			missing = append(missing, id)
		}
	}
	return missing
}

// checkReason holds the state of a deployment that begun against why its missing updates are not installed.
func (a *simAgent) checkReason(d clientagent.Deployment, missing []uuid.UUID, began time.Time) {
	state := requireTold(a, d, compliance.AssignmentEnforcement, compliance.EnforcementWaitingForRestart, compliance.EnforcementInstallFailed,
		compliance.EnforcementDownloadFailed, compliance.EnforcementWaitingForWindow)
	if state != compliance.EnforcementWaitingForWindow {
		return
	}
	if d.OverrideServiceWindows {
		a.breach("reason", "%s waits for a window, which it overrides", d.Name)
	}
	// The time of the step may have gone by with other installations: what fits is what would still have fitted behind them.
	windows := a.windows(false)
	left := a.remaining(windows, began) - a.clock().Sub(began)
	tooLong := func(u *simUpdate) bool { return left < u.limit() }
	all := make([]*simUpdate, len(missing))
	for i, id := range missing {
		all[i] = a.world.byID(id)
	}
	if !slices.ContainsFunc(all, tooLong) {
		a.breach("reason", "%s waits for a window, and %v is left of %v for all that it misses: %s", d.Name, left, windows, a.situation())
	}
	// An update of the servicing stack has all others wait for its window with it, if one will come.
	behind := slices.ContainsFunc(all, func(u *simUpdate) bool { return u.servicing && tooLong(u) && a.fits(windows, u.limit()) })
	for _, u := range all {
		if !tooLong(u) && !behind && !a.waitsForRestart(u) {
			a.breach("reason", "%s of %s waits for a window since %v is left of %v: %s", u.name, d.Name, left, windows, a.situation())
		}
	}
}

// waitsForRestart tells whether an update wants exclusive handling and another one waits for a restart: the deployment is told to wait for a
// window as long as any other of its updates does.
func (a *simAgent) waitsForRestart(u *simUpdate) bool {
	return len(a.machine.waiting) > 0 && slices.ContainsFunc(u.leaves(), func(leaf *simUpdate) bool { return leaf.exclusive })
}

// checkSettled looks after a deployment that has come to an end with something missing: it waits for the next re-evaluation, and there is one.
func (a *simAgent) checkSettled(d clientagent.Deployment) {
	var cycles struct{ Reevaluation time.Time }
	settings := a.policy().Settings
	if !a.read("cycles", &cycles) || cycles.Reevaluation.IsZero() ||
		cycles.Reevaluation.After(a.clock().Add(settings.ReevaluationInterval+longestDelay)) {
		a.breach("reason", "%s waits for a re-evaluation at %v: %s", d.Name, cycles.Reevaluation, a.situation())
	}
}

// requireTold returns the state of a topic of a deployment, which must be one of those.
func requireTold[S ~int](a *simAgent, d clientagent.Deployment, topic compliance.TopicType, states ...S) S {
	var message struct{ State S }
	key := fmt.Sprintf("message/%d/%s", topic, d.ID)
	if !a.read(key, &message) || !slices.Contains(states, message.State) {
		a.breach("reason", "%s is told to be %s at %d, which is no reason for what is missing: %s", d.Name, a.store.values[key], topic, a.situation())
	}
	return message.State
}

// read reads a record of the agent; false without.
func (a *simAgent) read(key string, into any) bool {
	text, found := a.store.values[key]
	if !found {
		return false
	}
	if err := json.Unmarshal(text, into); err != nil {
		a.breach("records", "%s cannot be read: %v", key, err)
	}
	return true
}

func without(ids, set []uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool { return slices.Contains(set, id) })
}
