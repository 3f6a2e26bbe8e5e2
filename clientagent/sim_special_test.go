package clientagent_test

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

const simStackTitle = " Servicing Stack Update"

// drawSpecial makes some updates such that install alone, and some updates of the servicing stack.
func (w *simWorld) drawSpecial() {
	for _, u := range w.catalog {
		switch w.extra.IntN(6) {
		case 0:
			pickSimUpdate(w.extra, u.leaves()).exclusive = true
		case 1:
			u.servicing = true
		}
	}
}

func (u *simUpdate) title() string {
	if u.servicing {
		return "Update " + u.name + simStackTitle
	}
	return "Update " + u.name
}

// titled is the update of a title.
func (w *simWorld) titled(title string) *simUpdate {
	return w.update(strings.TrimSuffix(strings.TrimPrefix(title, "Update "), simStackTitle))
}

// whole is the update, or the bundle that it is a part of.
func (u *simUpdate) whole() *simUpdate {
	if u.bundle != nil {
		return u.bundle
	}
	return u
}

// checkAlone holds the installation of an update against the others that are on their way: one that wants exclusive handling is alone, and comes
// after a pending restart.
func (a *simAgent) checkAlone(u *simUpdate) {
	if !a.world.has("special") {
		return
	}
	if u.exclusive {
		a.world.happened("install: exclusive")
		for _, other := range a.machine.waiting {
			if other.whole() != u.whole() {
				a.breach("alone", "%s installs, which wants exclusive handling, and %s waits for a restart: %s", u.name, other.name, a.situation())
			}
		}
	}
	for _, other := range a.world.catalog {
		if other == u.whole() || !a.isAtWork(other.id) {
			continue
		}
		if u.exclusive || slices.ContainsFunc(other.leaves(), func(leaf *simUpdate) bool { return leaf.exclusive && !a.machine.has(leaf) }) {
			a.breach("alone", "%s installs together with %s: %s", u.name, other.name, a.situation())
		}
	}
}

// isAtWork tells whether the agent has an installation of an update under way, by its own records.
func (a *simAgent) isAtWork(id uuid.UUID) bool {
	var job struct{ State clientagent.JobState }
	a.read("job/"+id.String(), &job)
	return job.State == clientagent.JobInstalling || job.State == clientagent.JobVerifying
}

// checkStack holds the installation of an update that a deployment asks for against those of the servicing stack in the same one: they come first,
// unless they have failed or no window is long enough for them.
func (a *simAgent) checkStack(u *simUpdate, d clientagent.Deployment) (behind string) {
	if u.whole().servicing {
		a.world.happened("install: servicing stack")
		return ""
	}
	var record struct{ Failed []uuid.UUID }
	a.read("deployment/"+d.ID.String(), &record)
	for _, id := range without(a.missing(d), record.Failed) {
		s := a.world.byID(id)
		var job struct{ State clientagent.JobState }
		a.read("job/"+id.String(), &job)
		waits := job.State == clientagent.JobWaitingRetry || job.State == clientagent.JobError
		if s == u.whole() || !s.servicing || waits || a.machine.all(s, a.machine.has) {
			continue
		}
		if d.OverrideServiceWindows || a.fits(a.windows(false), s.limit()) {
			return s.name
		}
	}
	return ""
}

// required tells whether the agent takes an update for required.
func (a *simAgent) required(u *simUpdate) bool {
	var update clientagent.UpdateStatus
	return a.read("update/"+u.id.String(), &update) && update.State == compliance.Required
}
