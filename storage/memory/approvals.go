package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

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

// PutApprovals implements wsus.ApprovalStore.
func (s *WSUS) PutApprovals(ctx context.Context, approvals ...wsus.Approval) ([]wsus.Approval, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(approvals) > math.MaxInt32-int(s.deployments) {
		return nil, fmt.Errorf("approve %s: all deployment ids are used", approvals[0].UpdateID)
	}
	out := slices.Clone(approvals)
	for i := range out {
		a := &out[i]
		key := approvalKey{a.UpdateID, a.Group}
		old, replaces := s.approvals[key]
		a.DeploymentID = old.DeploymentID
		if !replaces {
			s.deployments++
			a.DeploymentID = s.deployments
		}
		s.sequence++
		a.Sequence = s.sequence
		a.Deadline, a.CreationDate, a.Changed = kept(a.Deadline), kept(a.CreationDate), kept(a.Changed)
		s.approvals[key] = *a
	}
	return out, nil
}
