package wsus

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Action is what an approval does.
type Action uint8

// The actions of an approval. The numbers are ours; they are what a Store keeps.
const (
	// NotApproved offers the update to nobody in the group, whatever the groups above it get: it is evaluated and reported.
	NotApproved Action = iota
	// Install offers the update and lets the agent install it by itself.
	Install
	// OptionalInstall offers it to the user only.
	OptionalInstall
	// Uninstall removes it. The update must declare that it can be removed.
	Uninstall
	// Declined hides it from every computer; see Server.Decline.
	Declined
	// Scan has it evaluated and reported, not offered: detect only. Beside an approval of a group on the same level it does not count.
	Scan
)

// String returns the product's name of the action.
func (a Action) String() string {
	switch a {
	case NotApproved:
		return "NotApproved"
	case Install:
		return "Install"
	case OptionalInstall:
		return "OptionalInstall"
	case Uninstall:
		return "Uninstall"
	case Declined:
		return "Declined"
	case Scan:
		return "Scan"
	}
	return fmt.Sprintf("Action(%d)", uint8(a))
}

// The built-in target groups, with the ids that every WSUS server uses (MS-WSUSSS §3.1.1, MS-WSUSAR §3.1.1).
var (
	// AllComputers holds every computer.
	AllComputers = uuid.MustParse("a0a08746-4dbe-4a37-9adf-9e7652c0b421")
	// UnassignedComputers holds those that are in no group that was created.
	UnassignedComputers = uuid.MustParse("b73ca6ed-5727-47f3-84de-015e03f6a88a")
	// DownstreamServers holds servers, never computers: nothing is approved for it.
	DownstreamServers = uuid.MustParse("d374f42a-9be2-4163-a0fa-3c86a401b7a7")
)

// The classifications that administrators approve by, for Query.Classification. All of them are in package metadata.
var (
	SecurityUpdates   = metadata.SecurityUpdates
	CriticalUpdates   = metadata.CriticalUpdates
	DefinitionUpdates = metadata.DefinitionUpdates
	UpdateRollups     = metadata.UpdateRollups
	Drivers           = metadata.Drivers
)
