package wsustest

import (
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// What agents ask for now and then: a user adds a printer, or files are encrypted.

func printers(e *examination) {
	if !e.wantScan() {
		return
	}
	const unknown = 2147480003
	info, err := e.agent.Session().SyncPrinterCatalog(e.ctx, clientsync.PrinterParameters{
		InstalledNonLeafUpdateIDs: e.last.InstalledNonLeafUpdateIDs, CachedUpdateIDs: []int32{unknown}})
	if err != nil {
		e.failf("%v", err)
		return
	}
	if !slices.Contains(info.OutOfScopeRevisionIDs, unknown) {
		e.failf("SyncPrinterCatalog does not call the unknown driver %d out of scope", unknown)
	}
	for _, u := range info.NewUpdates {
		core, err := metadata.ParseCore(u.XML)
		switch {
		case err != nil:
			e.failf("SyncPrinterCatalog: the Xml of %d is no Core fragment: %v", u.ID, err)
		case core.Type != metadata.Driver:
			e.failf("SyncPrinterCatalog brings %d (%s), which is %s and no driver of a printer", u.ID, core.UpdateID, core.Type)
		}
	}
}

// byIdentity asks for a file by the global name of its revision, along with a revision that no server has.
func byIdentity(e *examination) {
	if !e.wantScan() {
		return
	}
	files := e.files()
	if len(files) == 0 {
		e.skipf("no file was described")
		return
	}
	revision := e.agent.cache[files[0].of]
	info, err := e.client.GetExtendedUpdateInfo2(e.ctx, e.agent.Session().State.Cookie, clientsync.ExtendedQuery2{
		UpdateIDs: []clientsync.UpdateIdentity{unknownIdentity(), revision.Identity()},
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment, clientsync.FileURLInformation}})
	if err != nil {
		e.failf("%v", err)
		return
	}
	if !slices.ContainsFunc(info.Updates, func(f clientsync.Fragment) bool { return f.ID == revision.ID }) {
		e.failf("GetExtendedUpdateInfo2 has no Extended fragment for %v", revision)
	}
	if !slices.ContainsFunc(info.FileLocations, func(l clientsync.FileLocation) bool { return l.FileDigest == files[0].SHA1 }) {
		e.failf("GetExtendedUpdateInfo2 does not say where the file %q of %v is (SHA-1 %X)", files[0].Name, revision, files[0].SHA1)
	}
	for _, f := range info.Updates {
		if f.ID != revision.ID {
			e.failf("GetExtendedUpdateInfo2 answers revision %d, which was not asked for", f.ID)
		}
	}
}
