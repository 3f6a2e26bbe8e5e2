package updatepoint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// MaxDeploymentUpdates is how many updates a deployment holds at most in the product.
const MaxDeploymentUpdates = 1000

// MaxDeployments is how many deployments a site has at most: so many of the largest fit into clientagent.MaxPolicyBytes.
const MaxDeployments = 400

// Deployment assigns updates to a collection.
type Deployment struct {
	// ID is zero for a new deployment; Deploy makes one. Another replaces the deployment that has it.
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	// Updates by id, each once, at least one and at most MaxDeploymentUpdates.
	Updates []uuid.UUID `json:"updates"`
	// Collection is the name of a collection, or AllSystems.
	Collection string `json:"collection"`
	// StartTime is the software available time; zero means now.
	StartTime time.Time `json:"startTime"`
	// Deadline is the installation deadline, not before StartTime. Zero makes the deployment optional; the type cannot be changed
	// later, the time can.
	Deadline time.Time `json:"deadline"`
	// SuppressReboot leaves a needed restart to the user.
	SuppressReboot bool `json:"suppressReboot,omitempty"`
}

// Required tells a required deployment from an optional one.
func (d Deployment) Required() bool { return !d.Deadline.IsZero() }

type deploymentRecord struct {
	Deployment
	Created  time.Time `json:"created"`
	Modified time.Time `json:"modified"`
}

// Deploy creates a deployment, or replaces the one with the given ID, and returns it as clients of the collection get it with
// their next policy. It refuses with every reason at once, as a *multierror.Error; each unknown or expired update is named. An
// update that expired later stays in the deployment.
func (s *Site) Deploy(ctx context.Context, d Deployment) (clientagent.Deployment, error) {
	s.changing.Lock()
	defer s.changing.Unlock()
	record, err := s.prepare(ctx, d)
	if err != nil {
		return clientagent.Deployment{}, fmt.Errorf("deploy: %w", err)
	}
	err = s.commit(ctx, changes{deploymentKey(record.ID): record}, func(st *state) { st.deployments[record.ID] = record })
	if err != nil {
		return clientagent.Deployment{}, fmt.Errorf("deploy %s: %w", d.Name, err)
	}
	s.log.Info("deployed", "site", s.Code(), "deployment", record.ID, "name", d.Name, "updates", len(d.Updates),
		"collection", d.Collection, "required", d.Required())
	return record.policy(), nil
}

// RemoveDeployment takes a deployment back; clients drop it with their next policy. What is installed stays. ErrNotFound answers
// for one that is not there.
func (s *Site) RemoveDeployment(ctx context.Context, id uuid.UUID) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if _, err := s.deployment(ctx, id); err != nil {
		return fmt.Errorf("remove deployment %s: %w", id, err)
	}
	err := s.commit(ctx, changes{deploymentKey(id): nil}, func(st *state) { delete(st.deployments, id) })
	if err != nil {
		return fmt.Errorf("remove deployment %s: %w", id, err)
	}
	return nil
}

// Deployments returns all deployments in the order of their creation.
func (s *Site) Deployments(ctx context.Context) ([]Deployment, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return nil, err
	}
	all := make([]Deployment, 0, len(s.state.deployments))
	for _, r := range s.state.inOrder() {
		r.Updates = slices.Clone(r.Updates)
		all = append(all, r.Deployment)
	}
	return all, nil
}

// inOrder returns the deployments in the order of their creation. The caller holds Site.mu.
func (st *state) inOrder() []deploymentRecord {
	return slices.SortedFunc(maps.Values(st.deployments), func(a, b deploymentRecord) int {
		return cmp.Or(a.Created.Compare(b.Created), slices.Compare(a.ID[:], b.ID[:]))
	})
}

