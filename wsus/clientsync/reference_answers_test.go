package clientsync_test

import (
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// The results, from the tree of their element.

func treeConfig(t *tree) clientsync.ConfigResult {
	c := clientsync.ConfigResult{LastChange: t.time("LastChange"), IsRegistrationRequired: t.bool("IsRegistrationRequired")}
	for _, info := range t.all("AuthInfo", "AuthPlugInInfo") {
		for _, child := range info.children {
			switch child.name {
			case "PlugInID":
				c.PlugInID = child.text.String()
			case "ServiceUrl":
				c.ServiceURL = child.text.String()
			}
		}
	}
	for _, p := range t.all("Properties", "ConfigurationProperty") {
		c.Properties = append(c.Properties, clientsync.Property{Name: p.string("Name"), Value: p.string("Value")})
	}
	return c
}

func treeDeployment(t *tree) clientsync.Deployment {
	if t == nil {
		return clientsync.Deployment{}
	}
	return clientsync.Deployment{ID: int32(t.int("ID")), Action: clientsync.Action(strings.TrimSpace(t.string("Action"))),
		Deadline: t.time("Deadline"), IsAssigned: t.bool("IsAssigned"), LastChangeTime: t.time("LastChangeTime"), HardwareIDs: t.texts("HardwareIds")}
}

func treeUpdates(t *tree, name string) (updates []clientsync.UpdateInfo) {
	if t = t.last(name); t == nil {
		return nil
	}
	for _, u := range t.all("UpdateInfo") {
		updates = append(updates, clientsync.UpdateInfo{ID: int32(u.int("ID")), Deployment: treeDeployment(u.last("Deployment")),
			IsLeaf: u.bool("IsLeaf"), XML: u.string("Xml")})
	}
	return updates
}

// lastInts are the items of the last list of a name: answers have one.
func lastInts(t *tree, name string) []int32 {
	last := t.last(name)
	if last == nil {
		return nil
	}
	return (&tree{children: []*tree{last}}).ints(name)
}

func treeSyncInfo(t *tree) clientsync.SyncInfo {
	info := clientsync.SyncInfo{NewUpdates: treeUpdates(t, "NewUpdates"), ChangedUpdates: treeUpdates(t, "ChangedUpdates"),
		OutOfScopeRevisionIDs: lastInts(t, "OutOfScopeRevisionIDs"), Truncated: t.bool("Truncated"),
		DeployedOutOfScopeRevisionIDs: lastInts(t, "DeployedOutOfScopeRevisionIds")}
	if c := t.last("NewCookie"); c != nil {
		info.NewCookie = c.cookie()
	}
	info.DriverSyncNotNeeded, _ = strconv.ParseBool(strings.TrimSpace(t.string("DriverSyncNotNeeded")))
	return info
}

func treeFragments(t *tree) (fragments []clientsync.Fragment) {
	for _, f := range t.all("Updates", "Update") {
		fragments = append(fragments, clientsync.Fragment{ID: int32(f.int("ID")), XML: f.string("Xml")})
	}
	return fragments
}

func treeLocations(t *tree) (locations []clientsync.FileLocation) {
	if t = t.last("FileLocations"); t == nil {
		return nil
	}
	for _, l := range t.all("FileLocation") {
		if digest := l.bytes("FileDigest"); len(digest) == 20 {
			locations = append(locations, clientsync.FileLocation{FileDigest: [20]byte(digest), URL: l.string("Url")})
		}
	}
	return locations
}

func treeExtendedInfo(t *tree) clientsync.ExtendedInfo {
	return clientsync.ExtendedInfo{Updates: treeFragments(t), FileLocations: treeLocations(t),
		OutOfScopeRevisionIDs: lastInts(t, "OutOfScopeRevisionIDs")}
}

func treeExtendedInfo2(t *tree) clientsync.ExtendedInfo2 {
	info := clientsync.ExtendedInfo2{Updates: treeFragments(t), FileLocations: treeLocations(t)}
	for _, d := range t.all("FileDecryptionData", "FileDecryption") {
		var key clientsync.FileDecryption
		for _, child := range d.children {
			switch child.name {
			case "FileDigest":
				key.FileDigest = [20]byte{}
				copy(key.FileDigest[:], child.bytes())
			case "DecryptionKey":
				key.Key = child.bytes()
			case "SecurityData":
				for _, item := range child.all("base64Binary") {
					if key.Key == nil {
						key.Key = item.bytes()
					}
				}
			}
		}
		info.Decryption = append(info.Decryption, key)
	}
	for _, d := range t.all("UpdateEncryptionDetails", "UpdateEncryptionDetail") {
		e := clientsync.UpdateEncryption{HasEncryptedFiles: d.bool("HasEncryptedFiles")}
		if id := d.last("UpdateIdentity"); id != nil {
			e.UpdateID = id.identity()
		}
		info.Encryption = append(info.Encryption, e)
	}
	return info
}

func treeRefreshed(t *tree) (revisions []clientsync.RefreshedRevision) {
	for _, r := range t.all("RefreshCacheResult") {
		revision := clientsync.RefreshedRevision{RevisionID: int32(r.int("RevisionID")), IsLeaf: r.bool("IsLeaf"),
			Deployment: treeDeployment(r.last("Deployment"))}
		if id := r.last("GlobalID"); id != nil {
			revision.GlobalID = id.identity()
		}
		revisions = append(revisions, revision)
	}
	return revisions
}
