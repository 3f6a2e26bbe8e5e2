package clientsync

import (
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// maxDeviceIDs bounds each list of a device; real ones have a dozen.
const maxDeviceIDs = 1000

func readDevice(s *soap.Scanner, limits Limits) Device {
	var d Device
	for s.Child() {
		switch string(s.Name()) {
		case "HardwareIDs":
			d.HardwareIDs = s.Strings(maxDeviceIDs, limits.Text)
		case "CompatibleIDs":
			d.CompatibleIDs = s.Strings(maxDeviceIDs, limits.Text)
		case "installedDriver":
			d.Installed = readInstalledDriver(s, limits)
		case "extensionDrivers": // agents
			s.List("ExtensionDriver", maxDeviceIDs, func() { d.Extensions = append(d.Extensions, readExtensionDriver(s, limits)) })
		case "extensionDriver": // the published contract
			s.List("extensionDriver", maxDeviceIDs, func() { d.Extensions = append(d.Extensions, readExtensionDriver(s, limits)) })
		case "DriverRecoveryIDs":
			s.List("DriverRecoveryID", maxDeviceIDs, func() {
				if id, err := uuid.Parse(strings.TrimSpace(s.StringUpTo(limits.Text))); err == nil { // a string in the contract
					d.RecoveryIDs = append(d.RecoveryIDs, id)
				}
			})
		case "DeviceFlags":
			d.Flags = uint8(s.Int32())
		default:
			s.Skip()
		}
	}
	return d
}

func readInstalledDriver(s *soap.Scanner, limits Limits) InstalledDriver {
	var d InstalledDriver
	for s.Child() {
		switch string(s.Name()) {
		case "MatchingID":
			d.MatchingID = s.StringUpTo(limits.Text)
		case "DriverVerDate":
			d.DriverVerDate = s.Time()
		case "DriverVerVersion":
			d.DriverVerVersion = s.Int64()
		case "Class":
			d.Class = s.StringUpTo(limits.Text)
		case "Manufacturer":
			d.Manufacturer = s.StringUpTo(limits.Text)
		case "Provider":
			d.Provider = s.StringUpTo(limits.Text)
		case "Model":
			d.Model = s.StringUpTo(limits.Text)
		case "MatchingComputerHWID":
			d.MatchingComputerHWID = s.GUID()
		case "DriverRank":
			d.Rank = s.Int32()
		case "SkipProviderFiltering":
			d.SkipProviderFiltering = s.Bool()
		case "IsGeneric":
			d.IsGeneric = s.Bool()
		default:
			s.Skip()
		}
	}
	return d
}

func readExtensionDriver(s *soap.Scanner, limits Limits) ExtensionDriver {
	var d ExtensionDriver
	for s.Child() {
		switch string(s.Name()) {
		case "ExtensionId":
			d.ExtensionID = s.StringUpTo(limits.Text)
		case "DriverVerDate":
			d.DriverVerDate = s.Time()
		case "DriverVerVersion":
			d.DriverVerVersion = s.Int64()
		case "Class":
			d.Class = s.StringUpTo(limits.Text)
		case "DriverRank":
			d.Rank = s.Int32()
		case "MatchingComputerHWID":
			d.MatchingComputerHWID = s.GUID()
		default:
			s.Skip()
		}
	}
	return d
}
