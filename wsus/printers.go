package wsus

import (
	"context"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// printers answers SyncPrinterCatalog. Drivers are imported but deployed to nobody yet, so that whatever a client has cached of
// printer drivers is out of scope.
func (s *Server) printers(_ context.Context, _ clientsync.Bearer, p clientsync.PrinterParameters) (clientsync.SyncInfo, error) {
	return clientsync.SyncInfo{OutOfScopeRevisionIDs: p.CachedUpdateIDs, DriverSyncNotNeeded: true}, nil
}
