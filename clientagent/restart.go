package clientagent

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// restart restarts the machine and verifies what waited for it. When the process ends with the machine, the next one verifies.
func (a *Agent) restart(ctx context.Context, t *turn, machine Restarter) error {
	a.log.InfoContext(ctx, "restarting the machine")
	if err := machine.Restart(ctx); err != nil {
		return fmt.Errorf("restart: %w", err)
	}
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	for id, job := range jobs {
		if job.State == JobPendingHardReboot {
			ids = append(ids, id)
		}
	}
	return a.verify(ctx, t, ids, afterRestart)
}

// verifyRestart looks after installations that no running code follows any more: those that a crash cut short, and those whose
// restart has come. It believes only an offline scan.
func (a *Agent) verifyRestart(ctx context.Context, t *turn) (time.Time, error) {
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	waits := false
	watcher, watched := a.machine.(RestartWatcher)
	if watched && anyPending(jobs) {
		if waits, err = watcher.RestartPending(ctx); err != nil {
			return t.now.Add(t.rhythm.contact), fmt.Errorf("look for a pending restart: %w", err)
		}
	}
	var cut, restarted []uuid.UUID
	for id, job := range jobs {
		switch job.State {
		case JobInstalling, JobVerifying:
			cut = append(cut, id)
		case JobPendingHardReboot:
			if watched && !waits {
				restarted = append(restarted, id)
			} else if !watched && a.fresh {
				cut = append(cut, id)
			}
		}
	}
	a.fresh = false
	if err := a.verify(ctx, t, restarted, afterRestart); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if err := a.verify(ctx, t, cut, afterCrash); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	return time.Time{}, nil
}

func anyPending(jobs map[uuid.UUID]jobRecord) bool {
	for _, job := range jobs {
		if job.State == JobPendingHardReboot {
			return true
		}
	}
	return false
}
