package memory

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Groups implements wsus.GroupStore.
func (s *WSUS) Groups(ctx context.Context) ([]wsus.TargetGroup, int64, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.groups), func(a, b wsus.TargetGroup) int {
		return cmp.Compare(a.Name, b.Name)
	}), s.regrouped, nil
}

// PutGroup implements wsus.GroupStore.
func (s *WSUS) PutGroup(ctx context.Context, g wsus.TargetGroup) (wsus.TargetGroup, error) {
	if err := ctx.Err(); err != nil {
		return wsus.TargetGroup{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.groups {
		if other.ID != g.ID && strings.EqualFold(other.Name, g.Name) {
			return wsus.TargetGroup{}, fmt.Errorf("target group %q has the name already: %w", other.Name, wsus.ErrConflict)
		}
	}
	s.sequence++
	g.Sequence = s.sequence
	if old, replaces := s.groups[g.ID]; replaces && old.ParentID != g.ParentID {
		s.regrouped = s.sequence
	}
	s.groups[g.ID] = g
	return g, nil
}

// DeleteGroups implements wsus.GroupStore.
func (s *WSUS) DeleteGroups(ctx context.Context, ids ...uuid.UUID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.groups, id)
	}
	maps.DeleteFunc(s.approvals, func(key approvalKey, _ wsus.Approval) bool { return slices.Contains(ids, key.group) })
	s.sequence++
	s.regrouped = s.sequence
	return nil
}

// Memberships implements wsus.GroupStore.
func (s *WSUS) Memberships(ctx context.Context) iter.Seq2[wsus.Membership, error] {
	return each(ctx, func() []wsus.Membership {
		s.mu.RLock()
		defer s.mu.RUnlock()
		var all []wsus.Membership
		for _, id := range slices.Sorted(maps.Keys(s.memberships)) {
			m := s.memberships[id]
			m.Groups = slices.Clone(m.Groups)
			all = append(all, m)
		}
		return all
	})
}

// PutMemberships implements wsus.GroupStore.
func (s *WSUS) PutMemberships(ctx context.Context, memberships ...wsus.Membership) ([]wsus.Membership, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(memberships)
	for i := range out {
		s.sequence++
		out[i].Sequence = s.sequence
		own := out[i]
		own.Groups = slices.Clone(own.Groups)
		s.memberships[own.ComputerID] = own
	}
	return out, nil
}
