package clientagent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// restartRecord is how far the RebootCoordinator is.
type restartRecord struct {
	// Since is when a deployment first asked for the restart.
	Since time.Time `json:"since,omitzero"`
	// Retry is when a restart that the machine refused is tried again.
	Retry time.Time `json:"retry,omitzero"`
}

const keyRestart = "restart"

// coordinateRestart restarts the machine when a deployment asks for it and its time has come, and takes the deployments on from there.
func (a *Agent) coordinateRestart(ctx context.Context, t *turn) (time.Time, error) {
	if !t.policy.Settings.Enabled {
		return time.Time{}, nil
	}
	notice, record, err := a.restartNotice(ctx, t)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	c := a.begin()
	if record == (restartRecord{}) {
		c.remove(keyRestart)
	} else {
		c.set(keyRestart, record)
	}
	if err := c.commit(ctx); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	machine, able := a.machine.(Restarter)
	switch {
	case !able || notice.At.IsZero():
		return time.Time{}, nil
	case notice.At.After(a.clock(t)): // installations before it in this step may have lasted beyond the window
		return notice.At, nil
	case record.Retry.After(t.now):
		return record.Retry, nil
	}
	// Written before: a machine whose disk is full cannot note that it has restarted, and would do so again and again.
	record.Retry = t.now.Add(t.rhythm.retry)
	c.set(keyRestart, record)
	if err := c.commit(ctx); err != nil {
		return record.Retry, fmt.Errorf("restart: %w", err)
	}
	if err := a.restart(ctx, t, machine); err != nil {
		if ctx.Err() != nil {
			return t.now, ctx.Err()
		}
		return record.Retry, err
	}
	due, err := a.deploy(ctx, t)
	if ctx.Err() != nil {
		return t.now, ctx.Err()
	}
	// What waited for this restart may have brought the next one.
	again, fault := a.coordinateRestart(ctx, t)
	return earliest(due, again), errors.Join(err, fault)
}

// restartNotice plans the restart of a turn. The record is the one to keep: it is empty while nobody asks for a restart.
func (a *Agent) restartNotice(ctx context.Context, t *turn) (RestartNotice, restartRecord, error) {
	jobs, err := a.openJobs(ctx)
	if err != nil || !anyPending(jobs) {
		return RestartNotice{}, restartRecord{}, err
	}
	record, _, err := load[restartRecord](ctx, a.store, keyRestart)
	if err != nil {
		return RestartNotice{}, record, err
	}
	c, err := a.campaign(ctx, t)
	if err != nil {
		return RestartNotice{}, record, err
	}
	wish, err := a.restartWish(ctx, t, c, jobs)
	if err != nil {
		return RestartNotice{}, record, err
	}
	if !wish.asked {
		record = restartRecord{}
	} else if now := a.clock(t); record.Since.IsZero() || record.Since.After(now) {
		record.Since = now // an installation in this step has its time behind it: the countdown is for the user to the full
	}
	record.Retry = t.notLater(record.Retry, t.rhythm.retry)
	wish.since = record.Since
	moment := restartMoment{now: a.clock(t), zone: a.config.Zone, settings: c.settings.ComputerRestart,
		windows: t.policy.ServiceWindows.ForRestarts(c.settings.UseAllDeploymentsWindows)}
	if _, able := a.machine.(Restarter); !able {
		moment.settings.CanForceRestart = No // it is the user's, who is only reminded
	}
	if watcher, able := a.machine.(UserWatcher); able && wish.asked {
		if moment.watched, err = watcher.UserLoggedOn(ctx); err != nil {
			return RestartNotice{}, record, fmt.Errorf("look for a user: %w", err)
		}
	}
	return moment.plan(wish), record, nil
}

// restartWish asks the deployments that have begun and wait for a restart.
func (a *Agent) restartWish(ctx context.Context, t *turn, c campaign, jobs map[uuid.UUID]jobRecord) (wish restartWish, err error) {
	if c.settings.ComputerAgent.AdditionalSoftware {
		return wish, nil
	}
	system, err := a.machine.System(ctx)
	if err != nil {
		return wish, fmt.Errorf("look for the class of the machine: %w", err)
	}
	for _, d := range t.policy.Deployments {
		waits := slices.ContainsFunc(d.Updates, func(id uuid.UUID) bool { return jobs[id].State == JobPendingHardReboot })
		if !d.Required() || !waits {
			continue
		}
		record, found, err := load[deploymentRecord](ctx, a.store, prefDeploy+d.ID.String())
		if err != nil {
			return wish, err
		}
		if !found || a.beginning(c, record).After(t.now) {
			continue
		}
		if d.SuppressReboot.holds(system.ProductType) {
			wish.suppressed = true
			continue
		}
		wish.asked = true
		wish.outside = wish.outside || d.RebootOutsideOfServiceWindows
	}
	return wish, nil
}

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
	return a.afterRestart(ctx, t, ids)
}

// PendingRestart tells how a pending restart stands. It can be called while the agent works.
func (a *Agent) PendingRestart(ctx context.Context) (RestartNotice, error) {
	// Not a turn of its own: that would draw an identity, and share what belongs to whoever works.
	policy, _, err := load[Policy](ctx, a.store, keyPolicy)
	if err != nil {
		return RestartNotice{}, err
	}
	now := a.now().Round(0) // what is told goes without the reading of the monotonic clock, as what is kept
	notice, _, err := a.restartNotice(ctx, &turn{now: now, began: now, policy: policy.live(now, a.config.Zone),
		rhythm: a.config.Pace.rhythm(policy.Settings)})
	return notice, err
}

// Restart restarts the machine now, as the user's answer to a pending restart, and verifies what waited for it. It does nothing while
// nothing waits; errors.ErrUnsupported answers for a machine that is no Restarter.
func (a *Agent) Restart(ctx context.Context) error {
	t, done, err := a.ask(ctx)
	if err != nil {
		return err
	}
	defer done()
	if pending, err := a.restartPending(ctx); err != nil || !pending {
		return err
	}
	machine, able := a.machine.(Restarter)
	if !able {
		return fmt.Errorf("restart: %w", errors.ErrUnsupported)
	}
	return a.restart(ctx, t, machine)
}
