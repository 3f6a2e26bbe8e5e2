package wsus

import (
	"context"

	"github.com/google/uuid"
)

// StaleApproval is an approval that has not followed to the revision in force of its update, and why.
type StaleApproval struct {
	UpdateID uuid.UUID
	Group    uuid.UUID
	Action   Action
	// Approved is the revision that the group keeps getting, InForce the one that it does not get.
	Approved, InForce int32
	// Err is a *LicenseError, ErrNotRemovable, or that of reading the document.
	Err error
}

// refreshApprovals lets approvals follow to new revisions, as the configuration says, and returns those that cannot. Callers other than
// NewServer hold s.mu.
func (s *Server) refreshApprovals(ctx context.Context) ([]StaleApproval, error) {
	v := s.view.Load()
	var fresh []Approval
	var stale []StaleApproval
	for update, approvals := range v.approvals {
		latest, ok := v.generation.Latest(update)
		if !ok || v.declined[update] {
			continue
		}
		if latest.Expired {
			fresh = append(fresh, s.declinesExpired(v, approvals, latest.Identity.Revision)...)
			continue
		}
		for _, a := range approvals {
			if a.Dead || a.Revision == latest.Identity.Revision || !v.configuration.AutoRefreshUpdateApprovals {
				continue
			}
			if err := v.allows(latest, a.Action); err != nil {
				stale = append(stale, StaleApproval{UpdateID: update, Group: a.Group, Action: a.Action,
					Approved: a.Revision, InForce: latest.Identity.Revision, Err: err})
				continue
			}
			a.Revision, a.Changed = latest.Identity.Revision, s.now().UTC()
			fresh = append(fresh, a)
		}
	}
	return stale, s.putApprovals(ctx, fresh...)
}

// declinesExpired are the rows that decline an update that was approved for installation before its newest revision expired.
func (s *Server) declinesExpired(v *view, approvals []Approval, expired int32) []Approval {
	decline := false
	for _, a := range approvals {
		if !a.Dead && a.Action == Uninstall {
			return nil // somebody wants it gone, for which it must be known
		}
		decline = decline || !a.Dead && offers(a.Action) && a.Revision < expired
	}
	if !decline || !v.configuration.AutoRefreshUpdateApprovalsDeclineExpired {
		return nil
	}
	return s.declines(v, approvals[0].UpdateID)
}
