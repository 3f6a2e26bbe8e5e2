package clientagent

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Expires is when the deployment ends on a machine of that zone; zero for never.
func (d Deployment) Expires(zone *time.Location) time.Time { return d.at(d.ExpirationTime, zone) }

func (d Deployment) expired(now time.Time, zone *time.Location) bool {
	end := d.Expires(zone)
	return !end.IsZero() && !end.After(now)
}

// live is the policy with those of its deployments that have not expired: an agent treats the others as if they had been taken back, but for
// what it has told of them. It shares what it can with p.
func (p Policy) live(now time.Time, zone *time.Location) Policy {
	over := func(d Deployment) bool { return d.expired(now, zone) }
	if slices.ContainsFunc(p.Deployments, over) {
		p.Deployments = slices.DeleteFunc(slices.Clone(p.Deployments), over)
	}
	return p
}

// follow makes a policy that of the turn.
func (a *Agent) follow(t *turn, p Policy) {
	t.policy, t.expired = p.live(t.now, a.config.Zone), nil
	for _, d := range p.Deployments {
		if d.expired(t.now, a.config.Zone) {
			t.expired = append(t.expired, d)
		}
	}
}

// expire ends what still waits because of deployments that have expired, and says so once.
func (a *Agent) expire(ctx context.Context, t *turn) error {
	c := a.begin()
	any := false
	for _, d := range t.expired {
		key := prefDeploy + d.ID.String()
		var record deploymentRecord
		if _, err := c.get(ctx, key, &record); err != nil {
			return err
		}
		if record.Expired {
			continue
		}
		any = true
		record.Expired = true
		c.set(key, record)
		a.log.InfoContext(ctx, "deployment has expired: nothing is done for it any more", "deployment", d.ID, "name", d.Name,
			"expired", d.Expires(a.config.Zone))
	}
	if !any {
		return nil
	}
	if err := a.dropWithdrawn(ctx, c, t.policy); err != nil {
		return fmt.Errorf("end expired deployments: %w", err)
	}
	return c.commit(ctx)
}
