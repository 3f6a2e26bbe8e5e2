package catalog

import (
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Revision is what a generation knows of one revision of an update without reading its fragments. It is shared by all readers:
// nobody changes it, nor what its slices hold.
type Revision struct {
	// ID is the server's own number for the revision: positive, given once, never to another one (MS-WUSP §3.1.1).
	ID int32
	metadata.Identity
	Type metadata.UpdateType
	// CategoryType is Company, ProductFamily, Product or UpdateClassification on categories, else empty.
	CategoryType string
	// Deployable says that an administrator may approve it.
	Deployable bool
	// Expired says that its publisher has withdrawn it: it must not be offered.
	Expired bool
	// Leaf is false when any revision of the generation, whichever and however old, names this update as a prerequisite
	// (MS-WUSP §3.1.1). Clients report what is installed of the others only.
	Leaf bool
	// Prerequisites are conjoined clauses of alternatives; members carry revision 0 and mean the highest.
	Prerequisites []metadata.Clause
	// Bundled are conjoined clauses of alternatives; members are exact revisions.
	Bundled []metadata.Clause
	// Superseded are the updates that this revision replaces.
	Superseded []uuid.UUID
	// SupersededBy are the updates whose highest revision replaces this update; those that have expired do not count.
	SupersededBy []uuid.UUID
	// BundledIn says that some revision bundles this very revision.
	BundledIn bool
	// Title is the one in the update's default language.
	Title string
	// KB is the first knowledge base article, without prefix; empty when there is none.
	KB string
	// Severity is the MSRC rating, empty when there is none.
	Severity string
	// Handler is the URI of what installs it, empty on bundles, detectoids and categories.
	Handler string
	// Files are the payloads, with SHA256 zero where the metadata has none.
	Files        []content.Ref
	CreationDate time.Time
	// Drivers are what a driver is matched to devices and ranked by; nil on everything else.
	Drivers []Driver
	// Since is the number of the generation in which it appeared.
	Since int64
	// LeafChanged is the number of the generation in which Leaf last changed; Since when it never did.
	LeafChanged int64

	stored stored
}

// stored is where the texts of a revision are.
type stored struct {
	document       span
	documentSHA256 [32]byte
	core, extended span
	// language is the default one of the update.
	language  string
	localized []localized
}

// localized is the fragment in one language, lower case; sorted by language.
type localized struct {
	language string
	text     span
}
