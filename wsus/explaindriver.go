package wsus

import (
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// explainDriver says why a driver that is deployed to the computer does not come in its driver pass, or that it does. Which devices the
// computer has is not kept: what counts is what came of its last pass.
func (e *explainer) explainDriver(x *Explanation, r *catalog.Revision, entry *entry) {
	if isPrinterDriver(r) && entry.deployment.Action != clientsync.Uninstall {
		x.note(Reason{Kind: PrinterCatalog}, "Users who add a printer are offered it too, whether the computer has such a printer or not.")
	}
	known := e.drivers.knows(entry, e.regrouped)
	switch {
	case known && slices.Contains(e.drivers.chosen, r.ID):
	case isExtension(r):
		x.stop(Sent, Reason{Kind: ExtensionDriver}, "It is an extension: it adds to the driver of a device, and the server has no way to tell which "+
			"extension is better than another. Install it by other means.")
	case !known:
		x.stop(Sent, Reason{Kind: DriverPassDue}, "No driver pass of the computer is known since the server was started and it was decided who gets "+
			"the driver. The next one brings it if it is the best one for a device.")
	case entry.deployment.Action == clientsync.Uninstall:
		x.stop(Sent, Reason{Kind: NoMatchingDevice}, "It is to be removed, and no device that the computer named in its last driver pass has it from "+
			"this agent. What was installed by other means stays.")
	case slices.Contains(e.drivers.beaten, r.ID):
		x.stop(Sent, Reason{Kind: DriverNotBest, IDs: e.chosenDrivers()}, "A device that the computer named in its last driver pass has one of its "+
			"hardware ids, but the driver that the device has is as good, or another one fits it better, or this one is for other computers or, "+
			"with a printer, of another provider or manufacturer. The pass brought %d drivers.", len(e.drivers.chosen))
	default:
		x.stop(Sent, Reason{Kind: NoMatchingDevice}, "No device that the computer named in its last driver pass has one of its hardware ids.")
	}
}

// chosenDrivers are the updates that the last driver pass brought.
func (e *explainer) chosenDrivers() (ids []uuid.UUID) {
	for _, id := range e.drivers.chosen {
		if r, ok := e.view.generation.Revision(id); ok {
			ids = append(ids, r.UpdateID)
		}
	}
	return ids
}
