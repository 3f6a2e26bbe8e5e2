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
}

// Rules are the applicability rules; each is nil when absent.
type Rules struct {
	IsInstalled   *Node
	IsSuperseded  *Node
	IsInstallable *Node
	// Metadata holds what parameterless rules refer to (MSI, CBS and driver metadata).
	Metadata *Node
}

// Core is what the Core fragment carries: all that evaluation needs.
type Core struct {
	Identity
	Type                 UpdateType
	ExplicitlyDeployable bool
	AutoSelectOnWebSites bool
	EulaID               uuid.UUID
	Relationships        Relationships
	Rules                Rules
}

// Extended is what the Extended fragment carries: all that download and installation need.
type Extended struct {
	DefaultPropertiesLanguage string
	// Handler is the URI of the handler that installs it; empty on bundles and detectoids.
	Handler        string
	MsrcSeverity   string
	KBArticleIDs   []string
	BulletinIDs    []string
	SupportURL     string
	MaxDownload    int64
	Installation   *Behavior
	Uninstallation *Behavior
	Files          []File
	// HandlerData is the HandlerSpecificData element, nil when absent.
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
	Name         string
	Size         int64
	SHA1         [20]byte
	SHA256       [32]byte
	Modified     time.Time
	PatchingType string
}

// Localized are the texts in one language.
type Localized struct {
	Language, Title, Description string
	MoreInfoURL                  []string
	SupportURL                   string
}

// Update is a whole update document.
type Update struct {
	Core
	Extended     Extended
	Localized    []Localized
	CreationDate time.Time
	// PublicationState is Published or Expired; an expired revision must not be offered.
	PublicationState string
	// CategoryType is Company, ProductFamily, Product or UpdateClassification on categories.
	CategoryType string
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
