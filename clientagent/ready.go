package clientagent

import (
	"context"
	"time"
)

// ready begins a turn for what a user asks for: with a policy, and the components switched on. An installation that a crash has cut short is
// judged first, as in a step: it must not be taken for one that has never begun.
func (a *Agent) ready(ctx context.Context) (*turn, error) {
	t, err := a.turn(ctx, a.now())
	if err != nil {
		return nil, err
	}
	if t.policy.ETag != "" && !t.cycles.Policy.After(t.now) {
		// The policy may have changed since, the server too. When the site cannot be reached, the policy that is here holds.
		if err := a.fetchPolicy(ctx, t); err != nil {
			a.log.WarnContext(ctx, "policy could not be refreshed, going on with the one that is here", "error", err)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	if t.policy.ETag == "" {
		t.me.Due, t.cycles.Policy = time.Time{}, time.Time{}
		if err := a.fetchPolicy(ctx, t); err != nil {
			return nil, err
		}
	}
	switch {
	case t.policy.ETag == "":
		return nil, ErrNotReady
	case !t.policy.Settings.Enabled:
		return nil, ErrDisabled
	}
	if _, err := a.verifyRestart(ctx, t); err != nil {
		return nil, err
	}
	return t, nil
}

// nudge makes Run look at the due times again.
func (a *Agent) nudge() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}
