package clientagent

import (
	"context"
	"time"
)

// RetrievePolicy fetches the policy now, whether or not its polling is due, as the user's Machine Policy Retrieval & Evaluation Cycle: what
// the site has changed counts from then on. One that has not changed costs a small request. It registers first when that has not been done
// yet. ErrNotReady answers when there is no policy, neither here nor at a site without software update point; after any other error the
// policy that is here still holds.
func (a *Agent) RetrievePolicy(ctx context.Context) error {
	t, done, err := a.ask(ctx)
	if err != nil {
		return err
	}
	defer done()
	t.me.Due, t.cycles.Policy = time.Time{}, time.Time{}
	if err := a.fetchPolicy(ctx, t); err != nil {
		return err
	}
	if t.policy.ETag == "" {
		return ErrNotReady
	}
	return nil
}

// fetchPolicy registers and polls as far as either is due.
func (a *Agent) fetchPolicy(ctx context.Context, t *turn) error {
	if _, err := a.register(ctx, t); err != nil {
		return err
	}
	_, err := a.pollPolicy(ctx, t)
	return err
}
