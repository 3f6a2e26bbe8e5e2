package clientagent

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// hold says why an update may not start to install now.
type hold struct {
	// until is when a window opens that is long enough; zero with never and restart.
	until time.Time
	// never: no current or future window is long enough.
	never bool
	// restart: the update installs alone, and another one waits for a restart.
	restart bool
}

// holding is what a moment is for those who want to install.
type holding struct {
	windows ServiceWindows // those that count for updates; none when the deployment overrides them
	zone    *time.Location
	pending bool // an installation waits for a restart
}

// of decides about one update; nil lets it start.
func (h holding) of(c candidate, now time.Time) *hold {
	if c.exclusive && h.pending && !c.placed {
		return &hold{restart: true}
	}
	at, ever := h.windows.NextFit(c.runTime, now, h.zone)
	switch {
	case !ever:
		return &hold{never: true}
	case at.After(now):
		return &hold{until: at}
	}
	return nil
}

// split parts those that may start now from those that are held. While an update of the servicing stack waits for a window that will come, all
// others wait with it: it decides what they are.
func (h holding) split(all []candidate, now time.Time) (free []candidate, held map[uuid.UUID]hold) {
	held = make(map[uuid.UUID]hold)
	for _, c := range all {
		if why := h.of(c, now); why != nil {
			held[c.id] = *why
			continue
		}
		free = append(free, c)
	}
	i := slices.IndexFunc(all, func(c candidate) bool { return c.servicing && held[c.id].until.After(now) })
	if i < 0 {
		return free, held
	}
	for _, c := range free {
		held[c.id] = hold{until: held[all[i].id].until}
	}
	return nil, held
}

// waiting is why a deployment whose time has come has to wait, so that it is not looked at again before something has changed.
type waiting struct {
	// Updates that wait.
	Updates []uuid.UUID `json:"updates"`
	// Until is when the first of them may start; zero while no window is long enough, or with Restart.
	Until time.Time `json:"until,omitzero"`
	// Restart says that one waits for a restart to be over.
	Restart bool `json:"restart,omitempty"`
	// Policy is the ETag of the policy whose windows were reckoned with, Since when they were: a clock that was ahead then proves nothing.
	Policy string    `json:"policy"`
	Since  time.Time `json:"since,omitzero"`
}

// waitFor sums up what is held.
func waitFor(t *turn, held map[uuid.UUID]hold) *waiting {
	if len(held) == 0 {
		return nil
	}
	w := &waiting{Policy: t.policy.ETag, Since: t.now}
	for id, why := range held {
		w.Updates = append(w.Updates, id)
		w.Until = earliest(w.Until, why.until)
		w.Restart = w.Restart || why.restart
	}
	slices.SortFunc(w.Updates, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return w
}

// lasts says whether the wait goes on: its time has not come, the windows are the same, and nothing is missing that does not wait.
func (w *waiting) lasts(t *turn, state progress, failed []uuid.UUID) bool {
	if w == nil || w.Policy != t.policy.ETag || w.Since.After(t.now) || w.Restart && len(state.pending) == 0 {
		return false
	}
	if !w.Until.IsZero() && !w.Until.After(t.now) {
		return false
	}
	return !slices.ContainsFunc(state.missing, func(id uuid.UUID) bool {
		return !slices.Contains(w.Updates, id) && !slices.Contains(failed, id)
	})
}
