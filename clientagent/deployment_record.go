package clientagent

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// deploymentRecord is how far the agent is with a deployment.
type deploymentRecord struct {
	// Deployment as the policy had it when the agent last looked at it and it had not expired.
	Deployment Deployment `json:"deployment"`
	// Deadline is the enforcement deadline with the random delay, drawn once.
	Deadline time.Time `json:"deadline,omitzero"`
	// Evaluated says that a scan answered which updates are missing.
	Evaluated bool `json:"evaluated,omitempty"`
	// Downloaded says that the content of the missing updates was fetched ahead of the deadline.
	Downloaded bool `json:"downloaded,omitempty"`
	// Enforced says that something was told of an enforcement, so that its good end is told as well.
	Enforced bool `json:"enforced,omitempty"`
	// Settled deployments wait for the next re-evaluation, or for a change of the deployment.
	Settled bool `json:"settled,omitempty"`
	// Retry is when what failed for now is tried again.
	Retry time.Time `json:"retry,omitzero"`
	// Pulled is when the deadline of another deployment took this one along.
	Pulled time.Time `json:"pulled,omitzero"`
	// Failed are the updates whose installation failed since the last re-evaluation: they are not tried again before the next.
	Failed []uuid.UUID `json:"failed,omitempty"`
	// Waiting is what the enforcement waits for.
	Waiting *waiting `json:"waiting,omitempty"`
	// ContentSince is since when content is fetched, and is not all there.
	ContentSince time.Time `json:"contentSince,omitzero"`
	// Expired says that the deployment was over when the agent last looked at it.
	Expired bool `json:"expired,omitempty"`
}

// reopen lets everything be tried again.
func (r *deploymentRecord) reopen() {
	r.Settled, r.Retry, r.Failed, r.Waiting, r.ContentSince = false, time.Time{}, nil, nil, time.Time{}
}

// progress is where the updates of a deployment stand.
type progress struct {
	missing []uuid.UUID // required, and no restart would make them installed
	pending []uuid.UUID // waiting for a restart
	unknown []uuid.UUID
}

func (p progress) compliance() compliance.AssignmentComplianceState {
	switch {
	case len(p.missing)+len(p.pending) > 0:
		return compliance.NonCompliant
	case len(p.unknown) > 0:
		return compliance.ComplianceUnknown
	}
	return compliance.Compliant
}

// deployment reads the record of a deployment and takes over what has changed in the policy.
func (a *Agent) deployment(ctx context.Context, t *turn, d Deployment) (deploymentRecord, error) {
	record, found, err := load[deploymentRecord](ctx, a.store, prefDeploy+d.ID.String())
	if err != nil {
		return record, err
	}
	if record.Deployment.ID != d.ID { // new, or known only as one that has expired
		if record.Enforced, err = a.endUntold(ctx, d); err != nil {
			return record, err
		}
	}
	record.Retry = t.notLater(record.Retry, t.rhythm.retry)
	last := record.Deployment
	if found && last.equal(d) && !record.Expired {
		return record, nil
	}
	if !found || !slices.Equal(last.Updates, d.Updates) {
		record.Evaluated, record.Downloaded = false, false
	}
	zone := a.config.Zone
	if !last.Deadline(zone).Equal(d.Deadline(zone)) || randomized(last, t.policy.Settings) != randomized(d, t.policy.Settings) {
		record.Deadline, record.Pulled = d.Deadline(zone), time.Time{}
		if d.Required() && randomized(d, t.policy.Settings) {
			if delayed := record.Deadline.Add(a.within(t.rhythm.firstWindow)); delayed.Year() <= lastYear {
				record.Deadline = delayed
			}
		}
	}
	record.Deployment, record.Expired = d, false
	record.reopen()
	return record, a.keep(ctx, record, func(c *changes) error {
		if d.StateMessageVerbosity.level() <= last.StateMessageVerbosity.level() {
			return nil
		}
		return c.tellUntold(ctx, d)
	})
}

// endUntold says that something was told of an enforcement whose end was not: the deployment was here before the components were dormant, or
// before it was disabled, and then nobody knows whether the end that there was has been sent.
func (a *Agent) endUntold(ctx context.Context, d Deployment) (bool, error) {
	topic := compliance.Topic{Type: compliance.AssignmentEnforcement, ID: d.ID.String()}
	last, told, err := load[currentMessage](ctx, a.store, prefMessage+messageKey(topic))
	return told && (last.Left || last.State != int(compliance.EnforcementInstalled)), err
}

