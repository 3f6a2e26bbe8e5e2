package updatepoint

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// StatusType is the condition of a deployment on a client, with the numbers of SMS_SUMDeploymentStatus.
type StatusType int

// The four conditions.
const (
	Success       StatusType = 1
	InProgress    StatusType = 2
	StatusUnknown StatusType = 4
	StatusError   StatusType = 5
)

// String is the word of the monitoring view.
func (t StatusType) String() string {
	switch t {
	case Success:
		return "Success"
	case InProgress:
		return "In Progress"
	case StatusUnknown:
		return "Unknown"
	case StatusError:
		return "Error"
	}
	return fmt.Sprintf("StatusType(%d)", int(t))
}

// DeploymentStatus is how far a deployment is on the clients of its collection, as far as its StateMessageVerbosity lets them tell: below
// VerbositySuccesses nobody is known to comply.
type DeploymentStatus struct {
	Deployment Deployment
	// Clients of the collection, ordered by name and id.
	Clients []ClientDeploymentStatus
	// Reached says that there are clients and the end state, Compliant, is reached on each.
	Reached bool
}

// ClientDeploymentStatus is what one client last said of a deployment. States are 0, unknown, before it said anything.
type ClientDeploymentStatus struct {
	ID          string
	Name        string
	Status      StatusType
	Compliance  compliance.AssignmentComplianceState  // topic 300
	Enforcement compliance.AssignmentEnforcementState // topic 301
	Evaluation  compliance.AssignmentEvaluationState  // topic 302
	// ErrorCode is the HRESULT of the last enforcement or evaluation, 0 when it did not fail.
	ErrorCode int32
	// Changed is the time of the newest of these messages.
	Changed time.Time
	// Updates are the enforcement states of the deployment's updates (topic 402), in the deployment's order, as far as known.
	Updates []UpdateEnforcement
}

// UpdateEnforcement is how far the installation of one update is on a client.
type UpdateEnforcement struct {
	ID        uuid.UUID
	State     compliance.CIEnforcementState
	ErrorCode int32
	Changed   time.Time
}

// DeploymentStatus returns the status of one deployment; ErrNotFound when it is not there.
func (s *Site) DeploymentStatus(ctx context.Context, id uuid.UUID) (DeploymentStatus, error) {
	record, err := s.deployment(ctx, id)
	if err != nil {
		return DeploymentStatus{}, fmt.Errorf("deployment %s: %w", id, err)
	}
	record.Updates = slices.Clone(record.Updates)
	status := DeploymentStatus{Deployment: record.Deployment, Clients: s.targets(record.Collection)}
	status.Reached = len(status.Clients) > 0
	place := make(map[uuid.UUID]int, len(record.Updates))
	for i, update := range record.Updates {
		place[update] = i
	}
	for i := range status.Clients {
		client := &status.Clients[i]
		for e, err := range s.tracker.Enforcements(ctx, client.ID) {
			if err != nil {
				return DeploymentStatus{}, fmt.Errorf("deployment %s: %w", id, err)
			}
			client.take(e, id, place)
		}
		client.conclude(place)
		status.Reached = status.Reached && client.Compliance == compliance.Compliant
	}
	return status, nil
}

// targets lists the clients of a collection.
func (s *Site) targets(collection string) []ClientDeploymentStatus {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var targets []ClientDeploymentStatus
	for _, c := range s.state.clients {
		if s.state.inCollection(collection, c) {
			targets = append(targets, ClientDeploymentStatus{ID: c.ID, Name: c.Name})
		}
	}
	slices.SortFunc(targets, func(a, b ClientDeploymentStatus) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return targets
}

// take adds one state message if it is about the deployment or one of its updates.
func (c *ClientDeploymentStatus) take(e compliance.Enforcement, deployment uuid.UUID, place map[uuid.UUID]int) {
	topic, err := uuid.Parse(e.TopicID)
	if err != nil {
		return
	}
	if e.Type == compliance.CIEnforcement {
		if _, ok := place[topic]; ok {
			c.Updates = append(c.Updates, UpdateEnforcement{topic, compliance.CIEnforcementState(e.StateID), e.ErrorCode, e.Changed})
		}
		return
	}
	if topic != deployment {
		return
	}
	switch e.Type {
	case compliance.AssignmentCompliance:
		c.Compliance = compliance.AssignmentComplianceState(e.StateID)
	case compliance.AssignmentEnforcement:
		c.Enforcement = compliance.AssignmentEnforcementState(e.StateID)
	case compliance.AssignmentEvaluation:
		c.Evaluation = compliance.AssignmentEvaluationState(e.StateID)
	}
	if e.ErrorCode != 0 {
		c.ErrorCode = e.ErrorCode
	}
	if e.Changed.After(c.Changed) {
		c.Changed = e.Changed
	}
}

// conclude derives the condition: Success is 301/4 or 300/1, Error is 301/6, 301/9 or 302/3, Unknown is 301/0; the rest is in
// progress.
func (c *ClientDeploymentStatus) conclude(place map[uuid.UUID]int) {
	slices.SortFunc(c.Updates, func(a, b UpdateEnforcement) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	switch {
	case c.Compliance == compliance.Compliant, c.Enforcement == compliance.EnforcementInstalled:
		c.Status = Success
	case c.Enforcement == compliance.EnforcementInstallFailed, c.Enforcement == compliance.EnforcementDownloadFailed,
		c.Evaluation == compliance.EvaluationFailed:
		c.Status = StatusError
	case c.Enforcement == compliance.EnforcementUnknown:
		c.Status = StatusUnknown
	default:
		c.Status = InProgress
	}
}
