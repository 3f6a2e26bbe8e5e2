package wsus

import "github.com/seed599db172/softwareupdates/wsus/catalog"

// ApprovedStates are bits that say whether an update is approved for installation or removal, optional or not, for any group: the product's
// type of that name. An update can have both of the first two. The counters of UpdateServerStatus leave optional installation out.
type ApprovedStates uint8

// The states of approval. What is declined has no approval; see Update.Declined.
const (
	// LatestRevisionApproved: the revision in force is approved for some group.
	LatestRevisionApproved ApprovedStates = 1 << iota
	// HasStaleUpdateApprovals: an older revision is, and is what that group gets.
	HasStaleUpdateApprovals
	// NoUpdateApproved: neither. The product calls it NotApproved.
	NoUpdateApproved
)

// approvedStates looks at the approvals whose action is one of these.
func (v *view) approvedStates(r *catalog.Revision, one func(Action) bool) ApprovedStates {
	var states ApprovedStates
	for _, a := range v.approvals[r.UpdateID] {
		switch {
		case a.Dead || !one(a.Action):
		case a.Revision != 0 && a.Revision < r.Revision:
			states |= HasStaleUpdateApprovals
		default:
			states |= LatestRevisionApproved
		}
	}
	if states == 0 {
		return NoUpdateApproved
	}
	return states
}
