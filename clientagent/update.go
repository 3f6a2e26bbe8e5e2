package clientagent

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// UpdateStatus is what an agent knows of one update: every explicitly deployable software update of the catalogue that the server
// offered it has one.
type UpdateStatus struct {
	ID       uuid.UUID `json:"id"`
	Revision int32     `json:"revision"`
	// Title is empty until the update has been required or installed here, since a client fetches the texts of those only, unless
	// Config.AllTitles is set.
	Title string           `json:"title"`
	State compliance.State `json:"state"`
	// Why says in words what decided the state, such as the rule that could not be evaluated.
	Why string `json:"why,omitempty"`
	// Job is how far its installation is, ErrorCode why the last one failed, and ErrorReason what was said beside the code: by the installer, or
	// of the content.
	Job         JobState `json:"job,omitempty"`
	ErrorCode   int32    `json:"errorCode,omitempty"`
	ErrorReason string   `json:"errorReason,omitempty"`
	// Deadline is the earliest one of the deployments that offer it; zero without a required deployment. Only Updates sets it.
	Deadline time.Time `json:"deadline,omitzero"`
}

// tellDetection tells the state of an update (topic 500). That an update is not required is told only when it replaces another
// state: with the content version of the scan it goes without saying for all others.
func (c *changes) tellDetection(ctx context.Context, t *turn, id uuid.UUID, state compliance.State) error {
	topic := compliance.Topic{Type: compliance.UpdateDetection, ID: id.String()}
	if state == compliance.NotRequired {
		if told, err := c.get(ctx, prefMessage+messageKey(topic), &currentMessage{}); err != nil || !told {
			return err
		}
	}
	return c.tell(ctx, currentMessage{Topic: topic, State: int(state), Time: t.now})
}

// allUpdates reads the update store, ordered by id, with the work on each.
func (a *Agent) allUpdates(ctx context.Context) ([]UpdateStatus, error) {
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return nil, err
	}
	var all []UpdateStatus
	err = list(ctx, a.store, prefUpdate, func(_ string, u UpdateStatus) error {
		u.withJob(jobs[u.ID])
		all = append(all, u)
		return nil
	})
	return all, err
}

// withJob takes over how the work on the update stands.
func (u *UpdateStatus) withJob(job jobRecord) {
	u.Job, u.ErrorCode, u.ErrorReason = job.State, job.Code, job.Reason
}

func updateKey(id uuid.UUID) string { return prefUpdate + id.String() }
