package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Approvals implements wsus.ApprovalStore.
func (s *WSUS) Approvals(ctx context.Context) ([]wsus.Approval, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.approvals), func(a, b wsus.Approval) int {
		return cmp.Compare(a.Sequence, b.Sequence)
	}), nil
}

// PutApproval implements wsus.ApprovalStore.
func (s *WSUS) PutApproval(ctx context.Context, a wsus.Approval) (wsus.Approval, error) {
	if err := ctx.Err(); err != nil {
		return wsus.Approval{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := approvalKey{a.UpdateID, a.Group}
	old, replaces := s.approvals[key]
	if !replaces && s.deployments == math.MaxInt32 {
		return wsus.Approval{}, fmt.Errorf("approve %s: all deployment ids are used", a.UpdateID)
	}
	a.DeploymentID = old.DeploymentID
	if !replaces {
		s.deployments++
		a.DeploymentID = s.deployments
	}
	s.sequence++
	a.Sequence = s.sequence
	a.Deadline, a.Changed = kept(a.Deadline), kept(a.Changed)
	s.approvals[key] = a
	return a, nil
}

// Groups implements wsus.ApprovalStore.
func (s *WSUS) Groups(ctx context.Context) ([]wsus.TargetGroup, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.groups), func(a, b wsus.TargetGroup) int {
		return cmp.Compare(a.Name, b.Name)
	}), nil
}

// PutGroup implements wsus.ApprovalStore.
func (s *WSUS) PutGroup(ctx context.Context, g wsus.TargetGroup) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.groups {
		if other.ID != g.ID && strings.EqualFold(other.Name, g.Name) {
			return fmt.Errorf("target group %q has the name already: %w", other.Name, wsus.ErrConflict)
		}
	}
	s.groups[g.ID] = g
	return nil
}
