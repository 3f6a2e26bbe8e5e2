package wsus

import (
	"context"
	"iter"
	"strings"
	"time"
)

// ComputerStore keeps the computers that introduced themselves.
type ComputerStore interface {
	// Computer answers ErrNotFound for an unknown id.
	Computer(ctx context.Context, id string) (Computer, error)
	// Machines returns the computers that share a client id, ordered by ID; none is no error.
	Machines(ctx context.Context, clientID string) ([]Computer, error)
	// PutComputers inserts or replaces, all or nothing.
	PutComputers(ctx context.Context, computers ...Computer) error
	// DeleteComputers removes computers and their statuses, all or nothing; their events stay. Unknown ids are no error.
	DeleteComputers(ctx context.Context, ids ...string) error
	// Computers yields all, ordered by ID. The sequence ends after an error.
	Computers(ctx context.Context) iter.Seq2[Computer, error]
}

// Computer is a client, as it introduced and registered itself and as its requests show it: the product's IComputerTarget.
type Computer struct {
	// ID names the computer for good: its client id or, for a further machine with the same client id, that with a mark after "#".
	ID string
	// DNSName is what it introduced itself by (GetAuthorizationCookie).
	DNSName string
	// RequestedGroup is its client-side targeting, several names with a semicolon between; empty when none.
	RequestedGroup string
	// Registered says that it has told the following about itself (RegisterComputer, MS-WUSP §2.2.2.2.3).
	Registered      bool
	OSVersion       string // major.minor.build
	ServicePack     string // major.minor; empty when none
	OSLocale        string // en-US
	OSDescription   string
	Architecture    string // AMD64, ARM64, X86, in the client's spelling
	ProductType     int    // 1 workstation, 2 domain controller, 3 server
	NewProductType  int    // of GetProductInfo
	SuiteMask       int
	Manufacturer    string
	Model           string
	BIOSName        string
	BIOSVersion     string
	BIOSReleaseDate time.Time
	ClientVersion   string

	// IPAddress is where its last request came from; behind a proxy, the proxy's.
	IPAddress string
	// FirstContact is when it introduced itself.
	FirstContact time.Time
	// LastContact is that of its last request of any kind, LastSyncTime of its last SyncUpdates. A store may be ContactInterval behind.
	LastContact, LastSyncTime time.Time
	// SyncedVersion is the catalogue version of its last SyncUpdates.
	SyncedVersion int64
	// InstalledNonLeaf are the revisions that it named as installed in its last software pass. What has prerequisites is decided by them.
	InstalledNonLeaf []int32
	// LastReportedStatusTime is that of the newest status event (156), on the client's clock but never later than its arrival. Zero:
	// nothing is known of any update. StatusVersion is the catalogue version that the event speaks of.
	LastReportedStatusTime time.Time
	StatusVersion          int64

	// FormerHardware is the mark of what the same name registered with before, until HardwareChanged; empty when it never changed.
	FormerHardware  string
	HardwareChanged time.Time
}

// machineMark stands between a client id and the mark of a machine. No client id contains it, and it sorts before all that do, so that the
// machines of a client id stand together.
const machineMark = "#"

// ClientID is what the computer sends: the SusClientId of its registry.
func (c Computer) ClientID() string {
	id, _, _ := strings.Cut(c.ID, machineMark)
	return id
}

// RequestedTargetGroupNames are the groups that the computer asks for.
func (c Computer) RequestedTargetGroupNames() []string {
	var names []string
	for name := range strings.SplitSeq(c.RequestedGroup, ";") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
