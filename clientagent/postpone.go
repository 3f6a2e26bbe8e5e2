package clientagent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

const (
	keyBusinessHours = "businesshours"
	keyPostponed     = "postponed"
)

// SetNonBusinessHours keeps the hours that the user calls non-working: windows of UserDefinedWindow, beside those that the policy has. They
// get that type, and an id, where they have none. The grace period after a deadline ends with the first of them, and what was postponed
// installs in them. None at all forgets them.
func (a *Agent) SetNonBusinessHours(ctx context.Context, hours ...ServiceWindow) error {
	own := userDefined(hours)
	faults := multierror.Append(nil, own.Validate())
	for _, window := range own {
		if window.Type != UserDefinedWindow {
			faults = multierror.Append(faults, fmt.Errorf("window %q has type %d: non-business hours have %d", window.ID, window.Type, UserDefinedWindow))
		}
	}
	if err := faults.ErrorOrNil(); err != nil {
		return fmt.Errorf("set non-business hours: %w", err)
	}
	if err := a.acquire(ctx); err != nil {
		return err
	}
	defer a.release()
	defer a.nudge()
	c := a.begin()
	c.set(keyBusinessHours, own)
	return c.commit(ctx)
}

// userDefined are windows with what a user need not say of them.
func userDefined(hours []ServiceWindow) ServiceWindows {
	own := ServiceWindows(hours).Clone()
	for i := range own {
		own[i].ID = cmp.Or(own[i].ID, fmt.Sprintf("hours %d", i+1))
		own[i].Type = cmp.Or(own[i].Type, UserDefinedWindow)
	}
	return own
}

// nonBusinessHours are those of the policy and those of the user.
func (a *Agent) nonBusinessHours(ctx context.Context, p Policy) (ServiceWindows, error) {
	own, _, err := load[ServiceWindows](ctx, a.store, keyBusinessHours)
	return slices.Concat(p.ServiceWindows.NonBusinessHours(), own), err
}

// Postpone leaves updates to the next non-business hours (PostponeUpdatesToNonBusinessHours): they install then, as with Install, unless
// their deadline comes first, or the site takes them back; what the site puts off waits for its available time. ErrNoBusinessHours answers
// when there are none to come, ErrNotAvailable also for an update without a deployment; the other errors are those of Install.
func (a *Agent) Postpone(ctx context.Context, ids ...uuid.UUID) error {
	t, done, err := a.askReady(ctx)
	if err != nil {
		return err
	}
	defer done()
	quiet, err := a.nonBusinessHours(ctx, t.policy)
	if err != nil {
		return err
	}
	if _, ahead := quiet.NextFit(ShortestWindow, t.now, a.config.Zone); !ahead || quiet.Unlimited() {
		return ErrNoBusinessHours
	}
	missing, err := a.chosen(ctx, t, ids)
	if err != nil {
		return err
	}
	var faults *multierror.Error
	for _, id := range missing {
		if !t.policy.deploys(id) {
			faults = multierror.Append(faults, fmt.Errorf("update %s has no deployment: %w", id, ErrNotAvailable))
		}
	}
	if err := faults.ErrorOrNil(); err != nil {
		return err
	}
	postponed, _, err := load[[]uuid.UUID](ctx, a.store, keyPostponed)
	if err != nil {
		return err
	}
	c := a.begin()
	c.set(keyPostponed, append(postponed, without(missing, postponed)...))
	for _, id := range missing {
		if err := c.setJob(ctx, jobRecord{ID: id, State: JobWaitServiceWindow, Since: t.now}); err != nil {
			return err
		}
	}
	return c.commit(ctx)
}

// installPostponed installs what the user has left to the non-business hours, once they are there.
func (a *Agent) installPostponed(ctx context.Context, t *turn, c campaign) (time.Time, error) {
	postponed, _, err := load[[]uuid.UUID](ctx, a.store, keyPostponed)
	if err != nil || len(postponed) == 0 {
		return time.Time{}, err
	}
	missing, err := a.stillMissing(ctx, postponed)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	// What has become available only later since the user chose it waits for that first.
	later, due := a.putOff(t, missing)
	if missing = without(missing, later); len(missing) == 0 && len(later) > 0 {
		return due, nil
	}
	if c.quiet.Unlimited() {
		return time.Time{}, nil // the user has taken the hours back; the deadline decides
	}
	if at, ahead := c.quiet.NextFit(ShortestWindow, t.now, a.config.Zone); len(missing) > 0 && (!ahead || at.After(t.now)) {
		return at, nil // zero when the last hours were slept through: the deadline decides
	}
	if len(missing) > 0 {
		if err := a.scanForUser(ctx, t); err != nil {
			return t.now, err
		}
	}
	// Each is tried once: after a failure the user, or the deadline, decides.
	t.user = true
	fault := a.installChosen(ctx, t, missing)
	t.user = false
	if ctx.Err() != nil || errors.Is(fault, errUnfinished) {
		return t.soon(), ctx.Err()
	}
	changes := a.begin()
	changes.setIDs(keyPostponed, later)
	return due, errors.Join(fault, changes.commit(ctx))
}

// putOff are those of the updates whose deployments are all to come, and when the first of them is there.
func (a *Agent) putOff(t *turn, ids []uuid.UUID) (later []uuid.UUID, first time.Time) {
	for _, id := range ids {
		if at := a.toCome(t, id); !at.IsZero() {
			later, first = append(later, id), earliest(first, at)
		}
	}
	return later, first
}
