package clientagent

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Updates lists what Software Center shows: the updates that a deployment offers now and that are not installed yet, ordered by id. What
// only hidden deployments offer is not among them, nor what is still downloaded ahead of a user's choice. It can be called while the
// agent works.
func (a *Agent) Updates(ctx context.Context) ([]UpdateStatus, error) {
	policy, _, err := load[Policy](ctx, a.store, keyPolicy)
	if err != nil {
		return nil, err
	}
	offers := make(map[uuid.UUID]time.Time)
	for _, d := range policy.live(a.now(), a.config.Zone).Deployments {
		shown, err := a.shown(ctx, policy, d)
		if err != nil {
			return nil, err
		}
		if !shown {
			continue
		}
		for _, id := range d.Updates {
			offers[id] = earliest(offers[id], d.Deadline(a.config.Zone))
		}
	}
	if len(offers) == 0 {
		return nil, nil
	}
	all, err := a.allUpdates(ctx)
	if err != nil {
		return nil, err
	}
	var offered []UpdateStatus
	for _, u := range all {
		deadline, ok := offers[u.ID]
		if !ok || u.State != compliance.Required {
			continue
		}
		if u.Job == JobNone {
			u.Job = JobAvailable
		}
		u.Deadline = deadline
		offered = append(offered, u)
	}
	return offered, nil
}

// shown says whether Software Center shows a deployment now.
func (a *Agent) shown(ctx context.Context, policy Policy, d Deployment) (bool, error) {
	if policy.Settings.HideDeployments || !d.applies() || !d.UserExperience.UserUIExperience() || d.Available(a.config.Zone).After(a.now()) {
		return false, nil
	}
	if !d.PreDownload {
		return true, nil
	}
	record, _, err := load[deploymentRecord](ctx, a.store, prefDeploy+d.ID.String())
	return record.Downloaded, err
}

// Progress follows the work on updates: it yields each as it stands, and again whenever that has changed, until all of them are installed or
// have failed; then their Job is JobInstallComplete or JobError. Without ids it follows whatever Updates lists, and goes on until ctx ends,
// as it does for an update on which nobody works. It can be called while the agent works; changes that follow each other fast may be
// seen as one. An error ends it.
func (a *Agent) Progress(ctx context.Context, ids ...uuid.UUID) iter.Seq2[UpdateStatus, error] {
	return func(yield func(UpdateStatus, error) bool) {
		seen := make(map[uuid.UUID]UpdateStatus)
		for {
			changed := a.written.next()
			now, err := a.followed(ctx, ids, seen)
			if err != nil {
				yield(UpdateStatus{}, err)
				return
			}
			ended := 0
			for _, u := range now {
				if u.Job == JobInstallComplete || u.Job == JobError {
					ended++
				}
				if old, known := seen[u.ID]; known && old.Job == u.Job && old.ErrorCode == u.ErrorCode && old.State == u.State {
					continue
				}
				seen[u.ID] = u
				if !yield(u, nil) {
					return
				}
			}
			if len(ids) > 0 && ended == len(now) {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// followed are the updates that Progress looks at, as they stand. One that was worked on and is in place now is complete.
func (a *Agent) followed(ctx context.Context, ids []uuid.UUID, seen map[uuid.UUID]UpdateStatus) ([]UpdateStatus, error) {
	var now []UpdateStatus
	listed := make(map[uuid.UUID]bool)
	if len(ids) == 0 {
		offered, err := a.Updates(ctx)
		if err != nil {
			return nil, err
		}
		now = offered
		for _, u := range offered {
			listed[u.ID] = true
		}
		for id := range seen {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		if listed[id] {
			continue
		}
		listed[id] = true
		u, found, err := load[UpdateStatus](ctx, a.store, updateKey(id))
		if err != nil {
			return nil, err
		}
		job, err := a.job(ctx, id)
		if err != nil {
			return nil, err
		}
		u.ID = id
		u.withJob(job)
		if found && u.Job == JobNone && u.State != compliance.Required {
			u.Job = JobInstallComplete
		}
		now = append(now, u)
	}
	return now, nil
}
