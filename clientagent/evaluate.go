package clientagent

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// evaluated is one update of the catalogue with the machine's verdict on it.
type evaluated struct {
	UpdateStatus
	revision *revision
}

// evaluate judges every update of the catalogue, ordered by revision id.
func evaluate(ctx context.Context, facts *applicability.Scan, all catalogue) ([]evaluated, error) {
	verdicts, err := facts.Verdicts(ctx)
	if err != nil {
		return nil, fmt.Errorf("evaluate updates: %w", err)
	}
	latest := all.latest()
	var found []evaluated
	for _, id := range all.ids() {
		r := all[id]
		if !r.software() || latest[r.Identity.UpdateID] != r {
			continue
		}
		verdict := verdicts[r.Identity.UpdateID]
		found = append(found, evaluated{revision: r, UpdateStatus: UpdateStatus{ID: r.Identity.UpdateID,
			Revision: r.Identity.RevisionNumber, State: complianceState(verdict.State), Why: verdict.Reason}})
	}
	return found, nil
}

// complianceState puts a verdict in the words of the console.
func complianceState(s applicability.State) compliance.State {
	switch s {
	case applicability.NotApplicable, applicability.Superseded:
		return compliance.NotRequired
	case applicability.Required:
		return compliance.Required
	case applicability.Installed:
		return compliance.Installed
	}
	return compliance.Unknown
}

// detailed are the revisions whose details the agent wants: what is required or installed, and the parts of bundles that installing them
// takes.
func (a *Agent) detailed(ctx context.Context, facts *applicability.Scan, all catalogue, found []evaluated) ([]*revision, error) {
	byIdentity := make(map[metadata.Identity]*revision, len(all))
	for _, r := range all {
		byIdentity[r.identity()] = r
	}
	wanted := make(map[*revision]bool)
	for _, e := range found {
		concerned := e.State == compliance.Required || e.State == compliance.Installed
		if concerned || a.config.AllTitles {
			wanted[e.revision] = true
		}
		if !concerned {
			continue
		}
		members, err := facts.Members(ctx, e.ID)
		if err != nil {
			return nil, fmt.Errorf("members of update %s: %w", e.ID, err)
		}
		for _, core := range members {
			wanted[byIdentity[core.Identity]] = true
		}
	}
	delete(wanted, nil)
	list := make([]*revision, 0, len(wanted))
	for r := range wanted {
		list = append(list, r)
	}
	return list, nil
}

// record makes the verdicts the update store, and tells what has changed. An update that waits for a restart stays required until the
// restart is over, whatever its rules say.
func (a *Agent) record(ctx context.Context, c *changes, t *turn, found []evaluated) error {
	seen := make(map[uuid.UUID]bool, len(found))
	for _, e := range found {
		seen[e.ID] = true
		status := e.UpdateStatus
		d, _, err := a.detail(ctx, e.revision.identity())
		if err != nil {
			return err
		}
		status.Title = d.title()
		if err := c.settleState(ctx, &status); err != nil {
			return err
		}
		if err := c.countFound(ctx, t, status); err != nil {
			return err
		}
		c.set(updateKey(e.ID), status)
		if err := c.tellDetection(ctx, t, e.ID, status.State); err != nil {
			return err
		}
	}
	partial, err := c.get(ctx, keyPartial, new(bool))
	if err != nil || partial {
		return err // what the server has left out may come anew
	}
	return list(ctx, a.store, prefUpdate, func(key string, u UpdateStatus) error {
		if seen[u.ID] {
			return nil
		}
		// The server does not send it to this machine any more, so it is not required here.
		c.remove(key)
		return c.tellGone(ctx, t, u.ID)
	})
}

// countFound counts an update that was not required before.
func (c *changes) countFound(ctx context.Context, t *turn, is UpdateStatus) error {
	if is.State != compliance.Required {
		return nil
	}
	var was UpdateStatus
	if _, err := c.get(ctx, updateKey(is.ID), &was); err != nil {
		return err
	}
	if was.State != compliance.Required {
		t.found++
	}
	return nil
}

// settleState brings the verdict and the work on the update together.
func (c *changes) settleState(ctx context.Context, u *UpdateStatus) error {
	var job jobRecord
	found, err := c.get(ctx, prefJob+u.ID.String(), &job)
	if err != nil || !found {
		return err
	}
	switch {
	case job.State == JobPendingHardReboot:
		u.State, u.Why = compliance.Required, "installation waits for a restart"
	case u.State != compliance.Required && !job.State.working():
		c.remove(prefJob + u.ID.String())
	}
	return nil
}

// tellGone replaces what was told of an update that a whole scan was not sent any more: its prerequisites no longer hold on this machine,
// or the server has dropped it, and then nobody counts it.
func (c *changes) tellGone(ctx context.Context, t *turn, id uuid.UUID) error {
	topic := compliance.Topic{Type: compliance.UpdateDetection, ID: id.String()}
	if told, err := c.get(ctx, prefMessage+messageKey(topic), &currentMessage{}); err != nil || !told {
		return err
	}
	return c.tell(ctx, currentMessage{Topic: topic, State: int(compliance.NotRequired), Time: t.now})
}
