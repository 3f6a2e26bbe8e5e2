package clientagent

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// fetchAhead downloads what a required deployment misses, between its available time and its deadline.
func (a *Agent) fetchAhead(ctx context.Context, t *turn, record *deploymentRecord, missing []uuid.UUID) (time.Time, error) {
	record.Enforced = true
	if err := a.tellProgress(ctx, t, *record, compliance.EnforcementDownloading, 0); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if fault := a.download(ctx, t, missing); fault != nil {
		if ctx.Err() != nil {
			return t.now, ctx.Err()
		}
		record.Retry = t.now.Add(t.rhythm.retry)
		return record.Retry, errors.Join(fault,
			a.tellProgress(ctx, t, *record, compliance.EnforcementDownloadFailed, installCode(fault)))
	}
	record.Downloaded, record.Retry = true, time.Time{}
	if err := a.tellProgress(ctx, t, *record, compliance.EnforcementDownloaded, 0); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	return time.Time{}, nil
}

// enforce installs what a required deployment misses at its deadline, and restarts when that is allowed.
func (a *Agent) enforce(ctx context.Context, t *turn, record *deploymentRecord, state progress) (time.Time, error) {
	record.Enforced = true
	var fault error
	// What is installed may make other updates of the deployment required, or bring the server to send them; they go along. Each
	// round installs something new, so the rounds end.
	for attempted := []uuid.UUID(nil); len(state.missing) > 0 || len(attempted) > 0; {
		due, err := a.freshScan(ctx, t)
		if ctx.Err() != nil {
			return t.now, ctx.Err()
		}
		if err != nil {
			record.Retry = due
			return due, errors.Join(err, a.tellProgress(ctx, t, *record, compliance.EnforcementInstallFailed, CodePreInstallScan))
		}
		if state, err = a.progress(ctx, record.Deployment); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		if fault != nil || !addsTo(attempted, state.missing) {
			break
		}
		attempted = append(attempted, state.missing...)
		if state, fault = a.installMissing(ctx, t, record); ctx.Err() != nil {
			return t.now, ctx.Err()
		}
	}
	if len(state.pending) > 0 {
		if err := a.tellProgress(ctx, t, *record, compliance.EnforcementPendingRestart, 0); err != nil {
			return t.now.Add(t.rhythm.contact), errors.Join(fault, err)
		}
		if machine, able := a.machine.(Restarter); able && record.Deployment.SuppressReboot == 0 {
			err := a.restart(ctx, t, machine)
			if ctx.Err() != nil {
				return t.now, ctx.Err()
			}
			if err != nil {
				record.Retry = t.now.Add(t.rhythm.retry)
				return record.Retry, errors.Join(fault, err, a.keep(ctx, *record, nil))
			}
		}
	}
	state, err := a.progress(ctx, record.Deployment)
	if err != nil {
		return t.now.Add(t.rhythm.contact), errors.Join(fault, err)
	}
	return a.conclude(ctx, t, record, state, fault)
}

// addsTo says whether an id is not in the set yet.
func addsTo(set, ids []uuid.UUID) bool {
	return slices.ContainsFunc(ids, func(id uuid.UUID) bool { return !slices.Contains(set, id) })
}

// installMissing installs what is missing after the scan, and returns what is then.
func (a *Agent) installMissing(ctx context.Context, t *turn, record *deploymentRecord) (progress, error) {
	state, err := a.progress(ctx, record.Deployment)
	if err != nil || len(state.missing) == 0 {
		return state, err
	}
	if err := a.tellProgress(ctx, t, *record, compliance.EnforcementInstalling, 0); err != nil {
		return state, err
	}
	fault := a.install(ctx, t, state.missing)
	state, err = a.progress(ctx, record.Deployment)
	return state, errors.Join(fault, err)
}

// conclude tells how an enforcement ended. What failed waits for the next re-evaluation, unless only its content was missing.
func (a *Agent) conclude(ctx context.Context, t *turn, record *deploymentRecord, state progress, fault error) (time.Time, error) {
	if len(state.missing)+len(state.pending) == 0 {
		return time.Time{}, errors.Join(fault, a.complete(ctx, t, record, state))
	}
	outcome, code := compliance.EnforcementInstallFailed, CodeStillActionable
	if fault != nil {
		code = installCode(fault)
	}
	var content *contentError
	switch {
	case len(state.missing) == 0:
		outcome, code = compliance.EnforcementPendingRestart, 0
	case errors.As(fault, &content):
		outcome = compliance.EnforcementDownloadFailed
		record.Downloaded, record.Retry = false, t.now.Add(t.rhythm.retry)
	default:
		record.Settled = true
	}
	return record.Retry, errors.Join(fault, a.tellProgress(ctx, t, *record, outcome, code))
}

func (a *Agent) tellProgress(ctx context.Context, t *turn, record deploymentRecord, state compliance.AssignmentEnforcementState, code int32) error {
	return a.keep(ctx, record, func(c *changes) error { return c.tellEnforcement(ctx, t, record, state, code) })
}
