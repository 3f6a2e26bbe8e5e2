package applicability

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// WMI is an optional ability of Facts: without it a WmiQuery cannot be judged.
type WMI interface {
	// Query returns how many objects a WQL query yields in a namespace such as root\cimv2.
	Query(ctx context.Context, namespace, wql string) (int, error)
}

// History is an optional ability of Facts: without it InstalledOnce cannot be judged.
type History interface {
	// InstalledOnce tells whether an installation of the update has succeeded at any time, in any revision.
	InstalledOnce(ctx context.Context, update uuid.UUID) (bool, error)
}

// Licensing is an optional ability of Facts: without it no licensing value is known, and rules that ask for one are False.
type Licensing interface {
	// License returns a value of the Windows licensing service, by its name or GUID.
	License(ctx context.Context, name string) (Value, error)
}

// Cluster is an optional ability of Facts: without it rules about clusters cannot be judged where clustering is installed.
type Cluster interface {
	// ClusterNode tells whether the machine is a node of a cluster.
	ClusterNode(ctx context.Context) (bool, error)
	// OwnsResource tells whether this node owns a resource; ErrNotFound answers for one that cannot be opened.
	OwnsResource(ctx context.Context, name string) (bool, error)
}

// Equipped is an optional ability of Facts: without it rules about memory, graphics, sensors and cameras cannot be judged.
type Equipped interface {
	// Equipment tells what is built into the machine.
	Equipment(ctx context.Context) (Equipment, error)
}

// Equipment is what is built into a machine. What is zero or nil is not known; a list that is empty but not nil says "none".
type Equipment struct {
	Memory       int      `json:"memory,omitempty"`       // physical, in MB
	VideoMemory  int      `json:"videoMemory,omitempty"`  // dedicated, in MB
	FeatureLevel *[2]int  `json:"featureLevel,omitempty"` // of Direct3D, major and minor
	Sensors      []string `json:"sensors,omitzero"`       // GUIDs
	NFC          []string `json:"nfc,omitzero"`           // capabilities
	Cameras      []string `json:"cameras,omitzero"`       // front, rear
}

// Drivers is an optional ability of Facts: without it the driver rules cannot be judged.
type Drivers interface {
	// Devices tells what drivers are for.
	Devices(ctx context.Context) (Devices, error)
}

// Devices are those of a machine, with the ids of the machine itself.
type Devices struct {
	// Computer are the computer hardware ids (CHIDs), the most specific first.
	Computer []uuid.UUID `json:"computer,omitempty"`
	Devices  []Device    `json:"devices"`
}

// Device is one device. Ids are compared without case, and each list has the best match first.
type Device struct {
	HardwareIDs   []string `json:"hardwareIds"`
	CompatibleIDs []string `json:"compatibleIds,omitempty"`
	// Driver is nil where none is installed.
	Driver *InstalledDriver `json:"driver,omitempty"`
}

// InstalledDriver is the driver that a device has.
type InstalledDriver struct {
	// MatchingID is the id of the device by which the driver was chosen.
	MatchingID string `json:"matchingId"`
	// Computer is the computer hardware id by which it was chosen; uuid.Nil when by none.
	Computer uuid.UUID `json:"computer,omitzero"`
	// FeatureScore is 0 to 255, lower is better; nil counts as 255.
	FeatureScore *int      `json:"featureScore,omitempty"`
	Date         time.Time `json:"date"`
	Version      [4]int    `json:"version"`
	// Class, Provider and Manufacturer matter for printers.
	Class        string `json:"class,omitempty"`
	Provider     string `json:"provider,omitempty"`
	Manufacturer string `json:"manufacturer,omitempty"`
}
