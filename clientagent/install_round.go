package clientagent

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

// round is what one turn at installing came to.
type round struct {
	// attempted updates were tried, or found done when their turn came.
	attempted []uuid.UUID
	// failed are those of them whose installation failed; what lacks only content is not among them.
	failed []uuid.UUID
	// held are the updates whose time has not come.
	held map[uuid.UUID]hold
	// fault joins what went wrong with updates, each a *InstallError or a *contentError.
	fault error
}

// installRound installs the next updates that go together, as far as their moment allows, and verifies them with one offline scan, which
// alone decides what came of it. The error is that of the store or of ctx.
func (a *Agent) installRound(ctx context.Context, t *turn, ids []uuid.UUID, moment holding,
	starting func(context.Context) error) (r round, err error) {
	w, err := a.openWorkshop(ctx)
	if err != nil {
		return r, err
	}
	all := make([]candidate, len(ids))
	for i, id := range ids {
		all[i] = a.candidate(ctx, t, w, id)
		if all[i].exclusive && moment.pending {
			if all[i].placed, err = a.onlyPlaced(ctx, w, id); err != nil {
				return r, err
			}
		}
	}
	var free []candidate
	free, r.held = moment.split(all, a.clock(t))
	if starting != nil && len(free) > 0 {
		if err := starting(ctx); err != nil {
			return r, err
		}
	}
	var touched []uuid.UUID
	var faults *multierror.Error
	var interrupted error
	for i, c := range firstBatch(free) {
		if i > 0 {
			// Time has passed with the one before; those that take longer do not fit either any more.
			if why := moment.of(c, a.clock(t)); why != nil {
				r.held[c.id] = *why
				continue
			}
		}
		fault, err := a.installOne(ctx, t, w, c)
		if errors.Is(err, errUnfinished) {
			interrupted = err
			break
		}
		if err != nil {
			return r, err
		}
		r.attempted = append(r.attempted, c.id)
		if fault == nil {
			touched = append(touched, c.id)
			continue
		}
		faults = multierror.Append(faults, fault)
		var content *contentError
		if !errors.As(fault, &content) {
			r.failed = append(r.failed, c.id)
		}
	}
	if err := a.verify(ctx, t, touched, afterInstall); err != nil {
		return r, err
	}
	failed, fault, err := a.judged(ctx, touched)
	r.failed = append(r.failed, failed...)
	r.fault = multierror.Append(faults, fault).ErrorOrNil()
	return r, errors.Join(err, interrupted)
}

// installOne downloads what the cache lacks of an update and installs it. fault is what is wrong with the update, err that the agent
// cannot go on. An update that another one has brought along, or replaced, is done; the scan tells which.
func (a *Agent) installOne(ctx context.Context, t *turn, w *workshop, c candidate) (fault, err error) {
	parts, fault := a.parts(ctx, w, c.id)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if fault != nil || len(parts) == 0 {
		return fault, nil
	}
	if fault := a.downloadUpdate(ctx, t, c.id, parts, JobDownloading); fault != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var content *contentError
		if !errors.As(fault, &content) {
			return nil, fault // the time of the step is over, or the store failed
		}
		return fault, nil
	}
	files, fault := a.openContent(ctx, parts)
	if ctx.Err() != nil {
		return nil, errors.Join(ctx.Err(), files.close())
	}
	if fault != nil {
		return a.failContent(ctx, t, c.id, fault), nil
	}
	if err := errors.Join(a.installUpdate(ctx, t, c, parts, files), files.close()); err != nil {
		return nil, err
	}
	// What one update has changed decides what the next one needs.
	w.look()
	return nil, nil
}

// judged are those of the updates that the scan after their installation found not in place.
func (a *Agent) judged(ctx context.Context, ids []uuid.UUID) (failed []uuid.UUID, fault, err error) {
	var faults *multierror.Error
	for _, id := range ids {
		job, err := a.job(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		if job.State == JobError {
			failed = append(failed, id)
			reason := strings.TrimSuffix(fmt.Sprintf("update %s: %s", id, job.Reason), ": ")
			faults = multierror.Append(faults, &InstallError{Code: job.Code, Reason: reason})
		}
	}
	return failed, faults.ErrorOrNil(), nil
}
