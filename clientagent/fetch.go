package clientagent

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// fetching gets the files of one update in one turn.
type fetching struct {
	*Agent
	t     *turn
	parts []part
	// perSource and total are how long one source, and all of them together, may send nothing.
	perSource, total time.Duration
}

func (a *Agent) newFetching(t *turn, parts []part) *fetching {
	s := t.policy.Settings.Effective().Content
	f := &fetching{Agent: a, t: t, parts: parts, perSource: s.PerDPInactivityTimeout, total: s.TotalInactivityTimeout}
	if t.user {
		f.perSource, f.total = s.UserJobPerDPInactivityTimeout, s.UserJobTotalInactivityTimeout
	}
	return f
}

// all makes sure that all files of the parts are in the cache, verified.
func (f *fetching) all(ctx context.Context) error {
	for _, p := range f.parts {
		for _, file := range p.files() {
			if err := f.file(ctx, p.detail, file); err != nil {
				return fmt.Errorf("file %s: %w", file.Name, err)
			}
		}
	}
	return nil
}

var errNoURL = errors.New("server told no location")

// file makes sure that a file is in the cache. When the disk is full, what the cache does not need makes room for it.
func (f *fetching) file(ctx context.Context, d detail, file metadata.File) error {
	cached, err := f.cache.Open(ctx, content.SHA1(file.SHA1))
	if err == nil {
		return cached.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := f.t.refused[file.SHA1]; err != nil {
		return err
	}
	for {
		err = f.fromSources(ctx, d, file)
		if !diskFull(err) {
			break
		}
		freed, able := f.makeRoom(ctx, file.Size)
		if able {
			err = &noSpaceError{err}
		}
		if !freed {
			break
		}
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, errUnfinished) {
		f.t.refused[file.SHA1] = err
	}
	return err
}

// fromSources fetches a file from the first of its sources that has it as its metadata says.
func (f *fetching) fromSources(ctx context.Context, d detail, file metadata.File) error {
	key := prefSilence + hex.EncodeToString(file.SHA1[:])
	kept, found, err := load[silence](ctx, f.store, key)
	if err != nil {
		return err
	}
	quiet := kept
	var faults []error
	for _, url := range quiet.order(d.sources(file)) {
		if slices.Contains(quiet.Passed, url) {
			faults = append(faults, &silentError{url: url, after: f.perSource})
			continue
		}
		err := f.fromSource(ctx, &quiet, url, file)
		switch {
		case err == nil || ctx.Err() != nil || diskFull(err):
			return errors.Join(err, f.forgetSilence(ctx, key, found && err == nil))
		case errors.Is(err, errUnfinished):
			return errors.Join(err, f.keepSilence(ctx, key, quiet))
		}
		faults = append(faults, err)
		if quiet.All >= f.total {
			break // the sources that were not asked are the first ones of the next try
		}
	}
	return errors.Join(joinFaults(faults), f.endSilence(ctx, key, quiet, found))
}

// joinFaults is what all sources answered; a single answer speaks for itself.
func joinFaults(faults []error) error {
	switch len(faults) {
	case 0:
		return errNoURL
	case 1:
		return faults[0]
	}
	return &multierror.Error{Errors: faults, ErrorFormat: onOneLine}
}

// fromSource fetches a file from one source, until the downloads of the step have taken too long or the source has been silent for too long.
func (f *fetching) fromSource(ctx context.Context, quiet *silence, url string, file metadata.File) error {
	if err := f.t.silent.check(url); err != nil {
		return err
	}
	if quiet.URL != url {
		quiet.URL, quiet.Source = url, 0
	}
	limited, cancel := f.slice(ctx, f.t)
	defer cancel()
	listening, ear := listen(limited, quiet.left(f.perSource, f.total), min(f.perSource, f.total))
	defer ear.close()
	err := content.Download(listening, ear.client(f.http), url, fileRef(file), f.cache)
	quiet.hear(ear.silence())
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case errors.Is(context.Cause(listening), errSilent) || limited.Err() != nil && quiet.left(f.perSource, f.total) <= 0:
		quiet.Passed = append(quiet.Passed, url)
		return &silentError{url: url, after: min(f.perSource, f.total)}
	case limited.Err() != nil:
		return errUnfinished
	}
	f.t.silent.note(url, err)
	return err
}

func fileRef(file metadata.File) content.Ref {
	return content.Ref{SHA1: content.SHA1(file.SHA1), SHA256: content.SHA256(file.SHA256), Size: file.Size, Name: file.Name}
}
