package wsus

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Approve gives an update to a target group: AllComputers, UnassignedComputers or one that CreateTargetGroup made. NotApproved
// takes an earlier approval back. Approving brings back an update that was declined. It answers ErrNotFound for an unknown
// update or group and ErrNotDeployable for what nobody installs on its own.
func (s *Server) Approve(ctx context.Context, update uuid.UUID, action Action, group uuid.UUID) error {
	return s.ApproveWithDeadline(ctx, update, action, group, time.Time{})
}

// ApproveWithDeadline is Approve with the time at which the agent installs by itself; a past one means at once. Only Install
// and Uninstall can have a deadline.
func (s *Server) ApproveWithDeadline(ctx context.Context, update uuid.UUID, action Action, group uuid.UUID, deadline time.Time) error {
	if action > Uninstall {
		return fmt.Errorf("approve %s: %v is no approval; see Decline", update, action)
	}
	if !deadline.IsZero() && !acts(action) {
		return fmt.Errorf("approve %s: only Install and Uninstall have a deadline, not %v", update, action)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkApproval(update, action, group); err != nil {
		return fmt.Errorf("approve %s: %w", update, err)
	}
	approvals := []Approval{{UpdateID: update, Group: group, Action: action, Deadline: deadline.UTC()}}
	if deadline.IsZero() {
		approvals[0].Deadline = time.Time{}
	}
	if s.view.Load().declined[update] {
		approvals = append(approvals, Approval{UpdateID: update, Group: uuid.Nil, Action: NotApproved})
	}
	return s.putApprovals(ctx, approvals)
}

// Decline hides an update from every computer; its approvals stay and count again when it is approved anew.
func (s *Server) Decline(ctx context.Context, update uuid.UUID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.view.Load().generation.Latest(update); !ok {
		return fmt.Errorf("decline %s: %w", update, ErrNotFound)
	}
	return s.putApprovals(ctx, []Approval{{UpdateID: update, Group: uuid.Nil, Action: Declined}})
}

func (s *Server) checkApproval(update uuid.UUID, action Action, group uuid.UUID) error {
	v := s.view.Load()
	r, ok := v.generation.Latest(update)
	if !ok {
		return ErrNotFound
	}
	if !r.Deployable || r.Expired && action != NotApproved {
		return ErrNotDeployable
	}
	if builtIn(group) {
		return nil
	}
	for _, g := range v.groups {
		if g.ID == group {
			return nil
		}
	}
	return fmt.Errorf("target group %s: %w", group, ErrNotFound)
}

func (s *Server) putApprovals(ctx context.Context, approvals []Approval) error {
	for _, a := range approvals {
		a.Changed = s.now().UTC()
		if _, err := s.store.PutApproval(ctx, a); err != nil {
			return fmt.Errorf("approval of %s: %w", a.UpdateID, err)
		}
	}
	return s.refreshView(ctx)
}