// reread brings records up to date with what was written of the deployments since they were read: an installation for the user is noted in
// them, too.
func (a *Agent) reread(ctx context.Context, records []*deploymentRecord) error {
	for _, record := range records {
		is, found, err := load[deploymentRecord](ctx, a.store, prefDeploy+record.Deployment.ID.String())
		if err != nil {
			return err
		}
		if found {
			*record = is
		}
	}
	return nil
}

// keep writes the record together with what tell tells.
func (a *Agent) keep(ctx context.Context, record deploymentRecord, tell func(c *changes) error) error {
	c := a.begin()
	c.set(prefDeploy+record.Deployment.ID.String(), record)
	if tell != nil {
		if err := tell(c); err != nil {
			return err
		}
	}
	return c.commit(ctx)
}

// activate evaluates a deployment that has arrived. The scan is shared with whatever else needs a fresh one.
func (a *Agent) activate(ctx context.Context, t *turn, record *deploymentRecord) (time.Time, error) {
	err := a.keep(ctx, *record, func(c *changes) error {
		return c.tellAssignment(ctx, t, *record, compliance.AssignmentEvaluation, int(compliance.EvaluationActivated), 0)
	})
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	due, fault := a.freshScan(ctx, t)
	if ctx.Err() != nil {
		return t.now, ctx.Err()
	}
	if fault != nil {
		return due, errors.Join(fault, a.keep(ctx, *record, func(c *changes) error {
			return c.tellAssignment(ctx, t, *record, compliance.AssignmentEvaluation, int(compliance.EvaluationFailed), scanCode(fault))
		}))
	}
	record.Evaluated = true
	err = a.keep(ctx, *record, func(c *changes) error {
		return c.tellAssignment(ctx, t, *record, compliance.AssignmentEvaluation, int(compliance.EvaluationSucceeded), 0)
	})
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	return time.Time{}, nil
}

// progress asks the update store where the updates of a deployment stand. An update that a completed scan was never sent is not
// required: its prerequisites do not hold on this machine.
func (a *Agent) progress(ctx context.Context, d Deployment) (p progress, err error) {
	scan, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil {
		return p, err
	}
	for _, id := range d.Updates {
		update, found, err := load[UpdateStatus](ctx, a.store, updateKey(id))
		if err != nil {
			return p, err
		}
		job, err := a.job(ctx, id)
		if err != nil {
			return p, err
		}
		switch {
		case job.State == JobPendingHardReboot:
			p.pending = append(p.pending, id)
		case !found && !scan.Done.IsZero():
		case !found || update.State == compliance.Unknown:
			p.unknown = append(p.unknown, id)
		case update.State == compliance.Required:
			p.missing = append(p.missing, id)
		}
	}
	return p, nil
}

// complete ends the work on a deployment that misses nothing any more.
func (a *Agent) complete(ctx context.Context, t *turn, record *deploymentRecord, state progress) error {
	ended := record.Enforced && len(state.unknown) == 0
	record.Settled = record.Deployment.Required() && len(state.unknown) == 0
	record.Enforced = record.Enforced && !ended
	record.Downloaded, record.Retry, record.Pulled = false, time.Time{}, time.Time{}
	record.Waiting, record.ContentSince = nil, time.Time{}
	return a.keep(ctx, *record, func(c *changes) error {
		if ended {
			if err := c.tellEnforcement(ctx, t, *record, compliance.EnforcementInstalled, 0); err != nil {
				return err
			}
		}
		return c.tellAssignment(ctx, t, *record, compliance.AssignmentCompliance, int(state.compliance()), 0)
	})
}

func (a *Agent) tellCompliance(ctx context.Context, t *turn, record deploymentRecord, state progress) error {
	return a.keep(ctx, record, func(c *changes) error {
		return c.tellAssignment(ctx, t, record, compliance.AssignmentCompliance, int(state.compliance()), 0)
	})
}

func (c *changes) tellAssignment(ctx context.Context, t *turn, record deploymentRecord, topic compliance.TopicType, state int, code int32) error {
	return c.tellAt(ctx, record.Deployment.StateMessageVerbosity, currentMessage{Topic: compliance.Topic{Type: topic, ID: record.Deployment.ID.String()},
		State: state, Code: code, Time: t.now})
}

func (c *changes) tellEnforcement(ctx context.Context, t *turn, record deploymentRecord, state compliance.AssignmentEnforcementState, code int32) error {
	return c.tellAssignment(ctx, t, record, compliance.AssignmentEnforcement, int(state), code)
}
