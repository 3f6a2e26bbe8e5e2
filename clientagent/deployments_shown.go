package clientagent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// DeploymentStatus is what an agent knows of one deployment of its policy. Times are moments on this machine, zero for none.
type DeploymentStatus struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	Required bool      `json:"required"`
	// Action is ActionApply or ActionDetect.
	Action AssignmentAction `json:"action"`
	// Available and Deadline are those of the policy, Begins is when it installs by itself, with random delay, grace period and batching.
	Available time.Time `json:"available"`
	Deadline  time.Time `json:"deadline,omitzero"`
	Begins    time.Time `json:"begins,omitzero"`
	Expires   time.Time `json:"expires,omitzero"`
	// Shown says that Software Center shows it now.
	Shown bool `json:"shown"`
	// Updates is how many it has; Missing of them are still to be installed, and Pending wait for a restart only.
	Updates int `json:"updates"`
	Missing int `json:"missing"`
	Pending int `json:"pending"`
	// Evaluation, Compliance and Enforcement are its present states of topics 302, 300 and 301, told or not; 0 for none. ErrorCode is that of
	// the last two; 0 when nothing failed.
	Evaluation  compliance.AssignmentEvaluationState  `json:"evaluation"`
	Compliance  compliance.AssignmentComplianceState  `json:"compliance"`
	Enforcement compliance.AssignmentEnforcementState `json:"enforcement"`
	ErrorCode   int32                                 `json:"errorCode,omitempty"`
	// Reason says in words what it waits for, Until when that ends by itself; zero when that is not known.
	Reason string    `json:"reason"`
	Until  time.Time `json:"until,omitzero"`
}

// Deployments lists the deployments of the policy, ordered by name and id, with those that are to come, that are hidden from users, or that
// have expired. It is empty while the components are dormant. It can be called while the agent works.
func (a *Agent) Deployments(ctx context.Context) ([]DeploymentStatus, error) {
	policy, _, err := load[Policy](ctx, a.store, keyPolicy)
	if err != nil {
		return nil, err
	}
	t := &turn{now: a.now(), policy: policy}
	c, err := a.campaign(ctx, t)
	if err != nil {
		return nil, err
	}
	all := make([]DeploymentStatus, 0, len(policy.Deployments))
	for _, d := range policy.Deployments {
		status, err := a.deploymentStatus(ctx, t, c, d)
		if err != nil {
			return nil, err
		}
		all = append(all, status)
	}
	slices.SortFunc(all, func(a, b DeploymentStatus) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(a.ID[:], b.ID[:]))
	})
	return all, nil
}

func (a *Agent) deploymentStatus(ctx context.Context, t *turn, c campaign, d Deployment) (DeploymentStatus, error) {
	zone := a.config.Zone
	s := DeploymentStatus{ID: d.ID, Name: d.Name, Required: d.Required(), Action: cmp.Or(d.AssignmentAction, ActionApply),
		Available: d.Available(zone), Deadline: d.Deadline(zone), Expires: d.Expires(zone), Updates: len(d.Updates)}
	record, _, err := load[deploymentRecord](ctx, a.store, prefDeploy+d.ID.String())
	if err != nil {
		return s, err
	}
	state, err := a.progress(ctx, d)
	if err != nil {
		return s, err
	}
	shown, err := a.shown(ctx, t.policy, d)
	if err != nil {
		return s, err
	}
	s.Shown = shown && !d.expired(t.now, zone)
	s.Missing, s.Pending = len(state.missing), len(state.pending)
	if record.Deployment.equal(d) {
		s.Begins = a.beginning(c, record)
	}
	if err := a.deploymentTopics(ctx, &s); err != nil {
		return s, err
	}
	s.Reason, s.Until = a.waitsFor(t, c, d, record, state, s)
	return s, nil
}

// deploymentTopics reads the present states of the deployment's topics.
func (a *Agent) deploymentTopics(ctx context.Context, s *DeploymentStatus) error {
	read := func(topic compliance.TopicType) (m currentMessage, err error) {
		m, _, err = load[currentMessage](ctx, a.store, prefMessage+messageKey(compliance.Topic{Type: topic, ID: s.ID.String()}))
		return m, err
	}
	evaluation, err := read(compliance.AssignmentEvaluation)
	complies, fault := read(compliance.AssignmentCompliance)
	enforcement, lost := read(compliance.AssignmentEnforcement)
	s.Evaluation = compliance.AssignmentEvaluationState(evaluation.State)
	s.Compliance = compliance.AssignmentComplianceState(complies.State)
	s.Enforcement = compliance.AssignmentEnforcementState(enforcement.State)
	s.ErrorCode = cmp.Or(enforcement.Code, evaluation.Code)
	return errors.Join(err, fault, lost)
}

// waitsFor follows the order in which a step decides.
func (a *Agent) waitsFor(t *turn, c campaign, d Deployment, record deploymentRecord, state progress, s DeploymentStatus) (string, time.Time) {
	failure := cmp.Or(CodeMeaning(s.ErrorCode), fmt.Sprintf("failed with 0x%08X", uint32(s.ErrorCode)))
	switch {
	case d.expired(t.now, a.config.Zone):
		return "expired: nothing is done for it any more", time.Time{}
	case !record.Evaluated && s.Evaluation == compliance.EvaluationFailed:
		return "not evaluated: " + failure + "; again with the next scan", time.Time{}
	case s.Missing+s.Pending+len(state.unknown) == 0:
		return "compliant: nothing is missing", time.Time{}
	case !record.Evaluated:
		return "not evaluated yet", time.Time{}
	case s.Missing+s.Pending == 0:
		return "some updates cannot be judged", time.Time{}
	case !d.applies():
		return "only detects: updates are missing", time.Time{}
	case s.Available.After(t.now):
		return "waits for its available time", s.Available
	case s.Missing == 0:
		return "waits for a restart", time.Time{}
	case record.Settled:
		return failure + "; again with the next re-evaluation", time.Time{}
	case record.Retry.After(t.now):
		return failure + "; tries again", record.Retry
	case !d.Required() && d.PreDownload && !record.Downloaded:
		return "downloads ahead of the user's choice", time.Time{}
	case !d.Required():
		return "waits for the user", time.Time{}
	case s.Begins.After(t.now):
		return "waits for its deadline", s.Begins
	case c.settings.ComputerAgent.AdditionalSoftware:
		return "waits for other software to install it", time.Time{}
	case record.Waiting != nil && record.Waiting.Restart:
		return "waits for a restart before it goes on", time.Time{}
	case record.Waiting != nil && record.Waiting.Until.IsZero():
		return CodeMeaning(StatusNoWindow), time.Time{}
	case record.Waiting != nil:
		return "waits for a maintenance window", record.Waiting.Until
	}
	return "due: installs with the next step", time.Time{}
}
