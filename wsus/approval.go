package wsus

import (
	"time"

	"github.com/google/uuid"
)

// Approval says what a target group gets of an update: the product's IUpdateApproval, a row of its deployments.
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
