package clientagent

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// Native processor architectures of GetNativeSystemInfo.
const (
	architectureX86   = 0
	architectureARM   = 5
	architectureIA64  = 6
	architectureAMD64 = 9
	architectureARM64 = 12
)

// computer is what a server is told of the machine.
type computer struct {
	name     string
	system   applicability.System
	hardware Hardware
}

func (a *Agent) computer(ctx context.Context) (computer, error) {
	system, err := a.machine.System(ctx)
	if err != nil {
		return computer{}, fmt.Errorf("read facts of the system: %w", err)
	}
	c := computer{name: a.machine.Name(), system: system}
	if reporter, ok := a.machine.(HardwareReporter); ok {
		c.hardware = reporter.Hardware()
	}
	return c, nil
}

// info is the registration (MS-WUSP §2.2.2.2.3). The client version is that of the operating system, as Windows itself has it.
func (c computer) info() clientsync.ComputerInfo {
	s, h := c.system, c.hardware
	return clientsync.ComputerInfo{
		DNSName:        c.name,
		OSMajorVersion: s.Version[0], OSMinorVersion: s.Version[1], OSBuildNumber: s.Version[2],
		OSServicePackMajorNumber: s.ServicePack[0], OSServicePackMinorNumber: s.ServicePack[1],
		OSLocale:             s.Language,
		ComputerManufacturer: h.Manufacturer, ComputerModel: h.Model,
		BiosVersion: h.BIOSVersion, BiosName: h.BIOSName, BiosReleaseDate: h.BIOSReleaseDate,
		ProcessorArchitecture: architectureName(s.Architecture),
		SuiteMask:             s.SuiteMask, OldProductType: s.ProductType, NewProductType: s.SKU,
		ClientVersionMajorNumber: s.Version[0], ClientVersionMinorNumber: s.Version[1],
		ClientVersionBuildNumber: s.Version[2], ClientVersionQfeNumber: s.Version[3],
		OSDescription: h.OSDescription,
	}
}

// architectureName is the free text of the registration.
func architectureName(architecture int) string {
	switch architecture {
	case architectureX86:
		return "x86"
	case architectureARM:
		return "ARM"
	case architectureIA64:
		return "IA64"
	case architectureAMD64:
		return "AMD64"
	case architectureARM64:
		return "ARM64"
	}
	return ""
}

// architectureEnum is the enumeration of ReportEventBatch, which knows no ARM (MS-WUSP §2.2.2.3.1).
func architectureEnum(architecture int) string {
	switch architecture {
	case architectureX86:
		return "X86Compatible"
	case architectureIA64:
		return "IA64Compatible"
	case architectureAMD64:
		return "Amd64Compatible"
	}
	return "Unknown"
}
