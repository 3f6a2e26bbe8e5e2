package clientagent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// campaign is what holds for all deployments of a step.
type campaign struct {
	settings Settings
	// quiet are the non-business hours of the user.
	quiet ServiceWindows
}

// deploy takes every deployment of the policy as far as it can go now.
func (a *Agent) deploy(ctx context.Context, t *turn) (next time.Time, err error) {
	if !t.policy.Settings.Enabled {
		return time.Time{}, nil
	}
	if err := a.expire(ctx, t); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if err := a.forgetCancelled(ctx, t, nil); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if len(t.policy.Deployments) == 0 {
		return time.Time{}, nil
	}
	c, err := a.campaign(ctx, t)
	if err == nil {
		err = a.judgeCut(ctx, t)
	}
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if t.blocked {
		// What a user has left to the night is still what a user asks for.
		due, err := a.installPostponed(ctx, t, c)
		return earliest(due, t.now.Add(t.rhythm.retry)), err
	}
	var faults []error
	note := func(id uuid.UUID, due time.Time, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("deployment %s: %w", id, err))
		}
		next = earliest(next, due)
	}
	var open []*deploymentRecord
	for _, d := range t.policy.Deployments {
		record, due, err := a.activated(ctx, t, d)
		if ctx.Err() != nil {
			return t.now, ctx.Err()
		}
		note(d.ID, earliest(due, d.Expires(a.config.Zone)), err)
		if record.Evaluated && err == nil {
			open = append(open, &record)
		}
	}
	if err := a.pullAlong(ctx, t, c, open); err != nil {
		return t.now.Add(t.rhythm.contact), errors.Join(append(faults, err)...)
	}
	if err := a.stackFirst(ctx, t, c, open); err != nil {
		return t.now.Add(t.rhythm.contact), errors.Join(append(faults, err)...)
	}
	due, err := a.installPostponed(ctx, t, c)
	if ctx.Err() != nil {
		return t.now, ctx.Err()
	}
	next = earliest(next, due)
	faults = append(faults, err)
	if err := a.reread(ctx, open); err != nil {
		return t.now.Add(t.rhythm.contact), errors.Join(append(faults, err)...)
	}
	for left := open; len(left) > 0; {
		// What the scan or the installation of a deployment finds newly required is for those before it, too: they are looked at once more.
		before := 0
		for i, record := range left {
			if err != nil {
				// The next deployment may have the update whose installation has just failed to be written down.
				if err := a.judgeCut(ctx, t); err != nil {
					return t.now.Add(t.rhythm.contact), errors.Join(append(faults, err)...)
				}
			}
			found := t.found
			due, err = a.advance(ctx, t, c, record)
			if ctx.Err() != nil {
				return t.now, ctx.Err()
			}
			note(record.Deployment.ID, due, err)
			if t.found > found {
				before = i
			}
		}
		left = left[:before]
	}
	return next, errors.Join(faults...)
}

func (a *Agent) campaign(ctx context.Context, t *turn) (campaign, error) {
	quiet, err := a.nonBusinessHours(ctx, t.policy)
	return campaign{settings: t.policy.Settings.Effective(), quiet: quiet}, err
}

// beginning is when a deployment starts to install without the user.
func (a *Agent) beginning(c campaign, record deploymentRecord) time.Time {
	if record.Pulled.Add(c.settings.AssignmentBatchingTimeout()).Before(record.Deadline) {
		record.Pulled = time.Time{} // batching is switched off, or its period is shorter now
	}
	return record.begin(c.settings.ComputerAgent.GracePeriod, c.quiet, a.config.Zone)
}

// pullAlong lets those deployments begin whose deadline comes soon after one that is reached now.
func (a *Agent) pullAlong(ctx context.Context, t *turn, c campaign, open []*deploymentRecord) error {
	period := c.settings.AssignmentBatchingTimeout()
	if period == 0 {
		return nil
	}
	all := make([]batchMember, len(open))
	for i, record := range open {
		state, err := a.progress(ctx, record.Deployment)
		if err != nil {
			return err
		}
		all[i] = batchMember{begin: a.beginning(c, *record), deadline: record.Deadline, available: record.Deployment.Available(a.config.Zone),
			idle: !record.Deployment.Required() || record.Settled || len(state.missing)+len(state.pending) == 0}
	}
	for _, i := range pulledIn(all, period, t.now) {
		open[i].Pulled = t.now
		if err := a.keep(ctx, *open[i], nil); err != nil {
			return err
		}
	}
	return nil
}

// advance takes one deployment that has been evaluated as far as it can go now, and tells when to look at it again.
func (a *Agent) advance(ctx context.Context, t *turn, c campaign, record *deploymentRecord) (time.Time, error) {
	d := record.Deployment
	state, err := a.progress(ctx, d)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if len(state.missing)+len(state.pending) == 0 {
		return time.Time{}, a.complete(ctx, t, record, state)
	}
	if err := a.tellCompliance(ctx, t, *record, state); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	available, begin := d.Available(a.config.Zone), a.beginning(c, *record)
	switch {
	case available.After(t.now):
		return available, nil
	case record.Settled || !d.Required() && !d.PreDownload:
		return time.Time{}, nil
	case record.Retry.After(t.now):
		return record.Retry, nil
	}
	if !record.Downloaded && len(without(state.missing, record.Failed)) > 0 {
		if !t.mayFetch(d, begin) {
			return t.now.Add(t.rhythm.retry), nil
		}
		// The scan before the download. Without it the content waits, but for a deployment that begins: its enforcement tells what is wrong.
		if due, err := a.freshScan(ctx, t); err != nil && (ctx.Err() != nil || begin.After(t.now)) {
			return due, unlessWaiting(err)
		}
		if state, err = a.progress(ctx, d); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		if len(state.missing)+len(state.pending) == 0 {
			return time.Time{}, a.complete(ctx, t, record, state)
		}
	}
	if !record.Downloaded && len(without(state.missing, record.Failed)) > 0 {
		if due, err := a.fetchAhead(ctx, t, c, record, state.missing); err != nil || !due.IsZero() || record.Settled {
			return due, err
		}
	}
	switch {
	case !d.Required():
		return time.Time{}, nil
	case begin.After(t.now):
		return begin, nil
	case c.settings.ComputerAgent.AdditionalSoftware:
		// Other software decides when to install: it calls Install.
		return time.Time{}, nil
	case record.Waiting.lasts(t, state, record.Failed):
		return record.Waiting.Until, nil
	}
	return a.enforce(ctx, t, c, record, state)
}

// activated reads the record of a deployment, which an evaluation makes complete when it has arrived or changed.
func (a *Agent) activated(ctx context.Context, t *turn, d Deployment) (deploymentRecord, time.Time, error) {
	record, err := a.deployment(ctx, t, d)
	if err != nil {
		return record, t.now.Add(t.rhythm.contact), err
	}
	switch {
	case record.Evaluated:
		return record, time.Time{}, nil
	case !t.mayFetch(d, record.Deadline):
		return record, t.now.Add(t.rhythm.retry), nil
	}
	due, err := a.activate(ctx, t, &record)
	return record, due, err
}