// prepare checks a deployment against the site and completes it. The caller holds changing.
func (s *Site) prepare(ctx context.Context, d Deployment) (deploymentRecord, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return deploymentRecord{}, err
	}
	record := deploymentRecord{Deployment: d, Created: s.now()}
	record.Modified = record.Created
	record.Updates = slices.Clone(d.Updates)
	if d.StartTime.IsZero() {
		record.StartTime = record.Created
	}
	record.StartTime, record.Deadline = record.StartTime.UTC(), d.Deadline.UTC()
	var faults *multierror.Error
	var earlier deploymentRecord
	if d.ID == uuid.Nil {
		id, err := uuid.NewRandomFromReader(s.config.Random)
		if err != nil {
			return deploymentRecord{}, fmt.Errorf("make id: %w", err)
		}
		record.ID = id
		if len(s.state.deployments) >= MaxDeployments {
			faults = multierror.Append(faults, ErrTooManyDeployments)
		}
	} else if have, ok := s.state.deployments[d.ID]; !ok {
		faults = multierror.Append(faults, fmt.Errorf("deployment %s: %w", d.ID, ErrNotFound))
	} else {
		earlier, record.Created = have, have.Created
		if earlier.Required() != d.Required() {
			faults = multierror.Append(faults, ErrTypeImmutable)
		}
	}
	return record, multierror.Append(faults, record.check(), s.state.deployable(record, earlier)).ErrorOrNil()
}

// check returns what is wrong with a deployment whatever the site holds.
func (d Deployment) check() error {
	var faults *multierror.Error
	if err := validateName("deployment name", d.Name); err != nil {
		faults = multierror.Append(faults, err)
	}
	if d.Required() && d.Deadline.Before(d.StartTime) {
		faults = multierror.Append(faults, fmt.Errorf("deadline %s is before the available time %s",
			d.Deadline.Format(time.RFC3339), d.StartTime.Format(time.RFC3339)))
	}
	switch n := len(d.Updates); {
	case n == 0:
		faults = multierror.Append(faults, errors.New("a deployment needs at least one update"))
	case n > MaxDeploymentUpdates:
		faults = multierror.Append(faults, fmt.Errorf("%w, not %d", ErrTooManyUpdates, n))
	}
	if d.Collection == "" {
		faults = multierror.Append(faults, errors.New("the collection is missing; AllSystems is that of all clients"))
	}
	return faults.ErrorOrNil()
}

// deployable checks what a deployment refers to. The caller holds Site.mu.
func (st *state) deployable(d, earlier deploymentRecord) error {
	var faults *multierror.Error
	if _, ok := st.collections[strings.ToLower(d.Collection)]; !ok && d.Collection != "" && !strings.EqualFold(d.Collection, AllSystems) {
		faults = multierror.Append(faults, fmt.Errorf("%w: %s", ErrUnknownCollection, d.Collection))
	}
	if len(d.Updates) > MaxDeploymentUpdates {
		return faults.ErrorOrNil()
	}
	seen := make(map[uuid.UUID]bool, len(d.Updates))
	for _, id := range d.Updates {
		u, ok := st.updates[id]
		switch {
		case seen[id]:
			faults = multierror.Append(faults, fmt.Errorf("update %s is named twice", id))
		case !ok:
			faults = multierror.Append(faults, fmt.Errorf("%w: %s", ErrUnknownUpdate, id))
		case u.Expired && !slices.Contains(earlier.Updates, id):
			faults = multierror.Append(faults, fmt.Errorf("%w: %s %s", ErrExpiredUpdate, id, u.Title))
		}
		seen[id] = true
	}
	return faults.ErrorOrNil()
}

// deployment returns one deployment, or ErrNotFound.
func (s *Site) deployment(ctx context.Context, id uuid.UUID) (deploymentRecord, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return deploymentRecord{}, err
	}
	record, ok := s.state.deployments[id]
	if !ok {
		return deploymentRecord{}, ErrNotFound
	}
	return record, nil
}

// policy is the deployment as a client gets it.
func (d deploymentRecord) policy() clientagent.Deployment {
	return clientagent.Deployment{
		ID: d.ID, Name: d.Name, Updates: slices.Clone(d.Updates), StartTime: d.StartTime,
		EnforcementDeadline: d.Deadline, SuppressReboot: d.SuppressReboot,
	}
}

func deploymentKey(id uuid.UUID) string { return keyDeployments + id.String() }
