package clientagent

import (
	"context"
	"slices"
)

// stackFirst puts those of the deployments that have begun first that miss an update of the servicing stack: it decides what the updates of the
// others are, and whether they can be installed.
func (a *Agent) stackFirst(ctx context.Context, t *turn, c campaign, open []*deploymentRecord) error {
	var begun []*deploymentRecord
	for _, r := range open {
		if r.Deployment.Required() && !r.Settled && !a.beginning(c, *r).After(t.now) {
			begun = append(begun, r)
		}
	}
	if len(begun) < 2 {
		return nil
	}
	w, err := a.openWorkshop(ctx)
	if err != nil {
		return err
	}
	renewing := make(map[*deploymentRecord]int)
	for _, r := range begun {
		state, err := a.progress(ctx, r.Deployment)
		if err != nil {
			return err
		}
		for _, id := range without(state.missing, r.Failed) {
			if a.candidate(ctx, t, w, id).servicing {
				renewing[r] = 1
			}
		}
	}
	slices.SortStableFunc(open, func(a, b *deploymentRecord) int { return renewing[b] - renewing[a] })
	return nil
}
