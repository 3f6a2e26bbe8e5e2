package clientagent

import (
	"context"
	"errors"
	"time"
)

// advanceAll takes the deployments that have been evaluated as far as they can go now. What the scan or the installation of one finds newly
// required is for those before it, too: they are looked at once more. failed says that the last installation may not have been written down.
func (a *Agent) advanceAll(ctx context.Context, t *turn, c campaign, open []*deploymentRecord, failed bool) (next time.Time, err error) {
	var faults []error
	for left := open; len(left) > 0; {
		before := 0
		for i, record := range left {
			if failed {
				// The next deployment may have the update whose installation has just failed to be written down.
				if err := a.judgeCut(ctx, t); err != nil {
					return t.now.Add(t.rhythm.contact), errors.Join(append(faults, err)...)
				}
			}
			found := t.found
			due, err := a.advance(ctx, t, c, record)
			if ctx.Err() != nil {
				return t.now, ctx.Err()
			}
			if failed = err != nil; failed {
				faults = append(faults, inDeployment(record.Deployment.ID, err))
			}
			next = earliest(next, due)
			if t.found > found {
				before = i
			}
		}
		left = left[:before]
	}
	return next, errors.Join(faults...)
}

// advance takes one deployment that has been evaluated as far as it can go now, and tells when to look at it again.
func (a *Agent) advance(ctx context.Context, t *turn, c campaign, record *deploymentRecord) (time.Time, error) {
	d := record.Deployment
	state, err := a.progress(ctx, d)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if len(state.missing)+len(state.pending) == 0 {
		return time.Time{}, a.complete(ctx, t, record, state)
	}
	if err := a.tellCompliance(ctx, t, *record, state); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	available, begin := d.Available(a.config.Zone), a.beginning(c, *record)
	switch {
	case available.After(t.now):
		return available, nil
	case record.Settled || !d.Required() && !d.PreDownload:
		return time.Time{}, nil
	case record.Retry.After(t.now):
		return record.Retry, nil
	}
	if !record.Downloaded && len(without(state.missing, record.Failed)) > 0 {
		if !t.mayFetch(d, begin) {
			return t.now.Add(t.rhythm.retry), nil
		}
		// The scan before the download. Without it the content waits, but for a deployment that begins: its enforcement tells what is wrong.
		if due, err := a.freshScan(ctx, t); err != nil && (ctx.Err() != nil || begin.After(t.now)) {
			return due, unlessWaiting(err)
		}
		if state, err = a.progress(ctx, d); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		if len(state.missing)+len(state.pending) == 0 {
			return time.Time{}, a.complete(ctx, t, record, state)
		}
	}
	if !record.Downloaded && len(without(state.missing, record.Failed)) > 0 {
		if due, err := a.fetchAhead(ctx, t, c, record, state.missing); err != nil || !due.IsZero() || record.Settled {
			return due, err
		}
	}
	switch {
	case !d.Required():
		return time.Time{}, nil
	case begin.After(t.now):
		return begin, nil
	case c.settings.ComputerAgent.AdditionalSoftware:
		// Other software decides when to install: it calls Install.
		return time.Time{}, nil
	case record.Waiting.lasts(t, state, record.Failed):
		return record.Waiting.Until, nil
	}
	return a.enforce(ctx, t, c, record, state)
}
