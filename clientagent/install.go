package clientagent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Install installs updates now, as a user does in Software Center before the deadline: a bundle by its required parts. It downloads what the
// cache does not hold and verifies with an offline scan. An update needs no deployment, but a scan must have seen it, else
// ErrNotFound. Updates that are not required are left alone. A needed restart waits for the deadline or the user: Updates shows it. Failures are
// *InstallError, all in one *multierror.Error.
func (a *Agent) Install(ctx context.Context, ids ...uuid.UUID) error {
	if err := a.acquire(ctx); err != nil {
		return err
	}
	defer a.release()
	defer a.nudge()
	t, err := a.ready(ctx)
	if err != nil {
		return err
	}
	if _, err := a.freshScan(ctx, t); err != nil {
		// What is here may still do; what is missing will tell.
		a.log.WarnContext(ctx, "no fresh scan before the installation", "error", err)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	missing, err := a.chosen(ctx, ids)
	if err != nil {
		return err
	}
	fault := a.install(ctx, t, missing)
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), fault)
	}
	return errors.Join(fault, a.advanceWith(ctx, t, missing))
}

// chosen are those of the ids that are required and do not wait for a restart only.
func (a *Agent) chosen(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error) {
	var missing []uuid.UUID
	var faults *multierror.Error
	for _, id := range ids {
		update, found, err := load[UpdateStatus](ctx, a.store, updateKey(id))
		if err != nil {
			return nil, err
		}
		job, err := a.job(ctx, id)
		if err != nil {
			return nil, err
		}
		switch {
		case !found:
			faults = multierror.Append(faults, fmt.Errorf("update %s: %w", id, ErrNotFound))
		case update.State == compliance.Required && job.State != JobPendingHardReboot && !slices.Contains(missing, id):
			missing = append(missing, id)
		}
	}
	return missing, faults.ErrorOrNil()
}

// advanceWith tells how the deployments of updates stand after a user's installation.
func (a *Agent) advanceWith(ctx context.Context, t *turn, ids []uuid.UUID) error {
	var faults []error
	for _, d := range t.policy.Deployments {
		if !slices.ContainsFunc(d.Updates, func(id uuid.UUID) bool { return slices.Contains(ids, id) }) {
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
		_, err = a.conclude(ctx, t, &record, state, nil)
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// install installs updates one after the other and verifies them with one offline scan, which alone decides what came of it.
func (a *Agent) install(ctx context.Context, t *turn, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	w, err := a.openWorkshop(ctx)
	if err != nil {
		return err
	}
	var faults *multierror.Error
	var touched []uuid.UUID
	for _, id := range ids {
		parts, err := a.parts(ctx, w, id)
		if err == nil && len(parts) == 0 {
			// An update before it has brought this one along, or replaced it; the scan below tells which.
			touched = append(touched, id)
			continue
		}
		if err == nil {
			err = a.downloadUpdate(ctx, t, id, parts)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			faults = multierror.Append(faults, err)
			continue
		}
		if err := a.installUpdate(ctx, t, id, parts); err != nil {
			return multierror.Append(faults, err)
		}
		touched = append(touched, id)
		// What one update has changed decides what the next one needs.
		w.look()
	}
	if err := a.verify(ctx, t, touched, afterInstall); err != nil {
		return multierror.Append(faults, err)
	}
	for _, id := range touched {
		job, err := a.job(ctx, id)
		if err != nil {
			return multierror.Append(faults, err)
		}
		if job.State == JobError {
			faults = multierror.Append(faults, &InstallError{Code: job.Code, Reason: fmt.Sprintf("update %s: %s", id, job.Reason)})
		}
	}
	return faults.ErrorOrNil()
}

// installUpdate hands the parts to the machine. The job is written before and after: the error is that of the store or of ctx, what
// the installer answers goes into the job.
func (a *Agent) installUpdate(ctx context.Context, t *turn, id uuid.UUID, parts []part) error {
	job := jobRecord{ID: id, State: JobInstalling, Since: t.now}
	if err := a.setJob(ctx, job); err != nil {
		return err
	}
	for _, p := range parts {
		a.log.InfoContext(ctx, "installing update", "update", p.core.UpdateID, "title", p.detail.title())
		result, err := a.machine.Install(ctx, Job{Core: p.core, Extended: p.extended, Title: p.detail.title(), Open: a.opener(p)})
		job.Restart = job.Restart || result.RestartRequired
		if ctx.Err() != nil {
			// Cut short: what came of it is for a scan to find out.
			return ctx.Err()
		}
		if err != nil {
			job.Code, job.Reason = installCode(err), err.Error()
			break
		}
	}
	job.State = JobVerifying
	return a.setJob(ctx, job)
}

// opener opens the files of a part by name, as its metadata writes it, without regard to case.
func (a *Agent) opener(p part) func(ctx context.Context, name string) (Payload, error) {
	return func(ctx context.Context, name string) (Payload, error) {
		for _, file := range p.files() {
			if strings.EqualFold(file.Name, name) {
				return a.cache.Open(ctx, content.SHA1(file.SHA1))
			}
		}
		return nil, fmt.Errorf("payload %q: %w", name, fs.ErrNotExist)
	}
}

// installCode is the HRESULT of a failure.
func installCode(err error) int32 {
	var (
		known   *InstallError
		failure *contentError
	)
	switch {
	case errors.As(err, &known):
		return known.Code
	case errors.As(err, &failure):
		return failure.code
	}
	return CodeInternal
}
