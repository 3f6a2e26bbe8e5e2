package clientagent

import "context"

// EvaluateDeployments is the user's Software Updates Deployment Evaluation Cycle: it scans as Scan does, and lets the next Step
// look at all deployments again as their re-evaluation does, those included that had failed. The errors are those of Scan.
func (a *Agent) EvaluateDeployments(ctx context.Context) error {
	if _, err := a.Scan(ctx); err != nil {
		return err
	}
	t, done, err := a.ask(ctx)
	if err != nil {
		return err
	}
	defer done()
	t.cycles.Reevaluation = t.now
	c := a.begin()
	c.set(keyCycles, t.cycles)
	return c.commit(ctx)
}
