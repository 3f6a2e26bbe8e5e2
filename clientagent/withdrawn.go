package clientagent

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// deploys says whether a deployment of the policy is there to install the update.
func (p Policy) deploys(id uuid.UUID) bool {
	return slices.ContainsFunc(p.Deployments, func(d Deployment) bool { return d.applies() && slices.Contains(d.Updates, id) })
}

// dropWithdrawn ends what waits for updates that no deployment of a new policy has any more: whoever takes an update back does not want it
// installed because a user has postponed it. What has come to the machine goes its way, and a failure stays to be seen.
func (a *Agent) dropWithdrawn(ctx context.Context, c *changes, is Policy) error {
	var postponed []uuid.UUID
	if _, err := c.get(ctx, keyPostponed, &postponed); err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(postponed), func(id uuid.UUID) bool { return !is.deploys(id) })
	switch {
	case len(kept) == len(postponed):
	case len(kept) == 0:
		c.remove(keyPostponed)
	default:
		c.set(keyPostponed, kept)
	}
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return fmt.Errorf("list jobs: %w", err)
	}
	for id, job := range jobs {
		if !job.State.working() && job.State != JobPendingHardReboot && job.State != JobError && !is.deploys(id) {
			c.remove(prefJob + id.String())
		}
	}
	return nil
}
