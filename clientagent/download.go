package clientagent

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// contentError is a failure to get the files of an update.
type contentError struct {
	update uuid.UUID
	code   int32
	cause  error
}

func (e *contentError) Error() string {
	return fmt.Sprintf("download update %s: %v", e.update, e.cause)
}

// Unwrap gives the code to those who ask for an *InstallError.
func (e *contentError) Unwrap() []error {
	return []error{e.cause, &InstallError{Code: e.code, Reason: e.Error()}}
}

// part is one leaf update to install, itself or for its bundle.
type part struct {
	core     *metadata.Core
	extended *metadata.Extended
	detail   detail
}

// parts are the leaf updates that installing an update takes, in the order of their installation; none when the machine needs none of them
// any more.
func (a *Agent) parts(ctx context.Context, w *workshop, id uuid.UUID) ([]part, error) {
	members, err := w.facts.Members(ctx, id)
	if err != nil {
		return nil, err
	}
	parts := make([]part, 0, len(members))
	for _, core := range members {
		p := part{core: core}
		var found bool
		if p.detail, found, err = a.detail(ctx, core.Identity); err != nil {
			return nil, err
		}
		if !found {
			return nil, &InstallError{Code: CodeInternal, Reason: fmt.Sprintf("details of update %s were not delivered", core.UpdateID)}
		}
		if p.extended, err = metadata.ParseExtended(p.detail.Extended); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	servicingFirst(parts)
	return parts, nil
}

// files are what an installation opens. Express and delta files are alternatives to a whole file that nothing here makes use of.
func (p part) files() []metadata.File {
	var files []metadata.File
	for _, f := range p.extended.Files {
		if f.PatchingType == "" || f.PatchingType == "SelfContained" {
			files = append(files, f)
		}
	}
	return files
}

// download fetches the content of updates into the cache and counts those whose content is complete; state is how their jobs show it. What
// is there already is not fetched again. It goes on after a failure; each is a *contentError. It stops when the time of the step for
// downloads is over, with errUnfinished.
func (a *Agent) download(ctx context.Context, t *turn, ids []uuid.UUID, state JobState) (ready int, err error) {
	w, err := a.openWorkshop(ctx)
	if err != nil {
		return 0, err
	}
	var faults *multierror.Error
	for _, id := range ids {
		parts, err := a.parts(ctx, w, id)
		if err == nil && len(parts) > 0 {
			err = a.downloadUpdate(ctx, t, id, parts, state)
		}
		switch {
		case ctx.Err() != nil:
			return ready, ctx.Err()
		case errors.Is(err, errUnfinished):
			return ready, err
		case err != nil:
			faults = multierror.Append(faults, err)
		default:
			ready++
		}
	}
	return ready, faults.ErrorOrNil()
}

func (a *Agent) downloadUpdate(ctx context.Context, t *turn, id uuid.UUID, parts []part, state JobState) error {
	watched, done := a.stops.watch(ctx, id)
	defer done()
	if stopped(watched, ctx) {
		return a.dropDownload(ctx, t, id)
	}
	if a.isCached(ctx, parts) {
		state = JobWaitInstall // a look into the cache is no download to show
	}
	begun := a.begin()
	a.useContent(begun, t, parts)
	if err := errors.Join(begun.setJob(ctx, jobRecord{ID: id, State: state, Since: t.now}), begun.commit(ctx)); err != nil {
		return err
	}
	if fault := a.newFetching(t, parts).all(watched); fault != nil {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case stopped(watched, ctx):
			return a.dropDownload(ctx, t, id)
		case errors.Is(fault, errUnfinished):
			return fault
		}
		return a.failContent(ctx, t, id, fault)
	}
	return a.setJob(ctx, jobRecord{ID: id, State: JobWaitInstall, Since: t.now})
}

// isCached says that the cache has all files of the parts.
func (a *Agent) isCached(ctx context.Context, parts []part) bool {
	for _, p := range parts {
		for _, file := range p.files() {
			cached, err := a.cache.Open(ctx, content.SHA1(file.SHA1))
			if err != nil || cached.Close() != nil {
				return false
			}
		}
	}
	return true
}

// failContent ends the work on an update whose content is not there, with a *contentError.
func (a *Agent) failContent(ctx context.Context, t *turn, id uuid.UUID, fault error) error {
	failed := &contentError{update: id, code: contentCode(fault), cause: fault}
	c := a.begin()
	job := jobRecord{ID: id, State: JobWaitingRetry, Code: failed.code, Reason: fault.Error(), Since: t.now}
	if t.user {
		job.State = JobError
	}
	c.set(prefJob+id.String(), job)
	return errors.Join(failed, c.tellJob(ctx, job, compliance.CIDownloadFailed), c.commit(ctx))
}

func (a *Agent) setJob(ctx context.Context, job jobRecord) error {
	c := a.begin()
	if err := c.setJob(ctx, job); err != nil {
		return err
	}
	return c.commit(ctx)
}
