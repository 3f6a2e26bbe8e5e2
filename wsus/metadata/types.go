package metadata

import (
	"time"

	"github.com/google/uuid"
)

// Identity names one revision of one update; the pair is unique everywhere.
type Identity struct {
	UpdateID uuid.UUID `json:"id"`
	Revision int32     `json:"revision"`
}

// UpdateType says what a revision is.
type UpdateType string

// The four types of MS-WUSP §3.1.1.
const (
	Software  UpdateType = "Software"
	Driver    UpdateType = "Driver"
	Category  UpdateType = "Category"
	Detectoid UpdateType = "Detectoid"
)

// Node is one element of a document or a fragment, with its bare local name: namespace, prefix and the fragments' b., m.
// and d. are gone, so one rule parser serves both (the names are unique across the families).
type Node struct {
	Name     string
	Attrs    []Attr
	Children []*Node
	Text     string
}

// Attr is an attribute without prefix.
type Attr struct{ Name, Value string }

// Clause is one prerequisite or bundle clause: a disjunction. Clauses of a list are conjoined.
type Clause struct {
	// IsCategory says that the members are categories; it makes no difference to satisfaction.
	IsCategory bool
	// Members of a prerequisite carry Revision 0: they mean the highest revision.
	Members []Identity
}

// Relationships of a revision to others.
type Relationships struct {
	Prerequisites []Clause
	Bundled       []Clause
	Superseded    []uuid.UUID
	// Other holds the children that are not known, in their order.
	Other []*Node
}

// Rules are the applicability rules; each is nil when absent.
type Rules struct {
	IsInstalled   *Node
	IsSuperseded  *Node
	IsInstallable *Node
	// Metadata holds what parameterless rules refer to (MSI, CBS and driver metadata); MSIApplication, MSIPatch, CBSPackage and
	// WindowsDrivers read it.
	Metadata *Node
	// Other holds the children that are not known, in their order.
	Other []*Node
}

// Core is what the Core fragment carries: all that evaluation needs.
type Core struct {
	Identity
	Type                 UpdateType
	ExplicitlyDeployable bool
	AutoSelectOnWebSites bool
	// OSUpgrade marks feature upgrades, for example swap; empty on everything else.
	OSUpgrade     string
	EulaID        uuid.UUID
	Relationships Relationships
	Rules         Rules
}

// Extended is what the Extended fragment carries: all that download and installation need.
type Extended struct {
	DefaultPropertiesLanguage string
	// Handler is the URI of the handler that installs it; empty on bundles and detectoids.
	Handler      string
	MsrcSeverity string
	KBArticleIDs []string
	BulletinIDs  []string
	CveIDs       []string
	SupportURL   string
	MoreInfoURLs []string
	// Languages are those of the payload; none, or all, is independent of language.
	Languages []string
	// MaxDownload and MinDownload are estimates in bytes; 0 on bundles.
	MaxDownload, MinDownload int64
	// BrowseOnly is an optional update, which is never installed on its own.
	BrowseOnly bool
	IsBeta     bool
	// CanSourceBeRequired says that the original installation media may be needed.
	CanSourceBeRequired bool
	// IsLocallyPublished marks packages that an organisation has published itself.
	IsLocallyPublished bool
	// CompatibleProtocolVersion is the least protocol version, such as 1.4, of a peer that may get the update; empty: any.
	CompatibleProtocolVersion string
	// The recommendations are for display; 0 when absent.
	RecommendedCPUSpeed, RecommendedMemory, RecommendedHardDiskSpace int64
	// ProductName, ReleaseVersion and ReleaseRevision are on updates of the OS installer only, for example Client.OS.RS2.ARM64,
	// 10.0.22621.5909 and 1.
	ProductName, ReleaseVersion string
	ReleaseRevision             int64
	// OtherAttrs and Other are the attributes and children of Properties that are not known, in their order.
	OtherAttrs     []Attr
	Other          []*Node
	Installation   *Behavior
	Uninstallation *Behavior
	Files          []File
	// HandlerData is the HandlerSpecificData element, nil when absent. Installer reads it.
	HandlerData *Node
}

// Behavior of an installation or removal.
type Behavior struct {
	RebootBehavior                                   string // NeverReboots, AlwaysRequiresReboot, CanRequestReboot (default)
	Impact                                           string // Normal (default), Minor, RequiresExclusiveHandling
	CanRequestUserInput, RequiresNetworkConnectivity bool
}

// File is one payload. SHA1 is the key for everything; SHA256 is the zero value where old metadata has none.
type File struct {
	Name     string
	Size     int64
	SHA1     [20]byte
	SHA256   [32]byte
	Modified time.Time
	// PatchingType is SelfContained, Express, MSPBinaryDelta, Setup360Installer, Setup360WIM, Setup360Servicing or another word;
	// empty is a plain file.
	PatchingType string
	// PatchingTypePreferred names the part that the file is of a set, for example Metadata or ServicingStack.
	PatchingTypePreferred string
	// OtherAttrs and Other are what is not known; digests by other algorithms than SHA256 among it.
	OtherAttrs []Attr
	Other      []*Node
}

// Localized are the texts in one language.
type Localized struct {
	Language, Title, Description string
	MoreInfoURL                  []string
	SupportURL                   string
	UninstallNotes               string
	// Other holds the children that are not known, in their order.
	Other []*Node
}

// Update is a whole update document.
type Update struct {
	Core
	Extended     Extended
	Localized    []Localized
	CreationDate time.Time
	// EulaFiles are the texts of the license agreement that EulaID names.
	EulaFiles []EulaFile
	// RequiresReacceptanceOfEula says that accepting the agreement for an earlier revision or another update is not enough.
	RequiresReacceptanceOfEula bool
	// PublicationState is Published or Expired; an expired revision must not be offered.
	PublicationState string
	// CategoryType is Company, ProductFamily, Product or UpdateClassification on categories.
	CategoryType string
	// PublisherID names who issued it; zero when absent.
	PublisherID uuid.UUID
	// IsPublic is a flag of publishing without meaning for clients.
	IsPublic bool
	// PerUser updates are evaluated for each user of a machine.
	PerUser bool
	// LegacyName and DetectoidType are kept from systems older than WSUS.
	LegacyName, DetectoidType string
	// Other holds what is not known at the top of the document and beside the texts, in its order.
	Other []*Node
	// Document is the text as it was read, in UTF-8.
	Document []byte
}

// Fragments are the pieces that a server sends. They are not well-formed alone.
type Fragments struct {
	Core     string
	Extended string
	// Localized by language tag, lower case.
	Localized map[string]string
}
