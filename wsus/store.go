package wsus

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// Store keeps what a server must not lose. Methods are safe for concurrent use; what a method has acknowledged survives a
// crash of the machine. Every backend passes storagetest.WSUS.
type Store interface {
	IdentityStore
	ComputerStore
	ApprovalStore
	GroupStore
	LicenseStore
	RuleStore
	ConfigurationStore
	SubscriptionStore
	EventStore
	StatusStore
	// Catalog is where the catalogue keeps its segments and generations.
	Catalog() catalog.Volume
}

// IdentityStore keeps who the server is.
type IdentityStore interface {
	// Identity answers ErrNotFound before the first PutIdentity.
	Identity(ctx context.Context) (Identity, error)
	PutIdentity(ctx context.Context, id Identity) error
}

// Identity is who the server is: losing it invalidates all cookies.
type Identity struct {
	ServerID uuid.UUID
	// CookieKey seals cookies; 32 random bytes, never logged.
	CookieKey []byte
	// ConfigChanged is the LastChange of GetConfig.
	ConfigChanged time.Time
	// Setup is what configuressl writes (iis-ssl-ports.md §2.8).
	Setup Setup
}

// Setup are the registry values of HKLM\SOFTWARE\Microsoft\Update Services\Server\Setup that describe the channel.
type Setup struct {
	UsingSSL              bool
	ServerCertificateName string
	PortNumber            int
}

// ApprovalStore keeps approvals.
type ApprovalStore interface {
	// Approvals returns all, dead ones too, ordered by Sequence.
	Approvals(ctx context.Context) ([]Approval, error)
	// PutApprovals inserts or replaces, all or nothing, the approval of each (UpdateID, Group), gives it the next Sequence and, when
	// it is new, the next DeploymentID, and returns them so. Both counters start at 1 and never repeat; Sequence is shared with the
	// GroupStore.
	PutApprovals(ctx context.Context, approvals ...Approval) ([]Approval, error)
}
