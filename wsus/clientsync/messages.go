package clientsync

import (
	"time"

	"github.com/google/uuid"
)

// Cookie is opaque to the client (MS-WUSP §2.2.3). The clear expiration is only a hint: the sealed one counts.
type Cookie struct {
	Expiration    time.Time `json:"expiration"`
	EncryptedData []byte    `json:"encryptedData,omitempty"`
}

// AuthorizationCookie is what GetAuthorizationCookie gives and GetCookie takes.
type AuthorizationCookie struct {
	PlugInID   string
	CookieData []byte
}

// UpdateIdentity is the global name of a revision.
type UpdateIdentity struct {
	UpdateID       uuid.UUID `json:"id"`
	RevisionNumber int32     `json:"revision"`
}

// ConfigResult is the answer of GetConfig (MS-WUSP §2.2.2.2.1).
type ConfigResult struct {
	LastChange             time.Time
	IsRegistrationRequired bool
	PlugInID               string
	ServiceURL             string // relative to the server's base URL
	Properties             []Property
}

// Property is one ConfigurationProperty.
type Property struct{ Name, Value string }

// ComputerInfo describes a computer (MS-WUSP §2.2.2.2.3), in wire order.
type ComputerInfo struct {
	DNSName                                            string
	OSMajorVersion, OSMinorVersion, OSBuildNumber      int
	OSServicePackMajorNumber, OSServicePackMinorNumber int
	OSLocale                                           string
	ComputerManufacturer, ComputerModel                string
	BiosVersion, BiosName                              string
	BiosReleaseDate                                    time.Time
	ProcessorArchitecture                              string
	SuiteMask, OldProductType, NewProductType          int
	SystemMetrics                                      int
	ClientVersionMajorNumber, ClientVersionMinorNumber int
	ClientVersionBuildNumber, ClientVersionQfeNumber   int
	OSDescription, OEM, DeviceType, FirmwareVersion    string
	MobileOperator                                     string
}

// SyncParameters are the parameters of SyncUpdates that a server acts on (MS-WUSP §2.2.2.2.4). A nil list and an empty one
// mean the same.
type SyncParameters struct {
	InstalledNonLeafUpdateIDs     []int32
	OtherCachedUpdateIDs          []int32
	CachedDriverIDs               []int32
	SkipSoftwareSync              bool
	FilterCategoryIDs             []uuid.UUID
	NeedTwoGroupOutOfScopeUpdates bool
	// SystemSpec are the devices; they are legal with SkipSoftwareSync only.
	SystemSpec []Device
	// ComputerHardwareIDs are those of the computer as a whole, the most specific first.
	ComputerHardwareIDs []uuid.UUID
	// FeatureScoreMatchingKey is architecture.major.minor, "AMD64.10.0": which feature scores of drivers count.
	FeatureScoreMatchingKey string
}

// SyncInfo is the answer of SyncUpdates.
type SyncInfo struct {
	NewUpdates                    []UpdateInfo
	OutOfScopeRevisionIDs         []int32
	ChangedUpdates                []UpdateInfo
	Truncated                     bool
	NewCookie                     Cookie
	DeployedOutOfScopeRevisionIDs []int32
	DriverSyncNotNeeded           bool
}

// UpdateInfo is one revision in an answer. XML is the Core fragment, empty in ChangedUpdates.
type UpdateInfo struct {
	ID         int32
	Deployment Deployment
	IsLeaf     bool
	XML        string
}

// Deployment is what a client shall do with a revision. Every UpdateInfo carries one.
type Deployment struct {
	ID             int32
	Action         Action
	Deadline       time.Time // zero: omitted
	IsAssigned     bool      // whether agents may install by themselves
	LastChangeTime time.Time // sent as a date
	// HardwareIDs are those of a driver that were the best match; for clients from version 1.6 on.
	HardwareIDs []string
}

// Action of a deployment (MS-WUSP §2.2.2.2.4).
type Action string

// The actions.
const (
	// OptionalInstall offers to the user; a client before version 2.0 is told Install without IsAssigned instead.
	OptionalInstall    Action = "OptionalInstall"
	Install            Action = "Install"
	Uninstall          Action = "Uninstall"
	PreDeploymentCheck Action = "PreDeploymentCheck"
	Block              Action = "Block"
	Evaluate           Action = "Evaluate"
	Bundle             Action = "Bundle"
)

// RefreshedRevision maps an identity to this server's revision id (MS-WUSP §2.2.2.2.5).
type RefreshedRevision struct {
	RevisionID int32
	GlobalID   UpdateIdentity
	IsLeaf     bool
	Deployment Deployment
}

// FragmentType is an XmlUpdateFragmentType.
type FragmentType string

// The fragment types that carry text; others are ignored.
const (
	CoreFragment                FragmentType = "Core"
	ExtendedFragment            FragmentType = "Extended"
	LocalizedPropertiesFragment FragmentType = "LocalizedProperties"
	EulaFragment                FragmentType = "Eula"
)

// The information types that ask for something else than text.
const (
	FileURLInformation        FragmentType = "FileUrl"
	FileDecryptionInformation FragmentType = "FileDecryption"
)

// ExtendedQuery are the parameters of GetExtendedUpdateInfo (MS-WUSP §2.2.2.2.6).
type ExtendedQuery struct {
	RevisionIDs []int32
	InfoTypes   []FragmentType
	Locales     []string
	// GeoID is the country of the asker in three letters, for which license agreements may have a text of their own; empty when not told.
	GeoID string
}

// ExtendedInfo is its answer: all Extended fragments first, then all LocalizedProperties.
type ExtendedInfo struct {
	Updates               []Fragment
	FileLocations         []FileLocation
	OutOfScopeRevisionIDs []int32
}

// Fragment is one piece of one revision.
type Fragment struct {
	ID  int32
	XML string
}

// FileLocation is where a file is.
type FileLocation struct {
	FileDigest [20]byte // SHA-1
	URL        string
}

// CategoryRelationship is one element of StartCategoryScan's OR of AND-groups (MS-WUSP §2.2.2.2.8).
type CategoryRelationship struct {
	IndexOfAndGroup int
	CategoryID      uuid.UUID
}

// CategoryScan is its answer.
type CategoryScan struct {
	PreferredCategoryIDs        []uuid.UUID
	RequestedCategoryIDsInError []uuid.UUID
}

// ReportingEvent is one event of ReportEventBatch (MS-WUSP §2.2.2.3.1), its strings kept as they came.
type ReportingEvent struct {
	TargetID           string
	SequenceNumber     int
	TimeAtTarget       time.Time
	EventInstanceID    uuid.UUID
	NamespaceID        int
	EventID            int
	SourceID           int
	UpdateID           UpdateIdentity
	Win32HResult       int32
	AppName            string
	ReplacementStrings []string
	MiscData           []string
	ComputerBrand      string
	ComputerModel      string
	BiosRevision       string
	Architecture       string // ProcessorArchitecture
	OSVersion          OSVersion
	OSLocaleID         int
	DeviceID           string
}

// OSVersion of an event. Revision is product type × 65536 + suite mask.
type OSVersion struct {
	Major, Minor, Build, Revision      int
	ServicePackMajor, ServicePackMinor int
}
