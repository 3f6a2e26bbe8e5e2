package wsus

import (
	"time"

	"github.com/google/uuid"
)

// Approval says what a target group gets of an update: the product's IUpdateApproval, a row of its deployments.
//
// Of the approvals of an update that reach a computer one counts. The protocol leaves open which (MS-WUSP §3.1.1); this is ours. The first
// line on which two approvals differ decides:
//
//	line  what is compared    what counts
//	1     level of the group  a group that the computer is in, before the groups above it, up to All Computers
//	2     action              Install and Uninstall, then OptionalInstall, then Scan, then NotApproved
//	3     deadline            the earliest; none is the latest
//	4     action again        Install before Uninstall
//	5     deployment id       the one that was made first
//
// A group that lies above another one of the computer's own comes after it. NotApproved in a group is a decision too: it keeps what the groups
// above it approve from its computers. DeleteApproval takes a decision back, so that those count again. Declined stands above all.
type Approval struct {
	UpdateID uuid.UUID
	// Revision is the number of the revision that was approved. When a newer one is in force the approval is stale: its group keeps
	// getting this one. 0, in stores that were written before revisions were kept, means whichever is in force.
	Revision int32
	Group    uuid.UUID
	Action   Action
	// Deadline, in UTC, is when agents act by themselves; zero: none.
	Deadline time.Time
	// AdministratorName says who decided: DOMAIN\user, AutomaticApproval for a rule, or empty when nobody said.
	AdministratorName string
	// CreationDate is when the group first got an approval of the update.
	CreationDate time.Time
	// Changed is when it became what it is. An approval is in force at once, so that this is the product's GoLiveTime as well.
	Changed time.Time
	// Dead marks what was deleted. The row stays, for its Sequence tells agents that something changed, and so does its
	// DeploymentID, which comes back with the next approval of the same update for the same group.
	Dead         bool
	Sequence     int64
	DeploymentID int32
}

// AutomaticApproval is the AdministratorName of approvals that a rule has made, as the product writes it.
const AutomaticApproval = "WUS Server"
