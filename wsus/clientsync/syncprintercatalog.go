package clientsync

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// PrinterParameters are the parameters of SyncPrinterCatalog (MS-WUSP §2.2.2.2.9).
type PrinterParameters struct {
	InstalledNonLeafUpdateIDs []int32
	// CachedUpdateIDs are the printer drivers in the client's cache: printerUpdateIDs on the wire.
	CachedUpdateIDs []int32
}

// syncPrinterCatalog answers which printer drivers a client's cache lacks and has too much (MS-WUSP §3.1.5.12).
func syncPrinterCatalog(x *exchange) error {
	state, err := x.authenticateRegistered()
	if err != nil {
		return err
	}
	p, err := readPrinterParameters(x.in, x.limits)
	if err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	info, anchor, err := x.backend.Printers(x.ctx, state.Bearer, p)
	if err != nil {
		return fmt.Errorf("sync printer catalog: %w", err)
	}
	state.Bearer.PrinterAnchor = anchor
	if info.NewCookie, err = x.renew(state); err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) { writeSyncInfo(w, "SyncPrinterCatalogResult", info, state.Bearer.Protocol, false) })
	return nil
}

// readPrinterParameters reads what follows the cookie; the names begin in lower case here, unlike those of SyncUpdates.
func readPrinterParameters(s *soap.Scanner, limits Limits) (PrinterParameters, error) {
	var p PrinterParameters
	for s.Child() {
		switch string(s.Name()) {
		case "installedNonLeafUpdateIDs":
			p.InstalledNonLeafUpdateIDs = s.Int32s(p.InstalledNonLeafUpdateIDs, limits.IDs)
		case "printerUpdateIDs":
			p.CachedUpdateIDs = s.Int32s(p.CachedUpdateIDs, limits.IDs)
		default:
			s.Skip()
		}
	}
	switch {
	case s.Err() != nil:
		return p, s.Err()
	case len(p.InstalledNonLeafUpdateIDs) > maxInstalledNonLeaf:
		return p, invalid("installedNonLeafUpdateIDs")
	default:
		return p, nil
	}
}

// SyncPrinterCatalog asks for the printer drivers that a user can choose from (MS-WUSP §2.2.2.2.9). The answer's NewCookie
// replaces the cookie.
func (c *Client) SyncPrinterCatalog(ctx context.Context, cookie Cookie, p PrinterParameters) (SyncInfo, error) {
	var info SyncInfo
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "SyncPrinterCatalog"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Int32s("installedNonLeafUpdateIDs", p.InstalledNonLeafUpdateIDs)
			w.Int32s("printerUpdateIDs", p.CachedUpdateIDs)
		},
		func(s *soap.Scanner) {
			for s.Child() {
				info = readSyncInfo(s)
			}
		})
	return info, err
}
