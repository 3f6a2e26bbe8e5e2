package wsus

import (
	"context"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// printers answers SyncPrinterCatalog (MS-WUSP §3.1.5.12), with which a user adds a printer: every deployed driver of a printer whose
// prerequisites are installed. The text also compares with what is installed, which the request does not tell; and what is to be removed is
// nothing to choose from.
func (s *Server) printers(ctx context.Context, c clientsync.Bearer, p clientsync.PrinterParameters) (clientsync.SyncInfo, int64, error) {
	v := s.view.Load()
	c.Anchor = c.PrinterAnchor
	sc, anchor := s.scopeOf(v, c)
	room := sc.room()
	defer sc.rooms.Put(room)
	asked := clientsync.SyncParameters{InstalledNonLeafUpdateIDs: p.InstalledNonLeafUpdateIDs, CachedDriverIDs: p.CachedUpdateIDs}
	contest := newDriverContest(sc, room, &asked)
	for i := range sc.entries {
		e := &sc.entries[i]
		if isPrinterDriver(e.revision) && e.deployment.Action != clientsync.Uninstall && contest.available(int32(i)) {
			room.wanted.add(int32(i))
		}
	}
	info, err := s.driverAnswer(v, sc, room, &asked, nil, anchor)
	if err != nil {
		return clientsync.SyncInfo{}, 0, err
	}
	return info, v.anchor(), ctx.Err()
}

// isPrinterDriver: publishers write the class as Printer or Printers.
func isPrinterDriver(r *catalog.Revision) bool {
	return r.Type == metadata.Driver && slices.ContainsFunc(r.Drivers, func(d catalog.Driver) bool {
		return strings.EqualFold(d.Class, "Printer") || strings.EqualFold(d.Class, "Printers")
	})
}
