package clientagent

import (
	"context"
	"errors"
	"time"
)

// reevaluate opens all deployments again when the cycle is due: required updates that went missing are installed again, from the
// cache when they are still there, and failed ones are tried once more.
func (a *Agent) reevaluate(ctx context.Context, t *turn) (time.Time, error) {
	if !t.policy.Settings.Enabled || t.cycles.Reevaluation.IsZero() {
		return time.Time{}, nil
	}
	if t.cycles.Reevaluation.After(t.now) {
		return t.cycles.Reevaluation, nil
	}
	due, fault := a.freshScan(ctx, t)
	if fault != nil {
		if ctx.Err() != nil {
			return t.now, ctx.Err()
		}
		return due, fault
	}
	c := a.begin()
	err := list(ctx, a.store, prefDeploy, func(key string, record deploymentRecord) error {
		record.reopen()
		c.set(key, record)
		return nil
	})
	t.cycles.Reevaluation, t.cycles.ReevaluationDue = a.plan(t, t.rhythm.reevaluation, t.cycles.ReevaluationDue)
	c.set(keyCycles, t.cycles)
	return t.cycles.Reevaluation, errors.Join(err, c.commit(ctx))
}
