package clientagent

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

// installing is a job for several updates: those of a deployment at its deadline, or what a user has chosen.
type installing struct {
	// windows that count; none is no limit.
	windows ServiceWindows
	// wanted are the updates that are missing now; it is asked again after each round, as an installation may make others required.
	wanted func(ctx context.Context) ([]uuid.UUID, error)
	// starting, when given, is told before each round in which something starts.
	starting func(ctx context.Context) error
}

// installAll installs round by round until nothing that is wanted may start. Each round tries something new, so the rounds end. The error is
// that of wanted, of the store or of ctx.
func (a *Agent) installAll(ctx context.Context, t *turn, job installing) (sum round, err error) {
	var faults *multierror.Error
	for {
		ids, err := job.wanted(ctx)
		if err != nil {
			return sum, err
		}
		ids = without(ids, sum.attempted)
		if len(ids) == 0 {
			sum.held = nil
			return sum, nil
		}
		pending, err := a.restartPending(ctx)
		if err != nil {
			return sum, err
		}
		r, err := a.installRound(ctx, t, ids, holding{windows: job.windows, zone: a.config.Zone, pending: pending}, job.starting)
		sum.attempted = append(sum.attempted, r.attempted...)
		sum.failed = append(sum.failed, r.failed...)
		faults = multierror.Append(faults, r.fault)
		sum.held, sum.fault = r.held, faults.ErrorOrNil()
		if err != nil || len(r.attempted) == 0 {
			return sum, err
		}
	}
}

// restartPending says whether an installation waits for a restart, by the jobs or by what the machine knows.
func (a *Agent) restartPending(ctx context.Context) (bool, error) {
	jobs, err := a.openJobs(ctx)
	if err != nil || anyPending(jobs) {
		return err == nil, err
	}
	watcher, able := a.machine.(RestartWatcher)
	if !able {
		return false, nil
	}
	pending, err := watcher.RestartPending(ctx)
	if err != nil {
		return false, fmt.Errorf("look for a pending restart: %w", err)
	}
	return pending, nil
}

// without are the ids that are not in the set, in their order.
func without(ids, set []uuid.UUID) (rest []uuid.UUID) {
	for _, id := range ids {
		if !slices.Contains(set, id) {
			rest = append(rest, id)
		}
	}
	return rest
}

// setHeld tells of each held update what it waits for.
func (a *Agent) setHeld(ctx context.Context, t *turn, held map[uuid.UUID]hold) error {
	c := a.begin()
	for id, why := range held {
		job := jobRecord{ID: id, State: JobWaitServiceWindow, Since: t.now}
		switch {
		case why.restart:
			job.State = JobWaitReboot
		case why.never:
			job.Code = StatusNoWindow
		}
		last, err := a.job(ctx, id)
		if err != nil {
			return err
		}
		if last.State == job.State && last.Code == job.Code {
			continue
		}
		if err := c.setJob(ctx, job); err != nil {
			return err
		}
	}
	return c.commit(ctx)
}
