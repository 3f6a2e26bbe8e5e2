package clientagent

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// verifyRestart looks after installations that no running code follows any more: those that a crash cut short, and those whose
// restart has come. It believes only an offline scan.
func (a *Agent) verifyRestart(ctx context.Context, t *turn) (time.Time, error) {
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	waits := false
	watcher, watched := a.machine.(RestartWatcher)
	if watched && anyAsking(jobs) {
		if waits, err = watcher.RestartPending(ctx); err != nil {
			return t.now.Add(t.rhythm.contact), fmt.Errorf("look for a pending restart: %w", err)
		}
	}
	var cut, restarted []uuid.UUID
	var stale []jobRecord // shown by a process that is no more
	for id, job := range jobs {
		if a.fresh && job.State.preparing() {
			stale = append(stale, job)
		}
		switch job.State {
		case JobInstalling, JobVerifying:
			if watched && job.asksForRestart() && !waits {
				// The restart came with whatever cut the work short.
				restarted = append(restarted, id)
			} else {
				cut = append(cut, id)
			}
		case JobPendingHardReboot:
			if watched && !waits {
				restarted = append(restarted, id)
			} else if !watched && a.fresh {
				cut = append(cut, id)
			}
		}
	}
	if a.fresh {
		// Deployments begin theirs again; what a user began is over.
		if err := a.leaveDownloads(ctx, slices.Collect(maps.Keys(jobs))); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
	}
	if err := a.hideJobs(ctx, stale); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if err := a.afterRestart(ctx, t, restarted); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if err := a.verify(ctx, t, cut, afterCrash); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	a.fresh = false // not before: what failed is looked at again
	return time.Time{}, nil
}

// judgeCut judges the installations whose end could not be written, or not be verified: until then their updates look as if they were still
// missing, and whoever has them too would install them again.
func (a *Agent) judgeCut(ctx context.Context, t *turn) error {
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return err
	}
	var cut []uuid.UUID
	for id, job := range jobs {
		if job.State.working() {
			cut = append(cut, id)
		}
	}
	return a.verify(ctx, t, cut, afterCrash)
}

// asksForRestart says that the installer is through and wants a restart.
func (j jobRecord) asksForRestart() bool {
	return j.State == JobPendingHardReboot || j.State == JobVerifying && j.Restart && j.Code == 0
}

func anyAsking(jobs map[uuid.UUID]jobRecord) bool {
	for _, job := range jobs {
		if job.asksForRestart() {
			return true
		}
	}
	return false
}

func anyPending(jobs map[uuid.UUID]jobRecord) bool {
	for _, job := range jobs {
		if job.State == JobPendingHardReboot {
			return true
		}
	}
	return false
}

// afterRestart judges what waited for a restart that has come. What is still not in place has failed for the deployments that have it: it waits
// for their re-evaluation, lest the machine restarts again and again for it. Deployments that want it are evaluated again from the server at
// once, so that what has become required installs in the same window.
func (a *Agent) afterRestart(ctx context.Context, t *turn, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := a.verify(ctx, t, ids, afterRestart); err != nil {
		return err
	}
	failed, _, err := a.judged(ctx, ids)
	if err != nil {
		return err
	}
	c := a.begin()
	for _, d := range t.policy.Deployments {
		if !slices.ContainsFunc(d.Updates, func(id uuid.UUID) bool { return slices.Contains(ids, id) }) {
			continue
		}
		if err := c.resume(ctx, d, failed); err != nil {
			return err
		}
	}
	c.setPlaced(nil)
	return c.commit(ctx)
}

// endRestart forgets since when a restart was asked for as soon as nothing waits for it any more. What is installed next, be it in the same step,
// asks for one of its own, and leaves the user the whole countdown.
func (a *Agent) endRestart(ctx context.Context, c *changes) error {
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return err
	}
	for id := range jobs {
		var job jobRecord
		if found, err := c.get(ctx, prefJob+id.String(), &job); err != nil || found && job.State == JobPendingHardReboot {
			return err
		}
	}
	c.remove(keyRestart)
	return nil
}

// resume goes on with a deployment after a restart.
func (c *changes) resume(ctx context.Context, d Deployment, failed []uuid.UUID) error {
	var record deploymentRecord
	found, err := c.get(ctx, prefDeploy+d.ID.String(), &record)
	if err != nil || !found {
		return err
	}
	tried := append(record.Failed, without(failed, record.Failed)...)
	if d.ReevaluateAfterRestart {
		record.reopen()
		record.Evaluated = false
		var scan scanJob
		if _, err := c.get(ctx, keyScan, &scan); err != nil {
			return err
		}
		scan.Stale = true
		c.set(keyScan, scan)
	}
	record.Failed = tried
	c.set(prefDeploy+d.ID.String(), record)
	return nil
}
