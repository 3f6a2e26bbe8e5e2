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
	var (
		faults []error
		open   []*deploymentRecord
	)
	for _, d := range t.policy.Deployments {
		record, due, err := a.activated(ctx, t, d)
		if ctx.Err() != nil {
			return t.now, ctx.Err()
		}
		next = earliest(next, earliest(due, d.Expires(a.config.Zone)))
		switch {
		case err != nil:
			faults = append(faults, inDeployment(d.ID, err))
		case record.Evaluated:
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
	due, err = a.advanceAll(ctx, t, c, open, err != nil)
	if ctx.Err() != nil {
		return t.now, ctx.Err()
	}
	return earliest(next, due), errors.Join(append(faults, err)...)
}

func inDeployment(id uuid.UUID, err error) error { return fmt.Errorf("deployment %s: %w", id, err) }

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
