package wsus

import (
	"context"
	"iter"
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
	EventStore
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

// ComputerStore keeps the registered computers.
type ComputerStore interface {
	// Computer answers ErrNotFound for an unknown id.
	Computer(ctx context.Context, id string) (Computer, error)
	// PutComputers inserts or replaces, all or nothing.
	PutComputers(ctx context.Context, computers ...Computer) error
	// Computers yields all, ordered by id. The sequence ends after an error.
	Computers(ctx context.Context) iter.Seq2[Computer, error]
}

// Computer is a registered client (ms-wusp.md §6.4).
type Computer struct {
	ID             string // clientId of GetAuthorizationCookie
	DNSName        string
	RequestedGroup string // client-side targeting; empty when none
	Registered     bool
	OSVersion      string // major.minor.build
	OSDescription  string
	Architecture   string
	ProductType    int // 1 workstation, 2 domain controller, 3 server
	Manufacturer   string
	Model          string
	ClientVersion  string
	LastContact    time.Time
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

// EventStore keeps what clients reported.
type EventStore interface {
	// AppendEvents keeps those whose ID is not known yet, all or nothing, and returns how many were new.
	AppendEvents(ctx context.Context, events ...Event) (int, error)
	// Events yields the events of a computer (of all when empty) in the order of arrival.
	Events(ctx context.Context, computerID string) iter.Seq2[Event, error]
}

// Event is one reported event (ms-wusp.md §7.1). Strings are opaque: nothing is parsed out of them.
type Event struct {
	ID          uuid.UUID // EventInstanceID
	ComputerID  string
	EventID     int
	SourceID    int
	At          time.Time // on the client's clock
	Received    time.Time
	UpdateID    uuid.UUID // zero when the event is about no update
	Revision    int32
	HResult     int32
	AppName     string
	Replacement []string
	MiscData    []string
}
