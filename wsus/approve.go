package wsus

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// ApprovalRequest is a decision about an update for a group, as ApproveUpdate takes it.
type ApprovalRequest struct {
	UpdateID, Group uuid.UUID
	// Action is any but Declined.
	Action Action
	// Deadline is when agents act by themselves, in any zone; a past one means at once. Only Install and Uninstall can have one; zero:
	// none.
	Deadline time.Time
	// AdministratorName may be empty.
	AdministratorName string
}

// Approve gives an update to a target group: AllComputers, UnassignedComputers or one that was created; see ApproveUpdate.
func (s *Server) Approve(ctx context.Context, update uuid.UUID, action Action, group uuid.UUID) error {
	return s.ApproveWithDeadline(ctx, update, action, group, time.Time{})
}

// ApproveForOptionalInstall offers an update to the users of a group, who install it or not.
func (s *Server) ApproveForOptionalInstall(ctx context.Context, update, group uuid.UUID) error {
	return s.Approve(ctx, update, OptionalInstall, group)
}

// ApproveWithDeadline is Approve with the time at which agents act by themselves.
func (s *Server) ApproveWithDeadline(ctx context.Context, update uuid.UUID, action Action, group uuid.UUID, deadline time.Time) error {
	_, err := s.ApproveUpdate(ctx, ApprovalRequest{UpdateID: update, Action: action, Group: group, Deadline: deadline})
	return err
}

// ApproveUpdate decides what a group gets of the revision of an update that is in force, in place of what was decided before, and brings
// back an update that was declined. It is in force at once.
//
// It answers ErrNotFound for an unknown update or group; ErrNotDeployable for what nobody installs on its own and, except for
// Uninstall and NotApproved, for what has expired; ErrNotRemovable for Uninstall of what cannot be removed; a *LicenseError for Install
// and OptionalInstall before the license agreement is accepted; ErrBuiltIn for DownstreamServers.
func (s *Server) ApproveUpdate(ctx context.Context, r ApprovalRequest) (Approval, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.approve(ctx, r)
	if err != nil {
		return Approval{}, fmt.Errorf("approve %s: %w", r.UpdateID, err)
	}
	return a, nil
}

func (s *Server) approve(ctx context.Context, r ApprovalRequest) (Approval, error) {
	v := s.view.Load()
	revision, err := v.checkApproval(r)
	if err != nil {
		return Approval{}, err
	}
	approvals := []Approval{s.newApproval(v, r, revision.Identity.Revision)}
	if v.declined[r.UpdateID] {
		approvals = append(approvals, Approval{UpdateID: r.UpdateID, Group: uuid.Nil, Action: NotApproved, Dead: true, Changed: s.now().UTC()})
	}
	kept, err := s.store.PutApprovals(ctx, approvals...)
	if err != nil {
		return Approval{}, err
	}
	return kept[0], s.refreshView(ctx)
}

// newApproval is the row of a decision. The group's first approval of the update gives the date of its creation.
func (s *Server) newApproval(v *view, r ApprovalRequest, revision int32) Approval {
	now := s.now().UTC()
	a := Approval{UpdateID: r.UpdateID, Revision: revision, Group: r.Group, Action: r.Action, AdministratorName: r.AdministratorName,
		CreationDate: now, Changed: now}
	if !r.Deadline.IsZero() {
		a.Deadline = r.Deadline.UTC()
	}
	if old, ok := v.approvalOf(r.UpdateID, r.Group); ok {
		a.CreationDate = old.CreationDate
	}
	return a
}

