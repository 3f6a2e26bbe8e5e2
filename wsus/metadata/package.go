package metadata

import (
	"time"

	"github.com/google/uuid"
)

// Package is a vendor's software distribution package (SDP): what hardware vendors and others publish in their catalogues, and
// what a server turns into an update that it publishes itself. [ParsePackage] reads one, Document writes one, Update makes the
// update documents, and [PackageOf] is the way back.
type Package struct {
	// SchemaVersion is 1.0 when empty.
	SchemaVersion string
	PackageID     uuid.UUID
	CreationDate  time.Time
	// PublicationState is Published when empty, or Expired.
	PublicationState string
	// Type is Software when empty, Driver or Detectoid.
	Type UpdateType
	// VendorName and ProductNames are the company and the products that the package belongs to. A server has categories for
	// them, with ids of its own.
	VendorName                   string
	ProductNames                 []string
	MoreInfoURLs                 []string
	SupportURL                   string
	CanSourceBeRequired          bool
	RestrictToClientServicingAPI bool
	// Texts has the default language first.
	Texts []PackageText
	// Application marks the package of an application; every other one has a Classification out of [PackageClassifications].
	Application    bool
	Classification string
	MsrcSeverity   string
	BulletinIDs    []string
	CveIDs         []string
	KBArticleIDs   []string
	// Superseded, Prerequisites and Bundled are ids of packages or updates. Each inner list of Prerequisites is satisfied by any
	// of its members.
	Superseded    []uuid.UUID
	Prerequisites [][]uuid.UUID
	Bundled       []uuid.UUID
	// Rules hold for every item, besides the item's own.
	Rules PackageRules
	Items []InstallableItem
	// Other holds the elements that are not known, in their order.
	Other []Markup
}

// PackageText are the texts of a package in some languages.
type PackageText struct {
	Languages          []string
	Title, Description string
}

// PackageRules are applicability rules with their namespaces; each is zero when absent.
type PackageRules struct {
	IsInstalled, IsSuperseded, IsInstallable Markup
	// Metadata is what parameterless rules refer to, such as MsiPatchMetadata.
	Metadata []Markup
}

// InstallableItem is one installer of a package. A package of several becomes a bundle.
type InstallableItem struct {
	// ID becomes the UpdateID of the item's update when the package is a bundle.
	ID             uuid.UUID
	Rules          PackageRules
	Installation   *Behavior
	Uninstallation *Behavior
	// Installer is a [*CommandLine], [*WindowsInstallerApp], [*WindowsInstallerPatch] or [*WindowsPatch]; nil for drivers.
	Installer Installer
	// MspFileName is the file to apply of a patch that comes as an archive.
	MspFileName string
	Files       []OriginFile
	Languages   []string
	// Other holds the elements that are not known, in their order, those inside the installer's data among them.
	Other []Markup
}

// OriginFile is a file as its vendor offers it.
type OriginFile struct {
	File
	// URI is where to download it from.
	URI string
}

// PackageClassification is a name that packages call a class of updates by.
type PackageClassification struct {
	Name string
	// ID is the category; zero for Hotfixes, which has none: its clause is empty and counts as satisfied.
	ID uuid.UUID
}

// PackageClassifications lists the classes that a package may have, in the order of the schema.
func PackageClassifications() []PackageClassification {
	return []PackageClassification{
		{"Updates", Updates}, {"Critical Updates", CriticalUpdates}, {"Security Updates", SecurityUpdates},
		{"Feature Packs", FeaturePacks}, {"Update Rollups", UpdateRollups}, {"Service Packs", ServicePacks}, {"Tools", Tools},
		{"Hotfixes", uuid.Nil}, {"Drivers", Drivers},
	}
}

// Loss is something that a conversion could not carry over.
type Loss struct {
	// Element is where it stood, for example Properties/@VendorName.
	Element string
	// Value is what is lost, as far as it is one value.
	Value string
	// Reason says why.
	Reason string
}
