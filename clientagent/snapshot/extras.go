package snapshot

import (
	"context"
	"fmt"
	"maps"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// extras are the facts that only few rules ask for. What is nil is not told.
type extras struct {
	equipment *applicability.Equipment
	devices   *applicability.Devices
	history   map[uuid.UUID]bool
	licenses  map[string]license
	cluster   *cluster
}

// license is a value of the licensing service.
type license struct {
	name  string
	value applicability.Value
}

// cluster is what a node knows: whether it is one, nil where that is not told, and by their names whether it owns the resources.
type cluster struct {
	Node      *bool           `json:"node,omitempty"`
	Resources map[string]bool `json:"resources,omitempty"`
}

func (x extras) clone() extras {
	x.history, x.licenses = maps.Clone(x.history), maps.Clone(x.licenses)
	if x.cluster != nil {
		x.cluster = &cluster{x.cluster.Node, maps.Clone(x.cluster.Resources)}
	}
	return x
}

// installed notes an update in the history, where there is one.
func (x extras) installed(update uuid.UUID) {
	if x.history != nil {
		x.history[update] = true
	}
}

func notTold(what string) error { return fmt.Errorf("the snapshot does not tell the %s", what) }

// InstalledOnce takes an update that is not in the history as never installed, unless the history was recorded and has only what was
// asked.
func (s *state) InstalledOnce(_ context.Context, update uuid.UUID) (bool, error) {
	once, ok := s.history[update]
	if s.history == nil || !ok && s.asked != nil {
		return false, notTold("install history of update " + update.String())
	}
	return once, nil
}

func (s *state) License(_ context.Context, name string) (applicability.Value, error) {
	if err := s.asked.tells(askedLicenses, "licensing value ", name); err != nil {
		return applicability.Value{}, err
	}
	l, ok := s.licenses[fold(name)]
	if !ok {
		return applicability.Value{}, fmt.Errorf("licensing value %s: %w", name, applicability.ErrNotFound)
	}
	return l.value, nil
}

func (s *state) ClusterNode(context.Context) (bool, error) {
	c := s.cluster
	if c == nil || c.Node == nil {
		return false, notTold("state of the cluster")
	}
	return *c.Node, nil
}

func (s *state) OwnsResource(_ context.Context, name string) (bool, error) {
	if err := s.asked.tells(askedResources, "cluster resource ", name); err != nil {
		return false, err
	}
	c := s.cluster
	if c == nil {
		return false, notTold("owner of cluster resource " + name)
	}
	for have, owned := range c.Resources {
		if fold(have) == fold(name) {
			return owned, nil
		}
	}
	return false, fmt.Errorf("cluster resource %s: %w", name, applicability.ErrNotFound)
}

func (s *state) Equipment(context.Context) (applicability.Equipment, error) {
	q := s.equipment
	if q == nil {
		return applicability.Equipment{}, notTold("equipment")
	}
	return *q, nil
}

func (s *state) Devices(context.Context) (applicability.Devices, error) {
	d := s.devices
	if d == nil {
		return applicability.Devices{}, notTold("devices")
	}
	return *d, nil
}