// checkApproval returns the revision that is decided about, when it can be.
func (v *view) checkApproval(r ApprovalRequest) (*catalog.Revision, error) {
	switch {
	case r.Action > Scan:
		return nil, fmt.Errorf("there is no %v", r.Action)
	case r.Action == Declined:
		return nil, fmt.Errorf("%v is no approval; see Decline", r.Action)
	case !r.Deadline.IsZero() && !acts(r.Action):
		return nil, fmt.Errorf("only Install and Uninstall have a deadline, not %v", r.Action)
	case !v.tree.has(r.Group):
		return nil, fmt.Errorf("target group %s: %w", r.Group, ErrNotFound)
	case r.Group == DownstreamServers:
		return nil, fmt.Errorf("%w: Downstream Servers holds servers, not computers", ErrBuiltIn)
	}
	revision, ok := v.generation.Latest(r.UpdateID)
	switch {
	case !ok:
		return nil, ErrNotFound
	case !revision.Deployable, revision.Expired && r.Action != NotApproved && r.Action != Uninstall:
		return nil, ErrNotDeployable
	}
	return revision, v.allows(revision, r.Action)
}

// allows reads the document of a revision for what its publisher and its license agreement say about an action.
func (v *view) allows(r *catalog.Revision, action Action) error {
	if !offers(action) && action != Uninstall {
		return nil
	}
	u, err := documentOf(v.generation, r)
	switch {
	case err != nil:
		return err
	case offers(action) && !v.licensed(u):
		return &LicenseError{UpdateID: u.UpdateID, Revision: u.Revision, EulaID: u.EulaID}
	case action == Uninstall && !v.removable(r, 0):
		return ErrNotRemovable
	}
	return nil
}

// maxBundleDepth is how deep bundles in bundles are looked into.
const maxBundleDepth = 8

// removable says that an update declares that it can be removed, or, a bundle, that one update of each of its clauses does.
func (v *view) removable(r *catalog.Revision, depth int) bool {
	u, err := documentOf(v.generation, r)
	if err != nil || u.Extended.Removable() {
		return err == nil
	}
	for _, clause := range r.Bundled {
		one := false
		for _, m := range clause.Members {
			part, ok := v.generation.ByIdentity(m)
			one = one || ok && depth < maxBundleDepth && v.removable(part, depth+1)
		}
		if !one {
			return false
		}
	}
	return len(r.Bundled) > 0
}

// approvalOf is the row of an update for exactly this group, dead or not.
func (v *view) approvalOf(update, group uuid.UUID) (Approval, bool) {
	i := slices.IndexFunc(v.approvals[update], func(a Approval) bool { return a.Group == group })
	if i < 0 {
		return Approval{}, false
	}
	return v.approvals[update][i], true
}

// Approvals returns what was decided about an update, for each group that has a decision of its own, in the order in which it was; for
// the zero update what was about all. Stale approvals are those whose Revision is not that of Update.
func (s *Server) Approvals(_ context.Context, update uuid.UUID) []Approval {
	v := s.view.Load()
	var live []Approval
	for id, approvals := range v.approvals {
		for _, a := range approvals {
			if !a.Dead && (update == uuid.Nil || update == id) {
				live = append(live, a)
			}
		}
	}
	slices.SortFunc(live, func(a, b Approval) int { return int(a.Sequence - b.Sequence) })
	return live
}

// DeleteApproval takes a decision back: the group has none of its own then, and gets what the groups above it get. It answers
// ErrNotFound when there is none.
func (s *Server) DeleteApproval(ctx context.Context, update, group uuid.UUID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.view.Load().approvalOf(update, group)
	var err error
	if !ok || a.Dead {
		err = ErrNotFound
	} else {
		err = s.putApprovals(ctx, s.dead(a))
	}
	if err != nil {
		return fmt.Errorf("delete approval of %s for %s: %w", update, group, err)
	}
	return nil
}

func (s *Server) dead(a Approval) Approval {
	a.Dead, a.Changed = true, s.now().UTC()
	return a
}

// putApprovals keeps all or none.
func (s *Server) putApprovals(ctx context.Context, approvals ...Approval) error {
	if len(approvals) == 0 {
		return nil
	}
	if _, err := s.store.PutApprovals(ctx, approvals...); err != nil {
		return err
	}
	return s.refreshView(ctx)
}
