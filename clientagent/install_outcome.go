package clientagent

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// noteUserWork lets the good end of deployments be told, even when a crash comes between the installation and its verification.
func (a *Agent) noteUserWork(ctx context.Context, t *turn, ids []uuid.UUID) error {
	for _, d := range t.policy.Deployments {
		if !d.applies() || !slices.ContainsFunc(d.Updates, func(id uuid.UUID) bool { return slices.Contains(ids, id) }) {
			continue
		}
		record, err := a.deployment(ctx, t, d)
		if err != nil {
			return err
		}
		record.Enforced = true
		if err := a.keep(ctx, record, nil); err != nil {
			return err
		}
	}
	return nil
}

// advanceWith tells how the deployments of updates stand after a user's installation. What is left of them keeps its deadline.
func (a *Agent) advanceWith(ctx context.Context, t *turn, ids []uuid.UUID, sum round) error {
	var faults []error
	for _, d := range t.policy.Deployments {
		if !d.applies() || !slices.ContainsFunc(d.Updates, func(id uuid.UUID) bool { return slices.Contains(ids, id) }) {
			continue
		}
		record, err := a.deployment(ctx, t, d)
		if err != nil {
			return err
		}
		state, err := a.progress(ctx, d)
		if err != nil {
			return err
		}
		record.Enforced = true
		faults = append(faults, a.tellUserOutcome(ctx, t, &record, state, sum))
	}
	return errors.Join(faults...)
}

// tellUserOutcome tells the end of a deployment, its pending restart, or the failure of one of its updates.
func (a *Agent) tellUserOutcome(ctx context.Context, t *turn, record *deploymentRecord, state progress, sum round) error {
	failed := slices.IndexFunc(sum.failed, func(id uuid.UUID) bool { return slices.Contains(record.Deployment.Updates, id) })
	var content *contentError
	switch {
	case len(state.missing)+len(state.pending) == 0:
		return a.complete(ctx, t, record, state)
	case failed >= 0:
		job, err := a.job(ctx, sum.failed[failed])
		if err != nil {
			return err
		}
		return a.tellProgress(ctx, t, *record, compliance.EnforcementInstallFailed, cmp.Or(job.Code, installCode(sum.fault)))
	case errors.As(sum.fault, &content) && slices.Contains(record.Deployment.Updates, content.update):
		return a.tellProgress(ctx, t, *record, compliance.EnforcementDownloadFailed, content.code)
	case len(state.missing) == 0:
		return a.tellProgress(ctx, t, *record, compliance.EnforcementPendingRestart, 0)
	}
	return a.keep(ctx, *record, nil)
}
