package clientagent

import (
	"context"
	"errors"
	"time"
)

// turn is one step: the time it happens at and what it works with.
type turn struct {
	now    time.Time
	me     identity
	policy Policy // with the deployments that have not expired
	cycles cycles
	rhythm rhythm
	silent silentHosts
	// began is the agent's own clock at the start: Step may be told another time.
	began time.Time
	// expired are the other deployments of the policy.
	expired []Deployment
	// sliceEnd is when downloads are interrupted, once one has begun.
	sliceEnd time.Time
	// refused are the files that could not be fetched in this turn, by SHA-1; they are not tried twice.
	refused map[[20]byte]error
	// found counts the updates that turned out to be required in this turn.
	found int
	// user says that the work is what a user asked for.
	user bool
	// limited and blocked say that a metered connection may be used for little, or for nothing.
	limited, blocked bool
}

func (a *Agent) turn(ctx context.Context, now time.Time) (*turn, error) {
	t := &turn{now: now, silent: silentHosts{}, began: a.now(), refused: map[[20]byte]error{}}
	var err error
	if t.me, err = a.whoami(ctx); err != nil {
		return nil, err
	}
	policy, err := a.readPolicy(ctx)
	if err != nil {
		return nil, err
	}
	a.follow(t, policy)
	if t.cycles, _, err = load[cycles](ctx, a.store, keyCycles); err != nil {
		return nil, err
	}
	t.rhythm = a.config.Pace.rhythm(t.policy.Settings)
	t.me.Due = t.notLater(t.me.Due, t.rhythm.contact)
	t.cycles.Policy = t.notLater(t.cycles.Policy, max(t.rhythm.policy, t.rhythm.contact))
	t.cycles.Scan = t.notLater(t.cycles.Scan, t.rhythm.scan.farthest(now, a.config.Zone)+t.rhythm.firstWindow)
	t.cycles.Reevaluation = t.notLater(t.cycles.Reevaluation, t.rhythm.reevaluation.farthest(now, a.config.Zone)+t.rhythm.firstWindow)
	return t, nil
}

// notLater returns a due time, or now when it lies farther ahead than the agent ever plans: a clock that was wrong once must not put
// the agent to sleep until the date that it showed.
func (t *turn) notLater(due time.Time, most time.Duration) time.Time {
	if due.After(t.now.Add(most)) {
		return t.now
	}
	return due
}

// clock is the time by now: that of the step and what has passed since it began, as installations take theirs.
func (a *Agent) clock(t *turn) time.Time {
	return t.now.Add(max(0, a.now().Sub(t.began)))
}

// Step does all that is due at now and tells when the agent wants to be stepped again. All waiting is data in the Store: nothing is
// lost between steps, and an agent of the same Store goes on where another was stopped. Steps, Scan and Install exclude each other.
// err joins whatever failed, each already scheduled to be tried again; next is good even then. A step blocks while it
// installs; it interrupts a download that takes long, and the next one, due at once, goes on with it.
func (a *Agent) Step(ctx context.Context, now time.Time) (next time.Time, err error) {
	if err := a.acquire(ctx); err != nil {
		return now, err
	}
	defer a.release()
	t, err := a.turn(ctx, now)
	if err != nil {
		return now.Add(contactRetry), err
	}
	var faults []error
	a.readMeter(ctx, t)
	for _, part := range []stepPart{
		unblocked(a.register), unblocked(a.pollMetered), a.verifyRestart, unlimited(a.scanCycle), unlimited(a.reevaluate),
		a.deployUnlessQuiet, a.coordinateRestart, unblocked(a.reportStates), a.cleanCache,
	} {
		due, err := part(ctx, t)
		if ctx.Err() != nil {
			return now, errors.Join(append(faults, err)...)
		}
		faults = append(faults, err)
		next = earliest(next, due)
	}
	return next, errors.Join(faults...)
}

// Run steps the agent whenever it wants to be stepped, until ctx ends; it returns ctx.Err(). Failures are logged and tried again.
func (a *Agent) Run(ctx context.Context) error {
	for {
		next, err := a.Step(ctx, a.now())
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "step failed in part", "error", err, "next", next)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(next.Sub(a.now())):
		case <-a.wake:
		}
	}
}

// earliest is the earlier of two due times; a zero one means none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// acquire makes the caller the only one to work; it gives up when ctx ends.
func (a *Agent) acquire(ctx context.Context) error {
	select {
	case a.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Agent) release() { <-a.busy }
