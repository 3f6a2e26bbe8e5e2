package wsus

import (
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// ApprovedStates are bits that say whether an update is approved for installation or removal, optional or not, for any group: the product's
// type of that name. An update can have both of the first two.
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

func (v *view) approvedStates(r *catalog.Revision) ApprovedStates {
	var states ApprovedStates
	for _, a := range v.approvals[r.UpdateID] {
		switch {
		case a.Dead || !offers(a.Action) && a.Action != Uninstall:
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

// productsOf are the products that a revision names, each once.
func (v *view) productsOf(r *catalog.Revision) (ids []uuid.UUID) {
	for _, clause := range r.Prerequisites {
		for _, m := range clause.Members {
			if c, ok := v.generation.Latest(m.UpdateID); ok && c.Type == metadata.Category && c.CategoryType == "Product" && !slices.Contains(ids, m.UpdateID) {
				ids = append(ids, m.UpdateID)
			}
		}
	}
	return ids
}
