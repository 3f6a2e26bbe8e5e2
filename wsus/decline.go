package wsus

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// Decline hides an update from every computer and deletes its approvals, as the product does. Approving it brings it back. It answers
// ErrNotFound for an unknown update.
func (s *Server) Decline(ctx context.Context, update uuid.UUID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.view.Load()
	var err error
	if _, ok := v.generation.Latest(update); !ok {
		err = ErrNotFound
	} else {
		err = s.putApprovals(ctx, s.declines(v, update)...)
	}
	if err != nil {
		return fmt.Errorf("decline %s: %w", update, err)
	}
	return nil
}

// declines are the rows that decline an update.
func (s *Server) declines(v *view, update uuid.UUID) []Approval {
	rows := []Approval{{UpdateID: update, Group: uuid.Nil, Action: Declined, Changed: s.now().UTC()}}
	for _, a := range v.approvals[update] {
		if !a.Dead {
			rows = append(rows, s.dead(a))
		}
	}
	return rows
}

// DeclineExpiredUpdates declines the updates that have expired and that nobody wants removed, and returns them. Of the tasks of the
// product's CleanupScope this and DeclineSupersededUpdates are those that make a difference here: what is declined is not sent, and
// agents need not evaluate it. The others have nothing to do. CleanupObsoleteUpdates and CompressUpdates delete old updates and
// revisions, because the product's database and its queries slow down with them; here a revision that nothing refers to any more is one
// entry of an index in memory, its text lies in a segment that is appended to and never searched, and no request touches it.
// CleanupUnneededContentFiles frees disk space of files that no update names; Import takes only files over that an update names.
func (s *Server) DeclineExpiredUpdates(ctx context.Context) ([]uuid.UUID, error) {
	declined, err := s.declineAll(ctx, func(v *view, r *catalog.Revision) bool {
		return r.Expired && !v.approvedFor(r.UpdateID, func(a Action) bool { return a == Uninstall })
	})
	if err != nil {
		return nil, fmt.Errorf("decline expired updates: %w", err)
	}
	return declined, nil
}

// DeclineSupersededUpdates declines the updates that are not approved themselves and that an approved update replaces, and returns them.
// The product waits until they have not been approved for 30 days and no computer needs them; here nothing waits, for it is called by
// hand only: when a computer that cannot have the new update needs an old one, approve that one instead.
func (s *Server) DeclineSupersededUpdates(ctx context.Context) ([]uuid.UUID, error) {
	declined, err := s.declineAll(ctx, func(v *view, r *catalog.Revision) bool {
		if v.approvedFor(r.UpdateID, approves) {
			return false
		}
		for _, by := range r.SupersededBy {
			if !v.declined[by] && v.approvedFor(by, func(a Action) bool { return a == Install }) {
				return true
			}
		}
		return false
	})
	if err != nil {
		return nil, fmt.Errorf("decline superseded updates: %w", err)
	}
	return declined, nil
}

// approvedFor says that some group has an approval of the update whose action is one of these.
func (v *view) approvedFor(update uuid.UUID, one func(Action) bool) bool {
	for _, a := range v.approvals[update] {
		if !a.Dead && one(a.Action) {
			return true
		}
	}
	return false
}

func (s *Server) declineAll(ctx context.Context, selects func(*view, *catalog.Revision) bool) ([]uuid.UUID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.view.Load()
	var declined []uuid.UUID
	var rows []Approval
	for r := range v.generation.All() {
		if r.Deployable && v.inForce(r) && !v.declined[r.UpdateID] && selects(v, r) {
			declined = append(declined, r.UpdateID)
			rows = append(rows, s.declines(v, r.UpdateID)...)
		}
	}
	return declined, s.putApprovals(ctx, rows...)
}
