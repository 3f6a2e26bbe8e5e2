package wsus

import (
	"context"
	"iter"

	"github.com/google/uuid"
)

// GroupStore keeps target groups and, for server-side targeting, who is in them.
type GroupStore interface {
	// Groups returns the target groups that were created, ordered by name, and the Sequence of the newest change after which the
	// approvals that reach a computer may be others without any approval having changed: a group got another parent, groups were
	// deleted, or the configuration was written. 0 means none.
	Groups(ctx context.Context) (groups []TargetGroup, regrouped int64, err error)
	// PutGroup inserts or replaces by ID, gives the group the next Sequence and returns it so; a name that another group has,
	// compared without case, answers ErrConflict.
	PutGroup(ctx context.Context, g TargetGroup) (TargetGroup, error)
	// DeleteGroups removes groups with their approvals, all or nothing. Memberships that name them stay and mean nothing, because
	// ids are not used again.
	DeleteGroups(ctx context.Context, ids ...uuid.UUID) error
	// Memberships yields all, ordered by ComputerID. The sequence ends after an error.
	Memberships(ctx context.Context) iter.Seq2[Membership, error]
	// PutMemberships inserts or replaces by ComputerID, all or nothing, gives each the next Sequence, and returns them so.
	PutMemberships(ctx context.Context, memberships ...Membership) ([]Membership, error)
}

// TargetGroup is a computer target group: the product's IComputerTargetGroup.
type TargetGroup struct {
	ID   uuid.UUID
	Name string
	// ParentID is the group whose approvals reach this one's computers too; AllComputers for a group at the top, and zero for
	// AllComputers and DownstreamServers themselves.
	ParentID uuid.UUID
	// Sequence is that of its last change; 0 for a built-in group.
	Sequence int64
}

// BuiltIn says that the group is one that every server has. It can be neither changed nor deleted.
func (g TargetGroup) BuiltIn() bool { return builtIn(g.ID) }

// Membership says in which groups an administrator has put a computer.
type Membership struct {
	ComputerID string
	Groups     []uuid.UUID
	Sequence   int64
}
