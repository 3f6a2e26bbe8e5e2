package clientsync

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Backend is what a Handler asks of the server behind it. Methods are safe for concurrent use. An error that is a *Fault goes
// to the client as it is; any other is logged and sent as InternalServerError without its text.
type Backend interface {
	// Config is asked before every operation and must be cheap.
	Config(ctx context.Context) Config
	// Authorize introduces a client and returns the target groups it is in (sealed into its cookies).
	Authorize(ctx context.Context, clientID, dnsName, targetGroup string) (groups []uuid.UUID, err error)
	// Registered tells whether RegisterComputer was called for the client. An unsealed bearer has an id only.
	Registered(ctx context.Context, b Bearer) (bool, error)
	// Register keeps what a computer says of itself, new or again.
	Register(ctx context.Context, b Bearer, info ComputerInfo) error
	// Sync answers SyncUpdates without the cookie; the handler adds it. It returns the anchor for the new cookie: DriverAnchor after a
	// driver pass, ScanAnchor of a category scan, else Anchor. The lists of p may go into the answer, and must not be kept beyond it.
	Sync(ctx context.Context, b Bearer, p SyncParameters) (info SyncInfo, anchor int64, err error)
	// Refresh answers RefreshCache.
	Refresh(ctx context.Context, b Bearer, ids []UpdateIdentity) ([]RefreshedRevision, error)
	// Extended answers GetExtendedUpdateInfo. URLs that point back are built on the bearer's Host.
	Extended(ctx context.Context, b Bearer, q ExtendedQuery) (ExtendedInfo, error)
	// Extended2 answers GetExtendedUpdateInfo2; identities that are not deployed to the client are left out.
	Extended2(ctx context.Context, b Bearer, q ExtendedQuery2) (ExtendedInfo2, error)
	// Printers answers SyncPrinterCatalog without the cookie. It returns the PrinterAnchor for the new one.
	Printers(ctx context.Context, b Bearer, p PrinterParameters) (info SyncInfo, anchor int64, err error)
	// Locations answers GetFileLocations; unknown digests are left out.
	Locations(ctx context.Context, b Bearer, digests [][20]byte) ([]FileLocation, error)
	// CategoryScan answers StartCategoryScan.
	CategoryScan(ctx context.Context, requested []CategoryRelationship) (CategoryScan, error)
	// Report takes over events; those known already are no error. Those of an unsealed bearer are hearsay: nothing may be concluded
	// from them.
	Report(ctx context.Context, b Bearer, events []ReportingEvent) error
}

// Config is the state of the server that GetConfig tells and cookies are checked against.
type Config struct {
	// ServerID other than a cookie's gives ServerChanged.
	ServerID uuid.UUID
	// CookieKey seals cookies: 32 bytes.
	CookieKey []byte
	// LastChange other than a cookie's gives ConfigChanged.
	LastChange time.Time
	// MaxExtendedUpdates is MaxExtendedUpdatesPerRequest; 0 means 50.
	MaxExtendedUpdates int
	// CookieLifetime 0 means one hour.
	CookieLifetime time.Duration
}

// Bearer is the client that a valid cookie was made for, as the cookie says.
type Bearer struct {
	ID       string
	DNSName  string
	Groups   []uuid.UUID
	Protocol Version // of GetCookie
	// Anchor is the change sequence that the client has seen (MS-WUSP §3.1.5.7) in a software pass. DriverAnchor and PrinterAnchor
	// are those of a driver pass and of SyncPrinterCatalog: what one of them has told, the others have not.
	Anchor, DriverAnchor, PrinterAnchor int64
	// ScanAnchor is that of scans for the same categories since the last whole one; 0: there was none, or the request is no such scan.
	ScanAnchor int64
	// Host is the Host header of the request, for URLs that point back.
	Host string
	// RemoteAddr is the address and port that the request came from; empty for an unsealed bearer.
	RemoteAddr string
	// Secure says that the request came over TLS.
	Secure bool
	// Unsealed says that no cookie vouches for the bearer: ReportEventBatch2 has none.
	Unsealed bool
}
