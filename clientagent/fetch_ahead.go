package clientagent

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// fetchAhead downloads what a deployment misses, from its available time on. A time asks to look again then; the zero time lets the
// enforcement go on, and then what could not be fetched stops no other update.
func (a *Agent) fetchAhead(ctx context.Context, t *turn, c campaign, record *deploymentRecord, missing []uuid.UUID) (time.Time, error) {
	record.Enforced = true
	if err := a.tellProgress(ctx, t, *record, compliance.EnforcementDownloading, 0); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	ready, fault := a.download(ctx, t, missing)
	switch {
	case ctx.Err() != nil:
		return t.now, ctx.Err()
	case errors.Is(fault, errUnfinished):
		return t.soon(), nil
	case fault == nil:
		record.Downloaded, record.Retry, record.ContentSince = true, time.Time{}, time.Time{}
		if err := a.tellProgress(ctx, t, *record, compliance.EnforcementDownloaded, 0); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		return time.Time{}, nil
	case ready > 0 && record.Deployment.Required() && !a.beginning(c, *record).After(t.now):
		a.log.WarnContext(ctx, "not all content could be fetched before the installation", "error", fault)
		return time.Time{}, nil
	}
	code := installCode(fault)
	due := t.retryContent(c, record, code)
	return due, errors.Join(fault, a.tellProgress(ctx, t, *record, compliance.EnforcementDownloadFailed, code))
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
	if !t.now.Before(record.ContentSince.Add(limit)) {
		record.Settled = true
		return time.Time{}
	}
	record.Retry = t.now.Add(t.rhythm.retry)
	return record.Retry
}
