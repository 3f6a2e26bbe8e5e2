package snapshot

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// errNoAbility answers for what the recorded machine does not tell at all.
var errNoAbility = errors.New("the machine does not tell")

// InstalledOnce implements [applicability.History].
func (r *Recorder) InstalledOnce(ctx context.Context, update uuid.UUID) (bool, error) {
	history, ok := r.facts.(applicability.History)
	if !ok {
		return false, errNoAbility
	}
	once, err := history.InstalledOnce(ctx, update)
	if err == nil {
		r.note(func(s *state) {
			if s.history == nil {
				s.history = map[uuid.UUID]bool{}
			}
			s.history[update] = once
		})
	}
	return once, err
}

// License implements [applicability.Licensing].
func (r *Recorder) License(ctx context.Context, name string) (applicability.Value, error) {
	// Without the ability no value is known.
	v, err := applicability.Value{}, applicability.ErrNotFound
	if licensing, ok := r.facts.(applicability.Licensing); ok {
		v, err = licensing.License(ctx, name)
	}
	r.noteUnlessFailed(err, func(s *state) {
		s.asked.licenses[fold(name)] = name
		if err != nil {
			return
		}
		if s.licenses == nil {
			s.licenses = map[string]license{}
		}
		s.licenses[fold(name)] = license{name, v}
	})
	return v, err
}

// ClusterNode implements [applicability.Cluster].
func (r *Recorder) ClusterNode(ctx context.Context) (bool, error) {
	told, ok := r.facts.(applicability.Cluster)
	if !ok {
		return false, errNoAbility
	}
	node, err := told.ClusterNode(ctx)
	if err == nil {
		r.note(func(s *state) { s.clustered().Node = &node })
	}
	return node, err
}

// OwnsResource implements [applicability.Cluster].
func (r *Recorder) OwnsResource(ctx context.Context, name string) (bool, error) {
	told, ok := r.facts.(applicability.Cluster)
	if !ok {
		return false, errNoAbility
	}
	owned, err := told.OwnsResource(ctx, name)
	r.noteUnlessFailed(err, func(s *state) {
		s.asked.resources[fold(name)] = name
		c := s.clustered()
		if err != nil {
			return
		}
		if c.Resources == nil {
			c.Resources = map[string]bool{}
		}
		c.Resources[name] = owned
	})
	return owned, err
}

// clustered is the section about the cluster, made where there is none.
func (s *state) clustered() *cluster {
	if s.cluster == nil {
		s.cluster = &cluster{}
	}
	return s.cluster
}

// Equipment implements [applicability.Equipped].
func (r *Recorder) Equipment(ctx context.Context) (applicability.Equipment, error) {
	told, ok := r.facts.(applicability.Equipped)
	if !ok {
		return applicability.Equipment{}, errNoAbility
	}
	q, err := told.Equipment(ctx)
	if err == nil {
		r.note(func(s *state) { s.equipment = &q })
	}
	return q, err
}

// Devices implements [applicability.Drivers].
func (r *Recorder) Devices(ctx context.Context) (applicability.Devices, error) {
	told, ok := r.facts.(applicability.Drivers)
	if !ok {
		return applicability.Devices{}, errNoAbility
	}
	d, err := told.Devices(ctx)
	if err == nil {
		r.note(func(s *state) { s.devices = &d })
	}
	return d, err
}
