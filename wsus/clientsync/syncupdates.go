package clientsync

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// maxInstalledNonLeaf is where real servers refuse, duplicates counted (MS-WUSP §3.1.5.7, product behaviour). An agent that
// lists installed ones only stays below 100.
const maxInstalledNonLeaf = 400

// syncUpdates answers what a client's cache lacks and has too much (MS-WUSP §2.2.2.2.4).
func syncUpdates(x *exchange) error {
	state, err := x.authenticateRegistered()
	if err != nil {
		return err
	}
	p := x.room.syncParameters()
	if err := readSyncUpdates(x.in, x.limits, p); err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	if !state.Bearer.Protocol.canScanCategories() {
		p.FilterCategoryIDs, p.NeedTwoGroupOutOfScopeUpdates = nil, false
	}
	bearer, filter := state.Bearer, filterOf(p.FilterCategoryIDs)
	if filter != 0 && filter == state.Scan.filter {
		bearer.ScanAnchor = state.Scan.anchor
	}
	info, anchor, err := x.backend.Sync(x.ctx, bearer, *p)
	if err != nil {
		return fmt.Errorf("sync updates: %w", err)
	}
	switch {
	case p.SkipSoftwareSync:
		state.Bearer.DriverAnchor = anchor
	case filter != 0:
		state.Scan = heardScan{filter, anchor}
	default:
		state.Bearer.Anchor, state.Scan = anchor, heardScan{}
	}
	if info.NewCookie, err = x.renew(state); err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) {
		writeSyncInfo(w, "SyncUpdatesResult", info, state.Bearer.Protocol, p.NeedTwoGroupOutOfScopeUpdates)
	})
	return nil
}

// readSyncUpdates reads what follows the cookie. Parameters that Microsoft's own service alone acts on are passed over.
func readSyncUpdates(s *soap.Scanner, limits Limits, p *SyncParameters) error {
	present := false
	for s.Child() {
		if string(s.Name()) != "parameters" {
			s.Skip()
			continue
		}
		present = true
		readSyncParameters(s, limits, p)
	}
	switch {
	case s.Err() != nil:
		return s.Err()
	case !present:
		return invalid("parameters")
	case len(p.InstalledNonLeafUpdateIDs) > maxInstalledNonLeaf:
		return invalid("parameters.InstalledNonLeafUpdateIDs")
	case len(p.SystemSpec) > 0 && !p.SkipSoftwareSync:
		return invalid("parameters.SystemSpec")
	default:
		return nil
	}
}

func readSyncParameters(s *soap.Scanner, limits Limits, p *SyncParameters) {
	for s.Child() {
		switch string(s.Name()) {
		case "InstalledNonLeafUpdateIDs":
			p.InstalledNonLeafUpdateIDs = s.Int32s(p.InstalledNonLeafUpdateIDs, limits.IDs)
		case "OtherCachedUpdateIDs":
			p.OtherCachedUpdateIDs = s.Int32s(p.OtherCachedUpdateIDs, limits.IDs)
		case "CachedDriverIDs":
			p.CachedDriverIDs = s.Int32s(p.CachedDriverIDs, limits.IDs)
		case "SystemSpec":
			s.List("Device", limits.Devices, func() { p.SystemSpec = append(p.SystemSpec, readDevice(s, limits)) })
		case "SkipSoftwareSync":
			p.SkipSoftwareSync = s.Bool()
		case "FilterCategoryIds":
			s.List("CategoryIdentifier", limits.IDs, func() { readCategoryIdentifier(s, p) })
		case "ComputerSpec":
			readComputerSpec(s, p)
		case "FeatureScoreMatchingKey":
			p.FeatureScoreMatchingKey = s.StringUpTo(limits.Text)
		case "NeedTwoGroupOutOfScopeUpdates":
			p.NeedTwoGroupOutOfScopeUpdates = s.Bool()
		default: // among them ExpressQuery, which a server must ignore
			s.Skip()
		}
	}
}

func readCategoryIdentifier(s *soap.Scanner, p *SyncParameters) {
	for s.Child() {
		if string(s.Name()) == "Id" {
			p.FilterCategoryIDs = append(p.FilterCategoryIDs, s.GUID())
		} else {
			s.Skip()
		}
	}
}

func readComputerSpec(s *soap.Scanner, p *SyncParameters) {
	for s.Child() {
		if string(s.Name()) == "HardwareIDs" {
			p.ComputerHardwareIDs = append(p.ComputerHardwareIDs, s.GUIDs(maxDeviceIDs)...)
		} else {
			s.Skip()
		}
	}
}

// SyncUpdates asks for one page of changes to the cache that the parameters describe (MS-WUSP §2.2.2.2.4). The answer's
// NewCookie replaces the cookie.
func (c *Client) SyncUpdates(ctx context.Context, cookie Cookie, p SyncParameters) (SyncInfo, error) {
	var info SyncInfo
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "SyncUpdates"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Element("parameters", func() { writeSyncParameters(w, p) })
		},
		func(s *soap.Scanner) {
			for s.Child() {
				info = readSyncInfo(s)
			}
		})
	return info, err
}

// writeSyncParameters writes what a current agent writes, save the description of its caller.
func writeSyncParameters(w *soap.Writer, p SyncParameters) {
	w.Bool("ExpressQuery", false)
	w.Int32s("InstalledNonLeafUpdateIDs", p.InstalledNonLeafUpdateIDs)
	w.Int32s("OtherCachedUpdateIDs", p.OtherCachedUpdateIDs)
	if len(p.SystemSpec) > 0 {
		w.Open("SystemSpec")
		for _, d := range p.SystemSpec {
			writeDevice(w, d)
		}
		w.Close("SystemSpec")
	}
	w.Int32s("CachedDriverIDs", p.CachedDriverIDs)
	w.Bool("SkipSoftwareSync", p.SkipSoftwareSync)
	if len(p.FilterCategoryIDs) > 0 {
		w.Open("FilterCategoryIds")
		for _, id := range p.FilterCategoryIDs {
			w.Open("CategoryIdentifier")
			w.GUID("Id", id)
			w.Close("CategoryIdentifier")
		}
		w.Close("FilterCategoryIds")
	}
	w.Bool("NeedTwoGroupOutOfScopeUpdates", p.NeedTwoGroupOutOfScopeUpdates)
	w.Bool("AlsoPerformRegularSync", false)
	if len(p.ComputerHardwareIDs) == 0 {
		w.Empty("ComputerSpec")
	} else {
		w.Element("ComputerSpec", func() { w.GUIDs("HardwareIDs", p.ComputerHardwareIDs) })
	}
	w.StringIf("FeatureScoreMatchingKey", p.FeatureScoreMatchingKey)
}
