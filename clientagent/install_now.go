package clientagent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Install installs updates now, as a user does in Software Center before the deadline: a bundle by its required parts. It downloads what the
// cache does not hold, pays no heed to maintenance windows, and verifies with an offline scan. An update needs no deployment, but a scan must
// have seen it, else ErrNotFound; ErrNotAvailable answers for one whose deployments are all to come. Updates that are not required are left
// alone. A needed restart waits for the deadline or the user: PendingRestart shows it. Failures are told all at once; errors.As finds
// an *InstallError with the code in each of them, the failure to get content included. A download that CancelDownload stops ends with
// CodeJobCancelled.
func (a *Agent) Install(ctx context.Context, ids ...uuid.UUID) error {
	o, forget := a.stops.take(ids)
	defer forget()
	for {
		err := a.installNow(ctx, o)
		if !errors.Is(err, errUnfinished) {
			return err
		}
	}
}

// installNow makes one attempt, which a download that takes long interrupts: others get their turn before it goes on.
func (a *Agent) installNow(ctx context.Context, o *order) error {
	t, done, err := a.askReady(ctx)
	if err != nil {
		return err
	}
	defer done()
	t.user = true
	ids, stopped := a.stops.split(o)
	if stopped, err = a.stillMissing(ctx, stopped); err != nil {
		return err
	}
	missing, err := a.stillMissing(ctx, ids)
	if err == nil {
		err = a.forgetCancelled(ctx, t, missing)
	}
	if err != nil {
		return err
	}
	before, err := a.showJobs(ctx, t, missing, JobSubmitted)
	if err == nil {
		_, err = a.showScan(ctx, t, missing)
	}
	if err == nil {
		err = a.scanAndInstall(ctx, t, ids)
	}
	faults := []error{err, a.hideJobs(ctx, before)}
	if ctx.Err() != nil {
		faults = append(faults, a.leaveDownloads(ctx, missing))
	}
	for _, id := range stopped {
		faults = append(faults, cancelledDownload(id))
	}
	return errors.Join(faults...)
}

// scanAndInstall installs what is still missing of the ids after a scan.
func (a *Agent) scanAndInstall(ctx context.Context, t *turn, ids []uuid.UUID) error {
	if err := a.scanForUser(ctx, t); err != nil {
		return err
	}
	missing, err := a.chosen(ctx, t, ids)
	if err != nil {
		return err
	}
	return a.installChosen(ctx, t, missing)
}

// scanForUser is the scan before an installation that a user asks for. Without it what is here may still do; what is missing will tell. The
// error is that of ctx.
func (a *Agent) scanForUser(ctx context.Context, t *turn) error {
	if _, err := a.freshScan(ctx, t); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "no fresh scan before the installation", "error", err)
	}
	return ctx.Err()
}

// installChosen installs what a user has chosen, and tells how it leaves the deployments.
func (a *Agent) installChosen(ctx context.Context, t *turn, ids []uuid.UUID) error {
	sum, err := a.installAll(ctx, t, installing{
		wanted:   func(ctx context.Context) ([]uuid.UUID, error) { return a.stillMissing(ctx, ids) },
		starting: func(ctx context.Context) error { return a.noteUserWork(ctx, t, ids) },
	})
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), sum.fault)
	}
	if err == nil {
		err = a.setHeld(ctx, t, sum.held)
	}
	faults := []error{sum.fault, err}
	for id := range sum.held {
		faults = append(faults, fmt.Errorf("update %s: %w", id, ErrRestartFirst))
	}
	return errors.Join(append(faults, a.advanceWith(ctx, t, ids, sum))...)
}

// chosen are those of the ids that are required, available, and do not wait for a restart only.
func (a *Agent) chosen(ctx context.Context, t *turn, ids []uuid.UUID) ([]uuid.UUID, error) {
	var faults *multierror.Error
	for _, id := range ids {
		_, found, err := load[UpdateStatus](ctx, a.store, updateKey(id))
		switch {
		case err != nil:
			return nil, err
		case !found:
			faults = multierror.Append(faults, fmt.Errorf("update %s: %w: no scan has seen it; scan, or check the id", id, ErrNotFound))
		case !a.toCome(t, id).IsZero():
			faults = multierror.Append(faults, fmt.Errorf("update %s: %w: it is from %s on", id, ErrNotAvailable,
				a.toCome(t, id).In(a.config.Zone).Format(time.RFC3339)))
		}
	}
	missing, err := a.stillMissing(ctx, ids)
	if err != nil {
		return nil, err
	}
	return missing, faults.ErrorOrNil()
}

// toCome is when the first deployment of an update becomes available; zero when one is, or when none has it.
func (a *Agent) toCome(t *turn, id uuid.UUID) (first time.Time) {
	for _, d := range t.policy.Deployments {
		if !d.applies() || !slices.Contains(d.Updates, id) {
			continue
		}
		if !d.Available(a.config.Zone).After(t.now) {
			return time.Time{}
		}
		first = earliest(first, d.Available(a.config.Zone))
	}
	return first
}

// stillMissing are those of the updates that are required and do not wait for a restart only, each once.
func (a *Agent) stillMissing(ctx context.Context, ids []uuid.UUID) (missing []uuid.UUID, err error) {
	for _, id := range ids {
		update, found, err := load[UpdateStatus](ctx, a.store, updateKey(id))
		if err != nil {
			return nil, err
		}
		job, err := a.job(ctx, id)
		if err != nil {
			return nil, err
		}
		if found && update.State == compliance.Required && job.State != JobPendingHardReboot && !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	return missing, nil
}
