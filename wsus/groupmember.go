package wsus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// AddComputerTarget puts a computer into a group that was created; it may be in several. It is told of what changed for it with the
// answer to its next request. It answers ErrTargetingMode with client-side targeting, ErrNotFound for an unknown group or computer,
// and ErrBuiltIn for a built-in group.
func (s *Server) AddComputerTarget(ctx context.Context, group uuid.UUID, computer string) error {
	err := s.changeMembership(ctx, group, computer, func(groups []uuid.UUID) []uuid.UUID {
		if slices.Contains(groups, group) {
			return groups
		}
		return append(groups, group)
	})
	if err != nil {
		return fmt.Errorf("add %s to target group %s: %w", computer, group, err)
	}
	return nil
}

// RemoveComputerTarget takes a computer out of a group; out of its last one it becomes unassigned. That it is not in the group is no
// error. Otherwise it answers what AddComputerTarget does.
func (s *Server) RemoveComputerTarget(ctx context.Context, group uuid.UUID, computer string) error {
	err := s.changeMembership(ctx, group, computer, func(groups []uuid.UUID) []uuid.UUID {
		return slices.DeleteFunc(groups, func(g uuid.UUID) bool { return g == group })
	})
	if err != nil {
		return fmt.Errorf("remove %s from target group %s: %w", computer, group, err)
	}
	return nil
}

func (s *Server) changeMembership(ctx context.Context, group uuid.UUID, computer string, change func([]uuid.UUID) []uuid.UUID) error {
	computer = strings.ToLower(computer) // as clients are known since GetAuthorizationCookie
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.view.Load()
	if v.configuration.TargetingMode != ServerTargeting {
		return ErrTargetingMode
	}
	if _, err := v.tree.changeable(group); err != nil {
		return err
	}
	if _, err := s.store.Computer(ctx, computer); err != nil {
		return err
	}
	before := s.members.of(computer).Groups
	after := change(slices.DeleteFunc(slices.Clone(before), func(g uuid.UUID) bool { return !v.tree.has(g) }))
	if slices.Equal(before, after) {
		return nil
	}
	return s.putMembership(ctx, Membership{ComputerID: computer, Groups: after})
}

// putMembership keeps where a computer is. Members change before the view is swapped: who sees the new view sees them too.
func (s *Server) putMembership(ctx context.Context, m Membership) error {
	kept, err := s.store.PutMemberships(ctx, m)
	if err != nil {
		return err
	}
	s.members.put(kept...)
	return s.refreshView(ctx)
}

// ComputerTargets yields the computers of a group, ordered by id; with includeSubgroups those of the groups in it as well.
func (s *Server) ComputerTargets(ctx context.Context, group uuid.UUID, includeSubgroups bool) iter.Seq2[Computer, error] {
	v := s.view.Load()
	return func(yield func(Computer, error) bool) {
		if !v.tree.has(group) {
			yield(Computer{}, fmt.Errorf("target group %s: %w", group, ErrNotFound))
			return
		}
		wanted := []uuid.UUID{group}
		if includeSubgroups {
			wanted = v.tree.under(group)
		}
		for c, err := range s.store.Computers(ctx) {
			if err != nil {
				yield(Computer{}, err)
				return
			}
			in := group == AllComputers || overlap(s.groupsOf(v, c), wanted)
			if in && !yield(c, nil) {
				return
			}
		}
	}
}

// TargetGroupsOf returns the groups that a computer is in by the targeting mode in force, UnassignedComputers when it is in none. Those
// above them are not among them. It answers ErrNotFound for an unknown computer.
func (s *Server) TargetGroupsOf(ctx context.Context, computer string) ([]uuid.UUID, error) {
	c, err := s.store.Computer(ctx, strings.ToLower(computer))
	if errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("target groups of %s: %w", computer, err)
	}
	return slices.Clone(s.groupsOf(s.view.Load(), c)), nil
}
