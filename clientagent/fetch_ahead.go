package clientagent

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/compliance"
)

// errTooLong says that a download goes on for longer than ContentDownloadTimeout.
var errTooLong = errors.New("download goes on for too long")

// fetchAhead downloads what a deployment misses, from its available time on, but for what a user has cancelled ahead of the deadline. A time
// asks to look again then; the zero time lets the enforcement go on, and then what could not be fetched stops no other update.
func (a *Agent) fetchAhead(ctx context.Context, t *turn, c campaign, record *deploymentRecord, missing []uuid.UUID) (time.Time, error) {
	required := record.Deployment.Required()
	begun := required && !a.beginning(c, *record).After(t.now)
	wanted, state := missing, JobDownloading
	if !required {
		state = JobPreDownload
	}
	if !begun {
		cancelled, err := a.cancelled(ctx)
		if err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		wanted = without(missing, cancelled)
	}
	if record.ContentSince.IsZero() || record.ContentSince.After(t.now) {
		record.ContentSince = t.now
	}
	// What the updates waited for, theirs and the deployment's state must tell anew when the download is over.
	record.Enforced, record.Waiting = true, nil
	if len(wanted) > 0 {
		if err := a.tellProgress(ctx, t, *record, compliance.EnforcementDownloading, 0); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
	}
	ready, fault := a.download(ctx, t, wanted, state)
	if errors.Is(fault, errUnfinished) && record.overdue(t, c.settings.Content.ContentDownloadTimeout) {
		fault = a.endDownloads(ctx, t, wanted)
	}
	switch {
	case ctx.Err() != nil:
		return t.now, ctx.Err()
	case errors.Is(fault, errUnfinished), errors.Is(fault, errDownloadCancelled):
		return t.soon(), nil
	case fault == nil:
		record.Downloaded, record.Retry, record.ContentSince = true, time.Time{}, time.Time{}
		outcome, code := compliance.EnforcementDownloaded, int32(0)
		if len(wanted) < len(missing) {
			outcome, code = compliance.EnforcementDownloadFailed, CodeJobCancelled
		}
		if err := a.tellProgress(ctx, t, *record, outcome, code); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		return time.Time{}, nil
	case ready > 0 && begun:
		a.log.WarnContext(ctx, "not all content could be fetched before the installation", "error", fault)
		return time.Time{}, nil
	}
	code := installCode(fault)
	due := t.retryContent(c, record, code)
	return due, errors.Join(fault, a.tellProgress(ctx, t, *record, compliance.EnforcementDownloadFailed, code))
}

// endDownloads gives up the downloads that go on.
func (a *Agent) endDownloads(ctx context.Context, t *turn, ids []uuid.UUID) error {
	var faults *multierror.Error
	for _, id := range ids {
		job, err := a.job(ctx, id)
		if err == nil && job.State.fetching() {
			err = a.failContent(ctx, t, id, errTooLong)
		}
		faults = multierror.Append(faults, err)
	}
	return faults.ErrorOrNil()
}

// overdue says that content is fetched for as long as the settings allow.
func (r *deploymentRecord) overdue(t *turn, limit time.Duration) bool {
	return !t.now.Before(r.ContentSince.Add(limit))
}

// retryContent plans the next try. When content has been fetched in vain for as long as the settings allow, the deployment waits for the
// next re-evaluation: the zero time.
func (t *turn) retryContent(c campaign, record *deploymentRecord, code int32) time.Time {
	if record.ContentSince.IsZero() || record.ContentSince.After(t.now) {
		record.ContentSince = t.now
	}
	limit := c.settings.Content.ContentDownloadTimeout
	if code == CodeURLNotAvailable {
		limit = c.settings.Content.ContentLocationTimeout
	}
	record.Downloaded, record.Retry = false, time.Time{}
	if record.overdue(t, limit) {
		record.Settled = true
		return time.Time{}
	}
	record.Retry = t.now.Add(t.rhythm.retry)
	return record.Retry
}
