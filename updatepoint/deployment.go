package updatepoint

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

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
	// ExpirationTime, after both, is when clients stop to do anything for the deployment, and start again when it is put off. Zero is never.
	ExpirationTime time.Time `json:"expirationTime,omitzero"`
	// Disabled (Enabled false) keeps the deployment at the site: no client gets it.
	Disabled bool `json:"disabled,omitempty"`
	// DeploymentOptions say how clients carry it out; Deploy refuses those that do not go with the type.
	clientagent.DeploymentOptions
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
		EnforcementDeadline: d.Deadline, ExpirationTime: d.ExpirationTime, DeploymentOptions: d.DeploymentOptions,
	}
}

func deploymentKey(id uuid.UUID) string { return keyDeployments + id.String() }
