package updatepoint

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// featureClassifications are those that the product reckons as feature updates when it presets a maximum run time.
var featureClassifications = []string{"Service Packs", "Update Rollups", "Upgrades"}

// SetMaxRunTime sets how long the installation of an update may take, in whole minutes from 5 to 9999: an agent starts it only in a
// maintenance window with so much time left, and gives it up after that. Zero goes back to the preset: 60 minutes for service packs,
// update rollups and upgrades, 10 minutes for all others. ErrUnknownUpdate answers for an update that the site does not have.
func (s *Site) SetMaxRunTime(ctx context.Context, update uuid.UUID, limit time.Duration) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if limit != 0 {
		if err := clientagent.ValidateMaxRunTime(limit); err != nil {
			return fmt.Errorf("set maximum run time of update %s: %w", update, err)
		}
	}
	next, err := s.runTimes(ctx, update)
	if err != nil {
		return fmt.Errorf("set maximum run time of update %s: %w", update, err)
	}
	if next[update] = limit; limit == 0 {
		delete(next, update)
	}
	err = s.commit(ctx, changes{keyRunTimes: next}, func(st *state) { st.runTimes = next })
	if err != nil {
		return fmt.Errorf("set maximum run time of update %s: %w", update, err)
	}
	return nil
}

// MaxRunTime is the maximum run time of an update, set or preset. ErrUnknownUpdate answers for an update that the site does not have.
func (s *Site) MaxRunTime(ctx context.Context, update uuid.UUID) (time.Duration, error) {
	if _, err := s.runTimes(ctx, update); err != nil {
		return 0, fmt.Errorf("maximum run time of update %s: %w", update, err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.maxRunTime(update), nil
}

// runTimes is a copy of those that were set, for a known update.
func (s *Site) runTimes(ctx context.Context, update uuid.UUID) (map[uuid.UUID]time.Duration, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return nil, err
	}
	if _, known := s.state.updates[update]; !known {
		return nil, ErrUnknownUpdate
	}
	set := make(map[uuid.UUID]time.Duration, len(s.state.runTimes)+1)
	maps.Copy(set, s.state.runTimes)
	return set, nil
}

func (st *state) maxRunTime(update uuid.UUID) time.Duration {
	if limit, set := st.runTimes[update]; set {
		return limit
	}
	if slices.Contains(featureClassifications, st.updates[update].Classification) {
		return clientagent.FeatureMaxRunTime
	}
	return clientagent.DefaultMaxRunTime
}

// maxRunTimes are those of the updates of deployments that clients cannot know. The caller holds Site.mu.
func (st *state) maxRunTimes(deployments []clientagent.Deployment) map[uuid.UUID]time.Duration {
	told := make(map[uuid.UUID]time.Duration)
	for _, d := range deployments {
		for _, update := range d.Updates {
			if limit := st.maxRunTime(update); limit != clientagent.DefaultMaxRunTime {
				told[update] = limit
			}
		}
	}
	if len(told) == 0 {
		return nil
	}
	return told
}
