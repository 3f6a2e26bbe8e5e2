package clientsync

import (
	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// writeDevice writes a Device in the order and with the names that agents use.
func writeDevice(w *soap.Writer, d Device) {
	w.Open("Device")
	w.Strings("HardwareIDs", d.HardwareIDs)
	w.Strings("CompatibleIDs", d.CompatibleIDs)
	w.Element("installedDriver", func() { writeInstalledDriver(w, d.Installed) })
	if len(d.Extensions) == 0 {
		w.Empty("extensionDrivers")
	} else {
		w.Open("extensionDrivers")
		for _, e := range d.Extensions {
			w.Element("ExtensionDriver", func() { writeExtensionDriver(w, e) })
		}
		w.Close("extensionDrivers")
	}
	if len(d.RecoveryIDs) > 0 {
		w.Open("DriverRecoveryIDs")
		for _, id := range d.RecoveryIDs {
			w.GUID("DriverRecoveryID", id)
		}
		w.Close("DriverRecoveryIDs")
	}
	if d.Flags != 0 { // agents before 22H2 do not know it
		w.Int("DeviceFlags", int64(d.Flags))
	}
	w.Close("Device")
}

func writeInstalledDriver(w *soap.Writer, d InstalledDriver) {
	w.StringIf("MatchingID", d.MatchingID)
	w.Time("DriverVerDate", d.DriverVerDate)
	w.Int("DriverVerVersion", d.DriverVerVersion)
	w.StringIf("Class", d.Class)
	w.StringIf("Manufacturer", d.Manufacturer)
	w.StringIf("Provider", d.Provider)
	w.StringIf("Model", d.Model)
	if d.MatchingComputerHWID != uuid.Nil {
		w.GUID("MatchingComputerHWID", d.MatchingComputerHWID)
	}
	w.Int("DriverRank", int64(d.Rank))
	if d.SkipProviderFiltering {
		w.Bool("SkipProviderFiltering", true)
	}
	if d.IsGeneric {
		w.Bool("IsGeneric", true)
	}
}

func writeExtensionDriver(w *soap.Writer, d ExtensionDriver) {
	w.String("ExtensionId", d.ExtensionID)
	w.Time("DriverVerDate", d.DriverVerDate)
	w.Int("DriverVerVersion", d.DriverVerVersion)
	w.String("Class", d.Class)
	w.Int("DriverRank", int64(d.Rank))
	if d.MatchingComputerHWID != uuid.Nil {
		w.GUID("MatchingComputerHWID", d.MatchingComputerHWID)
	}
}
