package clientagent

import (
	"context"

	"github.com/google/uuid"
)

// preparing says that the work on an update has begun and has not come to the machine yet.
func (s JobState) preparing() bool { return s == JobSubmitted || s == JobDetecting }

// showJobs lets the jobs of updates show that their work begins, until a download or an installation shows more. It returns them as they were,
// for hideJobs.
func (a *Agent) showJobs(ctx context.Context, t *turn, ids []uuid.UUID, state JobState) ([]jobRecord, error) {
	c := a.begin()
	var before []jobRecord
	for _, id := range ids {
		job, err := a.job(ctx, id)
		if err != nil {
			return nil, err
		}
		before = append(before, job)
		if err := c.setJob(ctx, jobRecord{ID: id, State: state, Since: t.now}); err != nil {
			return nil, err
		}
	}
	return before, c.commit(ctx)
}

// hideJobs takes back what showJobs showed of updates whose work got no farther. It does so even when ctx has ended.
func (a *Agent) hideJobs(ctx context.Context, before []jobRecord) error {
	ctx = context.WithoutCancel(ctx)
	c := a.begin()
	for _, last := range before {
		job, err := a.job(ctx, last.ID)
		if err != nil {
			return err
		}
		switch {
		case !job.State.preparing():
		case last.State == JobNone || last.State.preparing():
			c.remove(prefJob + last.ID.String())
		default:
			c.set(prefJob+last.ID.String(), last)
		}
	}
	return c.commit(ctx)
}

// leaveDownloads takes back that updates are being downloaded when nobody does that any more. It does so even when ctx has ended.
func (a *Agent) leaveDownloads(ctx context.Context, ids []uuid.UUID) error {
	ctx = context.WithoutCancel(ctx)
	c := a.begin()
	for _, id := range ids {
		job, err := a.job(ctx, id)
		if err != nil {
			return err
		}
		if job.State == JobDownloading || job.State == JobPreDownload {
			c.remove(prefJob + id.String())
		}
	}
	return c.commit(ctx)
}

// showScan shows that a scan comes before the installation, unless the last one will do.
func (a *Agent) showScan(ctx context.Context, t *turn, ids []uuid.UUID) ([]jobRecord, error) {
	scan, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil || a.isFresh(t, scan) {
		return nil, err
	}
	return a.showJobs(ctx, t, ids, JobDetecting)
}
