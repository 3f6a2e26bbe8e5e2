package updatepoint

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// AllSystems is the collection of all clients. It is always there and cannot be changed.
const AllSystems = "All Systems"

// MaxMembers is how many members a collection may name.
const MaxMembers = 10_000

// Collection is a named set of clients. Names are compared without case.
type Collection struct {
	Name string `json:"name"`
	// Members are names or ids of clients, compared without case. They need not be registered yet.
	Members []string `json:"members"`
	// ServiceWindows are the maintenance windows of the members, each with an id of its own; PutCollection gives one to those without.
	ServiceWindows clientagent.ServiceWindows `json:"serviceWindows,omitempty"`
}

// PutCollection inserts or replaces the collection of that name. It does not need a software update point.
func (s *Site) PutCollection(ctx context.Context, c Collection) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if err := c.nameWindows(s.config.Random); err != nil {
		return fmt.Errorf("put collection: %w", err)
	}
	if err := multierror.Append(c.validate(), s.windowsFit(c)).ErrorOrNil(); err != nil {
		return fmt.Errorf("put collection: %w", err)
	}
	c.Members = slices.Clone(c.Members)
	key := strings.ToLower(c.Name)
	if err := s.commit(ctx, changes{keyCollections + key: c}, func(st *state) { st.collections[key] = newMemberSet(c) }); err != nil {
		return fmt.Errorf("put collection %s: %w", c.Name, err)
	}
	s.advise()
	return nil
}

// RemoveCollection removes a collection. It answers ErrNotFound for one that is not there and ErrCollectionInUse for the target
// of a deployment or of custom client settings.
func (s *Site) RemoveCollection(ctx context.Context, name string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if err := s.removable(name); err != nil {
		return fmt.Errorf("remove collection %s: %w", name, err)
	}
	key := strings.ToLower(name)
	if err := s.commit(ctx, changes{keyCollections + key: nil}, func(st *state) { delete(st.collections, key) }); err != nil {
		return fmt.Errorf("remove collection %s: %w", name, err)
	}
	return nil
}

// Collections returns the collections that were put, ordered by name. AllSystems is not among them.
func (s *Site) Collections(ctx context.Context) ([]Collection, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	collections := make([]Collection, 0, len(s.state.collections))
	for _, set := range s.state.collections {
		collections = append(collections, Collection{Name: set.Name, Members: slices.Clone(set.Members),
			ServiceWindows: set.ServiceWindows.Clone()})
	}
	slices.SortFunc(collections, func(a, b Collection) int { return cmp.Compare(a.Name, b.Name) })
	return collections, nil
}

func (c Collection) validate() error {
	var faults *multierror.Error
	if err := validateName("collection name", c.Name); err != nil {
		faults = multierror.Append(faults, err)
	}
	if strings.EqualFold(c.Name, AllSystems) {
		faults = multierror.Append(faults, fmt.Errorf("collection %s cannot be changed", AllSystems))
	}
	if len(c.Members) > MaxMembers {
		faults = multierror.Append(faults, fmt.Errorf("collection has %d members, want at most %d", len(c.Members), MaxMembers))
		return faults
	}
	for _, member := range c.Members {
		if err := validateName("collection member", member); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	if err := c.ServiceWindows.Validate(); err != nil {
		faults = multierror.Append(faults, err)
	}
	return faults.ErrorOrNil()
}

func (s *Site) removable(name string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.state.collections[strings.ToLower(name)]; !ok {
		return ErrNotFound
	}
	for _, d := range s.state.deployments {
		if strings.EqualFold(d.Collection, name) {
			return fmt.Errorf("%w: %s", ErrCollectionInUse, d.Name)
		}
	}
	for _, c := range s.state.custom {
		if slices.ContainsFunc(c.Collections, func(target string) bool { return strings.EqualFold(target, name) }) {
			return fmt.Errorf("%w: %s", ErrCollectionInUse, c.Name)
		}
	}
	return nil
}

// memberSet is a collection with its members in lower case, so that a policy costs no walk through them.
type memberSet struct {
	Collection
	lower map[string]struct{}
}

func newMemberSet(c Collection) memberSet {
	set := memberSet{Collection: c, lower: make(map[string]struct{}, len(c.Members))}
	for _, member := range c.Members {
		set.lower[strings.ToLower(member)] = struct{}{}
	}
	return set
}

// inCollection tells whether a client is a member. The caller holds Site.mu.
func (st *state) inCollection(name string, c clientRecord) bool {
	if strings.EqualFold(name, AllSystems) {
		return true
	}
	members := st.collections[strings.ToLower(name)].lower
	_, byName := members[strings.ToLower(c.Name)]
	_, byID := members[c.ID]
	return byName || byID
}
