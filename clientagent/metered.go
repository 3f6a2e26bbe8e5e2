package clientagent

import (
	"context"
	"time"
)

// MeterWatcher is an optional ability of a Machine. Without it no connection is metered.
type MeterWatcher interface {
	// Metered says whether the internet connection in use is metered.
	Metered(ctx context.Context) (bool, error)
}

// stepPart is one part of a step.
type stepPart func(context.Context, *turn) (time.Time, error)

// readMeter restricts the step to what the settings allow on the connection in use. What a user asks for makes a turn of its own,
// which is never restricted, or was left to the non-business hours; nor is an agent that has no policy yet, for it knows no settings, nor a
// machine that cannot tell.
func (a *Agent) readMeter(ctx context.Context, t *turn) {
	t.limited, t.blocked = false, false
	watcher, able := a.machine.(MeterWatcher)
	if !able || t.policy.ETag == "" {
		return
	}
	use := t.policy.Settings.Effective().MeteredUse
	if use == MeteredAllow {
		return
	}
	metered, err := watcher.Metered(ctx)
	if err != nil {
		a.log.WarnContext(ctx, "machine cannot tell whether its connection is metered", "error", err)
	}
	t.limited, t.blocked = metered, metered && use == MeteredBlock
}

// pollMetered is pollPolicy, and restricts the rest of the step to what the policy that came allows.
func (a *Agent) pollMetered(ctx context.Context, t *turn) (time.Time, error) {
	was := t.policy.ETag
	due, err := a.pollPolicy(ctx, t)
	if t.policy.ETag != was {
		a.readMeter(ctx, t)
	}
	return due, err
}

// unblocked leaves a part out while the connection is not to be used at all, and looks again after a while: nobody tells when it
// changes.
func unblocked(p stepPart) stepPart {
	return func(ctx context.Context, t *turn) (time.Time, error) {
		if t.blocked {
			return t.now.Add(t.rhythm.retry), nil
		}
		return p(ctx, t)
	}
}

// unlimited leaves a part out on every connection with restrictions.
func unlimited(p stepPart) stepPart {
	return func(ctx context.Context, t *turn) (time.Time, error) {
		if t.limited {
			return t.now.Add(t.rhythm.retry), nil
		}
		return p(ctx, t)
	}
}

// mayFetch says whether the network may be used for a deployment: with restrictions only for one whose deadline has come.
func (t *turn) mayFetch(d Deployment, deadline time.Time) bool {
	return !t.limited || !t.blocked && d.Required() && !deadline.After(t.now)
}
