package clientagent

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// occasion is what made a verification necessary.
type occasion int

const (
	afterInstall occasion = iota
	afterRestart
	afterCrash
)

// verify scans offline and settles the jobs of the updates by what it finds, in one batch with the verdicts.
func (a *Agent) verify(ctx context.Context, t *turn, ids []uuid.UUID, why occasion) error {
	if len(ids) == 0 {
		return nil
	}
	w, err := a.openWorkshop(ctx)
	if err != nil {
		return err
	}
	found, err := evaluate(ctx, w.facts, w.all)
	if err != nil {
		return fmt.Errorf("verify installation: %w", err)
	}
	waits, err := a.restartWaits(ctx, why)
	if err != nil {
		return err
	}
	states := make(map[uuid.UUID]compliance.State, len(found))
	for _, e := range found {
		states[e.ID] = e.State
	}
	c := a.begin()
	for _, id := range ids {
		job, err := a.job(ctx, id)
		if err != nil {
			return err
		}
		if err := c.settleJob(ctx, t, job, states[id], why, waits); err != nil {
			return err
		}
	}
	if err := a.record(ctx, c, t, found); err != nil {
		return err
	}
	if err := a.noteStale(ctx, c, w, found); err != nil {
		return err
	}
	if err := a.endRestart(ctx, c); err != nil {
		return err
	}
	if err := c.commit(ctx); err != nil {
		return err
	}
	return a.logOutcome(ctx, ids, states)
}

// restartWaits asks, after a crash, whether the machine waits for a restart: the answer of the installer may be lost.
func (a *Agent) restartWaits(ctx context.Context, why occasion) (bool, error) {
	watcher, able := a.machine.(RestartWatcher)
	if !able || why != afterCrash {
		return false, nil
	}
	waits, err := watcher.RestartPending(ctx)
	if err != nil {
		return false, fmt.Errorf("look for a pending restart: %w", err)
	}
	return waits, nil
}

// settleJob decides what came of a job.
func (c *changes) settleJob(ctx context.Context, t *turn, job jobRecord, state compliance.State, why occasion, waits bool) error {
	job.Since = t.now
	inPlace := state == compliance.Installed || state == compliance.NotRequired
	switch {
	case job.State == JobPendingHardReboot && why == afterCrash && !inPlace:
		return nil
	case job.Code == 0 && why != afterRestart && (job.Restart && job.State == JobVerifying || waits):
		job.Cut = job.Cut || job.State == JobInstalling
		job.State, job.Restart = JobPendingHardReboot, true
		return c.setJob(ctx, job)
	case inPlace:
		job.Code = 0
		c.remove(prefJob + job.ID.String())
		return c.tellJob(ctx, job, compliance.CIEnforcementSuccessful)
	case (why == afterCrash || job.Cut) && job.Code == 0:
		// Nobody knows how far the installation came; it is still needed, so its deployment starts it again.
		c.remove(prefJob + job.ID.String())
		return nil
	case job.Code == 0 && state == compliance.Unknown:
		job.Code, job.Reason = CodePostInstallScan, "the scan after the installation could not judge the update"
	case job.Code == 0:
		job.Code, job.Reason = CodeStillActionable, "the scan after the installation still finds it required"
	}
	job.State = JobError
	return c.setJob(ctx, job)
}
