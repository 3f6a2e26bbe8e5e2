package updatepoint

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

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
	record.StartTime, record.Deadline, record.ExpirationTime = record.StartTime.UTC(), d.Deadline.UTC(), d.ExpirationTime.UTC()
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
	if end := d.ExpirationTime; !end.IsZero() && !(end.After(d.StartTime) && end.After(d.Deadline)) {
		faults = multierror.Append(faults, fmt.Errorf("expiration time %s is not after the available time and the deadline",
			end.Format(time.RFC3339)))
	}
	switch n := len(d.Updates); {
	case n == 0:
		faults = multierror.Append(faults, errors.New("a deployment needs at least one update"))
	case n > MaxDeploymentUpdates:
		faults = multierror.Append(faults, fmt.Errorf("%w, not %d", ErrTooManyUpdates, n))
	}
	if err := d.DeploymentOptions.Validate(d.Required()); err != nil {
		faults = multierror.Append(faults, err)
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
