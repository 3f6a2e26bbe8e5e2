package clientagent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// cycles are the due times of everything that comes round.
type cycles struct {
	Policy       time.Time `json:"policy,omitzero"`
	Scan         time.Time `json:"scan,omitzero"`
	Reevaluation time.Time `json:"reevaluation,omitzero"`
}

// pollPolicy fetches the policy when its cycle is due.
func (a *Agent) pollPolicy(ctx context.Context, t *turn) (time.Time, error) {
	if !t.me.Registered {
		return time.Time{}, nil
	}
	if t.cycles.Policy.After(t.now) {
		return t.cycles.Policy, nil
	}
	policy, err := a.site.Policy(ctx, t.me.Token, t.policy.ETag)
	if err == nil {
		err = policy.Validate()
	}
	c := a.begin()
	switch {
	case err == nil:
		if err := a.adopt(ctx, c, t, policy); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
		t.cycles.Policy = t.now.Add(t.rhythm.policy)
	case errors.Is(err, ErrNotModified):
		t.cycles.Policy, err = t.now.Add(t.rhythm.policy), nil
	case errors.Is(err, ErrNotReady):
		a.log.DebugContext(ctx, "site has no software update point yet")
		t.cycles.Policy, err = t.now.Add(t.rhythm.contact), nil
	default:
		err = fmt.Errorf("fetch policy: %w", a.siteFailed(ctx, t, err))
		t.cycles.Policy = t.now.Add(t.rhythm.contact)
	}
	c.set(keyCycles, t.cycles)
	return t.cycles.Policy, errors.Join(err, c.commit(ctx))
}

// adopt makes a policy the agent's own. Disabling drops the deployments and keeps everything else, so that enabling goes on from there.
func (a *Agent) adopt(ctx context.Context, c *changes, t *turn, policy Policy) error {
	was := t.policy
	if !policy.Settings.Enabled {
		policy.Deployments = nil
	}
	if err := a.dropDeployments(ctx, c, policy.Deployments); err != nil {
		return err
	}
	if !slices.EqualFunc(was.Locations, policy.Locations, func(a, b Location) bool { return a.WSUSURL == b.WSUSURL }) {
		if err := c.endScanWait(ctx); err != nil {
			return err
		}
	}
	rhythm := a.config.Pace.rhythm(policy.Settings)
	switch {
	case !policy.Settings.Enabled:
		t.cycles.Scan, t.cycles.Reevaluation = time.Time{}, time.Time{}
	case !was.Settings.Enabled:
		// A policy alone starts no scan, except the one that switches the components on: within two hours.
		t.cycles.Scan = t.now.Add(a.within(rhythm.firstWindow))
		t.cycles.Reevaluation = t.now.Add(rhythm.reevaluation + a.within(rhythm.scanWindow))
	default:
		t.cycles.Scan = earliest(t.cycles.Scan, t.now.Add(rhythm.scan+a.within(rhythm.scanWindow)))
		t.cycles.Reevaluation = earliest(t.cycles.Reevaluation, t.now.Add(rhythm.reevaluation+a.within(rhythm.scanWindow)))
	}
	if was.Settings.Enabled != policy.Settings.Enabled || was.ETag == "" {
		a.log.InfoContext(ctx, "software updates components switched", "enabled", policy.Settings.Enabled, "site", policy.SiteCode)
	}
	t.policy, t.rhythm = policy, rhythm
	c.set(keyPolicy, policy)
	return nil
}

// dropDeployments removes the records of deployments that are not in the policy any more, and what there was to tell of them.
func (a *Agent) dropDeployments(ctx context.Context, c *changes, keep []Deployment) error {
	kept := make(map[uuid.UUID]bool, len(keep))
	for _, d := range keep {
		kept[d.ID] = true
	}
	for record, err := range a.store.List(ctx, prefDeploy) {
		if err != nil {
			return fmt.Errorf("list deployments: %w", err)
		}
		id := strings.TrimPrefix(record.Key, prefDeploy)
		if parsed, err := uuid.Parse(id); err == nil && kept[parsed] {
			continue
		}
		c.remove(record.Key)
		for _, topic := range []compliance.TopicType{
			compliance.AssignmentCompliance, compliance.AssignmentEnforcement, compliance.AssignmentEvaluation} {
			c.forget(compliance.Topic{Type: topic, ID: id})
		}
	}
	return nil
}

// within draws a random delay below the window.
func (a *Agent) within(window time.Duration) time.Duration {
	if window <= 0 {
		return 0
	}
	return time.Duration(a.rand.Int64N(int64(window)))
}
