package clientagent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/compliance"
)

// cycles are the due times of everything that comes round; those that end in Due are without random delay.
type cycles struct {
	Policy          time.Time `json:"policy,omitzero"`
	Scan            time.Time `json:"scan,omitzero"`
	ScanDue         time.Time `json:"scanDue,omitzero"`
	Reevaluation    time.Time `json:"reevaluation,omitzero"`
	ReevaluationDue time.Time `json:"reevaluationDue,omitzero"`
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
	if err := a.dropDeployments(ctx, c, t, policy); err != nil {
		return err
	}
	if err := a.dropWithdrawn(ctx, c, policy.live(t.now, a.config.Zone)); err != nil {
		return err
	}
	if err := c.adoptLocations(ctx, was, policy); err != nil {
		return err
	}
	a.replanCycles(t, policy.Settings)
	if was.Settings.Enabled != policy.Settings.Enabled || was.ETag == "" {
		a.log.InfoContext(ctx, "software updates components switched", "enabled", policy.Settings.Enabled, "site", policy.SiteCode)
	}
	if advice := policy.Settings.Advice(policy.ServiceWindows); advice != "" {
		a.log.WarnContext(ctx, "restarts may wait for another maintenance window", "reason", advice)
	}
	a.follow(t, policy)
	c.set(keyPolicy, policy)
	return nil
}

// replanCycles takes over the cadences of new settings.
func (a *Agent) replanCycles(t *turn, is Settings) {
	was := t.rhythm
	t.rhythm = a.config.Pace.rhythm(is)
	switch {
	case !is.Enabled:
		t.cycles = cycles{Policy: t.cycles.Policy}
	case !t.policy.Settings.Enabled:
		// A policy alone starts no scan, except the one that switches the components on: within two hours.
		t.cycles.Scan, t.cycles.ScanDue = t.now.Add(a.within(t.rhythm.firstWindow)), time.Time{}
		t.cycles.Reevaluation, t.cycles.ReevaluationDue = a.plan(t, t.rhythm.reevaluation, time.Time{})
	default:
		t.cycles.Scan, t.cycles.ScanDue = a.replan(t, was.scan, t.rhythm.scan, t.cycles.Scan, t.cycles.ScanDue)
		t.cycles.Reevaluation, t.cycles.ReevaluationDue = a.replan(t, was.reevaluation, t.rhythm.reevaluation,
			t.cycles.Reevaluation, t.cycles.ReevaluationDue)
	}
}

// dropDeployments removes the records of deployments that are not in the policy any more, and what there was to tell of them. While the
// components are dormant the site has the deployments all the same: what was told of them stays, so that their end is told when they come back.
// So it is when one of them was disabled for a while; therefore it is remembered which enforcements there were.
func (a *Agent) dropDeployments(ctx context.Context, c *changes, t *turn, is Policy) error {
	kept := make(map[string]bool, len(is.Deployments))
	for _, d := range is.Deployments {
		kept[d.ID.String()] = true
	}
	drop := func(prefix string, gone func(id string) error) error {
		for record, err := range a.store.List(ctx, prefix) {
			if err != nil {
				return fmt.Errorf("list deployments: %w", err)
			}
			if id := strings.TrimPrefix(record.Key, prefix); !kept[id] {
				if err := gone(id); err != nil {
					return err
				}
			}
		}
		return nil
	}
	remove := func(id string) error { c.remove(prefDeploy + id); return nil }
	if err := drop(prefDeploy, remove); err != nil || !is.Settings.Enabled {
		return err
	}
	for _, topic := range []compliance.TopicType{
		compliance.AssignmentCompliance, compliance.AssignmentEnforcement, compliance.AssignmentEvaluation} {
		leave := func(id string) error { return c.leave(ctx, t, compliance.Topic{Type: topic, ID: id}) }
		if err := drop(prefMessage+messageKey(compliance.Topic{Type: topic}), leave); err != nil {
			return err
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
