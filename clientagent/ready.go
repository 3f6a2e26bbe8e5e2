package clientagent

import (
	"context"
	"time"
)

// ask begins the turn of what a user asks for, once whoever works has ended. done lets the next one work, and Run look at the due times again.
func (a *Agent) ask(ctx context.Context) (t *turn, done func(), err error) {
	if err := a.acquire(ctx); err != nil {
		return nil, nil, err
	}
	done = func() {
		a.nudge()
		a.release()
	}
	if t, err = a.turn(ctx, a.now()); err != nil {
		done()
		return nil, nil, err
	}
	return t, done, nil
}

// askReady is ask for what needs a policy, and the components switched on.
func (a *Agent) askReady(ctx context.Context) (t *turn, done func(), err error) {
	if t, done, err = a.ask(ctx); err != nil {
		return nil, nil, err
	}
	if err := a.ready(ctx, t); err != nil {
		done()
		return nil, nil, err
	}
	return t, done, nil
}

// ready fetches the policy when that is due. An installation that a crash has cut short is judged first, as in a step: it must not be taken for
// one that has never begun.
func (a *Agent) ready(ctx context.Context, t *turn) error {
	if t.policy.ETag != "" && !t.cycles.Policy.After(t.now) {
		// The policy may have changed since, the server too. When the site cannot be reached, the policy that is here holds.
		if err := a.fetchPolicy(ctx, t); err != nil {
			a.log.WarnContext(ctx, "policy could not be refreshed, going on with the one that is here", "error", err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if t.policy.ETag == "" {
		t.me.Due, t.cycles.Policy = time.Time{}, time.Time{}
		if err := a.fetchPolicy(ctx, t); err != nil {
			return err
		}
	}
	switch {
	case t.policy.ETag == "":
		return ErrNotReady
	case !t.policy.Settings.Enabled:
		return ErrDisabled
	}
	_, err := a.verifyRestart(ctx, t)
	return err
}

// nudge makes Run look at the due times again.
func (a *Agent) nudge() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}
