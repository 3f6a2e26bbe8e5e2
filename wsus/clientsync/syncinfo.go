package clientsync

import (
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// maxAnswerItems bounds each list of an answer that a client reads.
const maxAnswerItems = 1 << 20

// writeSyncInfo writes a SyncInfo in the order of MS-WUSP §2.2.2.2.4. Empty lists are left out, which means the same. What a
// client's version does not provide for is not sent to it.
func writeSyncInfo(w *soap.Writer, name string, info SyncInfo, client Version, twoGroups bool) {
	w.Open(name)
	writeUpdates(w, "NewUpdates", info.NewUpdates, client)
	w.Int32s("OutOfScopeRevisionIDs", info.OutOfScopeRevisionIDs)
	writeUpdates(w, "ChangedUpdates", info.ChangedUpdates, client)
	w.Bool("Truncated", info.Truncated)
	writeCookie(w, "NewCookie", info.NewCookie)
	if client.canScanCategories() {
		if twoGroups {
			w.Int32s("DeployedOutOfScopeRevisionIds", info.DeployedOutOfScopeRevisionIDs)
		}
		w.Bool("DriverSyncNotNeeded", info.DriverSyncNotNeeded)
	}
	w.Close(name)
}

func writeUpdates(w *soap.Writer, name string, updates []UpdateInfo, client Version) {
	if len(updates) == 0 {
		return
	}
	w.Open(name)
	for _, u := range updates {
		w.Open("UpdateInfo")
		w.Int("ID", int64(u.ID))
		writeDeployment(w, u.Deployment, client)
		w.Bool("IsLeaf", u.IsLeaf)
		w.StringIf("Xml", u.XML)
		w.Close("UpdateInfo")
	}
	w.Close(name)
}

func readSyncInfo(s *soap.Scanner) SyncInfo {
	var info SyncInfo
	for s.Child() {
		switch string(s.Name()) {
		case "NewUpdates":
			info.NewUpdates = readUpdates(s)
		case "OutOfScopeRevisionIDs":
			info.OutOfScopeRevisionIDs = s.Int32s(nil, maxAnswerItems)
		case "ChangedUpdates":
			info.ChangedUpdates = readUpdates(s)
		case "Truncated":
			info.Truncated = s.Bool()
		case "NewCookie":
			info.NewCookie = readCookie(s)
		case "DeployedOutOfScopeRevisionIds":
			info.DeployedOutOfScopeRevisionIDs = s.Int32s(nil, maxAnswerItems)
		case "DriverSyncNotNeeded": // a string in the schema: anything but true is false
			info.DriverSyncNotNeeded, _ = strconv.ParseBool(strings.TrimSpace(s.String()))
		default:
			s.Skip()
		}
	}
	return info
}

func readUpdates(s *soap.Scanner) []UpdateInfo {
	var updates []UpdateInfo
	s.List("UpdateInfo", maxAnswerItems, func() {
		var u UpdateInfo
		for s.Child() {
			switch string(s.Name()) {
			case "ID":
				u.ID = s.Int32()
			case "Deployment":
				u.Deployment = readDeployment(s)
			case "IsLeaf":
				u.IsLeaf = s.Bool()
			case "Xml":
				u.XML = s.String()
			default:
				s.Skip()
			}
		}
		updates = append(updates, u)
	})
	return updates
}
