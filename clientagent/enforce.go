package clientagent

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// preScanError is a scan before the installation that failed or has to wait.
type preScanError struct {
	due   time.Time
	cause error
}

func (e *preScanError) Error() string { return e.cause.Error() }

func (e *preScanError) Unwrap() error { return e.cause }

// enforce installs what a required deployment misses once it has begun, as far as maintenance windows and restarts allow.
func (a *Agent) enforce(ctx context.Context, t *turn, c campaign, record *deploymentRecord, state progress) (time.Time, error) {
	record.Enforced, record.Waiting = true, nil
	var sum round
	if missing := without(state.missing, record.Failed); len(missing) > 0 {
		before, err := a.showScan(ctx, t, missing)
		if err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		sum, err = a.installAll(ctx, t, a.enforcement(t, c, record))
		err = errors.Join(err, a.hideJobs(ctx, before))
		record.Failed = append(record.Failed, sum.failed...)
		if due, err := a.interrupted(ctx, t, record, err); err != nil || !due.IsZero() {
			return due, errors.Join(sum.fault, err)
		}
	}
	state, err := a.progress(ctx, record.Deployment)
	if err != nil {
		return t.now.Add(t.rhythm.contact), errors.Join(sum.fault, err)
	}
	return a.conclude(ctx, t, c, record, state, sum)
}

// enforcement is the job for what a deployment misses, apart from what has failed already.
func (a *Agent) enforcement(t *turn, c campaign, record *deploymentRecord) installing {
	job := installing{
		wanted: func(ctx context.Context) ([]uuid.UUID, error) {
			if due, err := a.freshScan(ctx, t); err != nil {
				return nil, &preScanError{due, err}
			}
			state, err := a.progress(ctx, record.Deployment)
			return without(state.missing, record.Failed), err
		},
		starting: func(ctx context.Context) error {
			return a.tellProgress(ctx, t, *record, compliance.EnforcementInstalling, 0)
		},
	}
	if !record.Deployment.OverrideServiceWindows {
		job.windows = t.policy.ServiceWindows.ForUpdates(c.settings.UseAllDeploymentsWindows)
	}
	return job
}

// interrupted decides what becomes of an enforcement that did not come to its end; a zero time and no error when it did.
func (a *Agent) interrupted(ctx context.Context, t *turn, record *deploymentRecord, err error) (time.Time, error) {
	var scan *preScanError
	switch {
	case ctx.Err() != nil:
		return t.now, ctx.Err()
	case err == nil:
		return time.Time{}, nil
	case errors.Is(err, errUnfinished):
		// The cache has lost something, and fetching it takes long.
		record.Downloaded = false
		return t.soon(), a.keep(ctx, *record, nil)
	case errors.As(err, &scan):
		record.Retry = scan.due
		return scan.due, errors.Join(err, a.tellProgress(ctx, t, *record, compliance.EnforcementInstallFailed, CodePreInstallScan))
	}
	return t.now.Add(t.rhythm.contact), err
}

// conclude tells how an enforcement ended for now. What failed waits for the next re-evaluation, unless only its content was missing.
func (a *Agent) conclude(ctx context.Context, t *turn, c campaign, record *deploymentRecord, state progress, sum round) (time.Time, error) {
	if len(state.missing)+len(state.pending) == 0 {
		return time.Time{}, errors.Join(sum.fault, a.complete(ctx, t, record, state))
	}
	outcome, code, due := compliance.EnforcementInstallFailed, CodeStillActionable, time.Time{}
	if sum.fault != nil {
		code = installCode(sum.fault)
	}
	var content *contentError
	record.Waiting = waitFor(t, sum.held)
	switch {
	case errors.As(sum.fault, &content):
		outcome, code, record.Waiting = compliance.EnforcementDownloadFailed, content.code, nil
		due = t.retryContent(c, record, content.code)
	case record.Waiting != nil:
		outcome, code = record.Waiting.outcome(sum.held)
		due = record.Waiting.Until
	case len(state.missing) == 0:
		outcome, code = compliance.EnforcementPendingRestart, 0
	default:
		record.Settled = true
	}
	return due, errors.Join(sum.fault, a.setHeld(ctx, t, sum.held), a.tellProgress(ctx, t, *record, outcome, code))
}

// outcome is what a wait is told as (topic 301).
func (w waiting) outcome(held map[uuid.UUID]hold) (compliance.AssignmentEnforcementState, int32) {
	never := w.Until.IsZero() && !w.Restart
	switch {
	case w.Restart && w.Until.IsZero():
		return compliance.EnforcementWaitingForRestart, 0
	case never && len(held) > 0:
		return compliance.EnforcementWaitingForWindow, StatusNoWindow
	}
	return compliance.EnforcementWaitingForWindow, 0
}

func (a *Agent) tellProgress(ctx context.Context, t *turn, record deploymentRecord, state compliance.AssignmentEnforcementState, code int32) error {
	return a.keep(ctx, record, func(c *changes) error { return c.tellEnforcement(ctx, t, record, state, code) })
}
