package clientsync

import (
	"time"

	"github.com/google/uuid"
)

// Device is one device of a driver pass (MS-WUSP §2.2.2.2.4).
type Device struct {
	// HardwareIDs come before CompatibleIDs in rank; both have the most specific first and are compared without case.
	HardwareIDs, CompatibleIDs []string
	Installed                  InstalledDriver
	Extensions                 []ExtensionDriver
	// RecoveryIDs are update ids of drivers that the agent itself installed and that may be removed again.
	RecoveryIDs []uuid.UUID
	// Flags: bit 0 says that the device was not enumerated by Plug and Play, as printers are.
	Flags uint8
}

// NotEnumerated is the flag of a Device that Plug and Play did not enumerate.
const NotEnumerated = 1

// InstalledDriver is what a device has. Without a driver MatchingID is empty and Rank is [NoRank].
type InstalledDriver struct {
	MatchingID    string
	DriverVerDate time.Time
	// DriverVerVersion packs four parts of 16 bits: 10.0.26100.1234 is 10<<48 | 0<<32 | 26100<<16 | 1234.
	DriverVerVersion              int64
	Class                         string // a GUID in braces, or Printer
	Manufacturer, Provider, Model string
	// MatchingComputerHWID is zero when the driver is not for certain computers.
	MatchingComputerHWID uuid.UUID
	// Rank is 0xSSGGTHHH; GG is the feature score, 0xFF when there is none.
	Rank                             int32
	SkipProviderFiltering, IsGeneric bool
}

// NoRank is the Rank of a device without a driver.
const NoRank = -1

// ExtensionDriver is a driver that adds to the one of a device.
type ExtensionDriver struct {
	ExtensionID          string
	DriverVerDate        time.Time
	DriverVerVersion     int64
	Class                string
	Rank                 int32
	MatchingComputerHWID uuid.UUID
}
