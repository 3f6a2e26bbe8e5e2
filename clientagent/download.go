package clientagent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

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

// parts are the leaf updates that installing an update takes; none when the machine needs none of them any more.
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

// download fetches the content of updates into the cache and counts those whose content is complete. What is there already is not
// fetched again. It goes on after a failure; each is a *contentError. It stops when the time of the step for downloads is over, with
// errUnfinished.
func (a *Agent) download(ctx context.Context, t *turn, ids []uuid.UUID) (ready int, err error) {
	w, err := a.openWorkshop(ctx)
	if err != nil {
		return 0, err
	}
	var faults *multierror.Error
	for _, id := range ids {
		parts, err := a.parts(ctx, w, id)
		if err == nil && len(parts) > 0 {
			err = a.downloadUpdate(ctx, t, id, parts)
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

func (a *Agent) downloadUpdate(ctx context.Context, t *turn, id uuid.UUID, parts []part) error {
	begun := a.begin()
	a.useContent(begun, t, parts)
	if err := errors.Join(begun.setJob(ctx, jobRecord{ID: id, State: JobDownloading, Since: t.now}), begun.commit(ctx)); err != nil {
		return err
	}
	if fault := a.fetchParts(ctx, t, parts); fault != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(fault, errUnfinished) {
			return fault
		}
		return a.failContent(ctx, t, id, fault)
	}
	return a.setJob(ctx, jobRecord{ID: id, State: JobWaitInstall, Since: t.now})
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

// fetchParts makes sure that all files of the parts are in the cache, verified.
func (a *Agent) fetchParts(ctx context.Context, t *turn, parts []part) error {
	for _, p := range parts {
		for _, file := range p.files() {
			if err := a.fetch(ctx, t, p.detail, file); err != nil {
				return fmt.Errorf("file %s: %w", file.Name, err)
			}
		}
	}
	return nil
}

var errNoURL = errors.New("server told no location")

// fetch makes sure that a file is in the cache: from the first of its sources that has it as its metadata says.
func (a *Agent) fetch(ctx context.Context, t *turn, d detail, file metadata.File) error {
	cached, err := a.cache.Open(ctx, content.SHA1(file.SHA1))
	if err == nil {
		return cached.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := t.refused[file.SHA1]; err != nil {
		return err
	}
	var faults *multierror.Error
	for _, url := range d.sources(file) {
		err := a.fetchFrom(ctx, t, url, file)
		if err == nil || ctx.Err() != nil || errors.Is(err, errUnfinished) {
			return err
		}
		faults = multierror.Append(faults, err)
	}
	err = errNoURL
	if faults.Len() == 1 {
		err = faults.Errors[0]
	} else if faults.Len() > 1 {
		err = faults
	}
	t.refused[file.SHA1] = err
	return err
}

func (a *Agent) fetchFrom(ctx context.Context, t *turn, url string, file metadata.File) error {
	if err := t.silent.check(url); err != nil {
		return err
	}
	limited, cancel := a.slice(ctx, t)
	defer cancel()
	err := content.Download(limited, a.http, url, fileRef(file), a.cache)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return errUnfinished
	}
	t.silent.note(url, err)
	return err
}

func fileRef(file metadata.File) content.Ref {
	return content.Ref{SHA1: content.SHA1(file.SHA1), SHA256: content.SHA256(file.SHA256), Size: file.Size, Name: file.Name}
}

// contentCode is the HRESULT of a failed download.
func contentCode(err error) int32 {
	var mismatch *content.MismatchError
	switch {
	case errors.Is(err, errNoURL):
		return CodeURLNotAvailable
	case errors.As(err, &mismatch):
		return CodeIncorrectHash
	case errors.Is(err, syscall.ENOSPC):
		return CodeDiskFull
	}
	return CodeNotDownloaded
}

func (a *Agent) setJob(ctx context.Context, job jobRecord) error {
	c := a.begin()
	if err := c.setJob(ctx, job); err != nil {
		return err
	}
	return c.commit(ctx)
}
