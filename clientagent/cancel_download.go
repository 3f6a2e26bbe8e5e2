package clientagent

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/compliance"
)

// keyCancelled is the record of the updates whose download a user has cancelled: it is not begun again ahead of their deadline.
const keyCancelled = "cancelled"

// CancelDownload stops the downloads of updates that run or wait (CCM_SoftwareUpdatesManager.CancelDownload). Their jobs go back to
// Available, an Install that waits for one of them ends with CodeJobCancelled, and the site is told that code. What is there
// already is kept, and the next download goes on from it: of a required update that is its deadline, of any the next Install. What
// an optional deployment needed goes with the next cleaning of the cache after its minimum duration.
//
// Updates whose content is complete are left as they are, and so is a bundle that is being installed. ErrNotFound and
// ErrNotAvailable answer as for Install, and ErrDeadlineOver for a required update whose deadline is over; then nothing is cancelled.
// A running download stops at once, but CancelDownload returns only when an installation that goes on has ended, or ctx.
func (a *Agent) CancelDownload(ctx context.Context, ids ...uuid.UUID) error {
	if err := a.mayCancel(ctx, ids); err != nil {
		return fmt.Errorf("cancel download: %w", err)
	}
	defer a.stops.wish(ids)()
	t, done, err := a.askReady(ctx)
	if err != nil {
		return err
	}
	defer done()
	missing, err := a.chosen(ctx, t, ids)
	if err != nil {
		return fmt.Errorf("cancel download: %w", err)
	}
	c := a.begin()
	for _, id := range missing {
		job, err := a.job(ctx, id)
		if err != nil {
			return err
		}
		if job.State == JobNone || job.State.preparing() || job.State.fetching() {
			if err := c.cancelDownload(ctx, t, job); err != nil {
				return err
			}
		}
	}
	return c.commit(ctx)
}

// mayCancel says why a download cannot be cancelled. It looks before anything is stopped, while others work.
func (a *Agent) mayCancel(ctx context.Context, ids []uuid.UUID) error {
	policy, _, err := load[Policy](ctx, a.store, keyPolicy)
	if err != nil {
		return err
	}
	t := &turn{now: a.now(), policy: policy.live(a.now(), a.config.Zone)}
	c, err := a.campaign(ctx, t)
	if err != nil {
		return err
	}
	missing, err := a.chosen(ctx, t, ids)
	if err != nil || c.settings.ComputerAgent.AdditionalSoftware {
		return err
	}
	var faults *multierror.Error
	for _, id := range missing {
		begun, err := a.isBegun(ctx, t, c, id)
		if err != nil {
			return err
		}
		if begun {
			faults = multierror.Append(faults, fmt.Errorf("update %s: %w", id, ErrDeadlineOver))
		}
	}
	return faults.ErrorOrNil()
}

// isBegun says whether a deployment installs the update without the user by now.
func (a *Agent) isBegun(ctx context.Context, t *turn, c campaign, id uuid.UUID) (bool, error) {
	for _, d := range t.policy.Deployments {
		if !d.applies() || !d.Required() || !slices.Contains(d.Updates, id) {
			continue
		}
		record, found, err := load[deploymentRecord](ctx, a.store, prefDeploy+d.ID.String())
		if err != nil {
			return false, err
		}
		if found && !a.beginning(c, record).After(t.now) {
			return true, nil
		}
	}
	return false, nil
}

// cancelDownload takes back the job of a download, and remembers that nobody wants it for now.
func (c *changes) cancelDownload(ctx context.Context, t *turn, job jobRecord) error {
	told := job.State.fetching()
	c.remove(prefJob + job.ID.String())
	if t.policy.deploys(job.ID) {
		var cancelled []uuid.UUID
		if _, err := c.get(ctx, keyCancelled, &cancelled); err != nil {
			return err
		}
		if !slices.Contains(cancelled, job.ID) {
			c.set(keyCancelled, append(cancelled, job.ID))
		}
	}
	var postponed []uuid.UUID
	if _, err := c.get(ctx, keyPostponed, &postponed); err != nil {
		return err
	}
	if slices.Contains(postponed, job.ID) {
		c.setIDs(keyPostponed, without(postponed, []uuid.UUID{job.ID}))
	}
	if !told {
		return nil
	}
	job.Code, job.Since = CodeJobCancelled, t.now
	return c.tellJob(ctx, job, compliance.CIDownloadFailed)
}

// setIDs writes a list of updates, or removes an empty one.
func (c *changes) setIDs(key string, ids []uuid.UUID) {
	if len(ids) == 0 {
		c.remove(key)
	} else {
		c.set(key, ids)
	}
}

// dropDownload ends a download that was stopped while it ran, with a *contentError.
func (a *Agent) dropDownload(ctx context.Context, t *turn, id uuid.UUID) error {
	job, err := a.job(ctx, id)
	if err != nil {
		return err
	}
	c := a.begin()
	return errors.Join(cancelledDownload(id), c.cancelDownload(ctx, t, job), c.commit(ctx))
}

func cancelledDownload(id uuid.UUID) error {
	return &contentError{update: id, code: CodeJobCancelled, cause: errDownloadCancelled}
}

// cancelled are the updates whose download a user has cancelled.
func (a *Agent) cancelled(ctx context.Context) ([]uuid.UUID, error) {
	ids, _, err := load[[]uuid.UUID](ctx, a.store, keyCancelled)
	return ids, err
}

// forgetCancelled lets updates be downloaded again: those that a user wants now after all, and whatever is not missing or not deployed any more.
func (a *Agent) forgetCancelled(ctx context.Context, t *turn, wanted []uuid.UUID) error {
	cancelled, err := a.cancelled(ctx)
	if err != nil || len(cancelled) == 0 {
		return err
	}
	left, err := a.stillMissing(ctx, without(cancelled, wanted))
	if err != nil {
		return err
	}
	c := a.begin()
	c.setIDs(keyCancelled, slices.DeleteFunc(left, func(id uuid.UUID) bool { return !t.policy.deploys(id) }))
	return c.commit(ctx)
}
