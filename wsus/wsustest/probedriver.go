package wsustest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// noDevice is a device that no driver is for.
func noDevice() clientsync.Device {
	return clientsync.Device{HardwareIDs: []string{`WSUSTEST\VEN_0000&DEV_0000`}, Installed: clientsync.InstalledDriver{Rank: clientsync.NoRank}}
}

func cookieXML(c clientsync.Cookie) string {
	return fmt.Sprintf("<cookie><Expiration>%s</Expiration><EncryptedData>%s</EncryptedData></cookie>", c.Expiration.UTC().Format(time.RFC3339Nano),
		base64.StdEncoding.EncodeToString(c.EncryptedData))
}

// driverPass asks for drivers, whatever the software pass said of the need.
func (e *examination) driverPass() (clientsync.SyncInfo, bool) {
	devices := e.config.Devices
	if len(devices) == 0 {
		devices = []clientsync.Device{noDevice()}
	}
	return e.ask(clientsync.SyncParameters{SkipSoftwareSync: true, SystemSpec: devices, ComputerHardwareIDs: e.config.HardwareIDs,
		FeatureScoreMatchingKey: e.config.FeatureScoreMatchingKey, InstalledNonLeafUpdateIDs: e.last.InstalledNonLeafUpdateIDs})
}

func driverNotNeeded(e *examination) {
	if !e.wantScan() {
		return
	}
	answer, err := e.post(clientsync.ClientPath, clientsync.ClientNamespace, "SyncUpdates", cookieXML(e.agent.Session().State.Cookie)+
		"<parameters><SkipSoftwareSync>false</SkipSoftwareSync></parameters>")
	if err != nil {
		e.failf("SyncUpdates: %v", err)
		return
	}
	said := answer.body.child("SyncUpdatesResult").child("DriverSyncNotNeeded")
	switch {
	case said == nil:
		e.failf("DriverSyncNotNeeded is missing, for a client of version %s", currentVersion)
		return
	case !slices.Contains([]string{"true", "false"}, strings.ToLower(said.content())):
		e.failf("DriverSyncNotNeeded is %q, want true or false", said.content())
		return
	}
	info, ok := e.driverPass()
	if ok && strings.EqualFold(said.content(), "true") && len(info.NewUpdates) > 0 {
		e.failf("DriverSyncNotNeeded is true, yet a driver pass brings %d updates, %d first: agents will never ask for them",
			len(info.NewUpdates), info.NewUpdates[0].ID)
	}
}

func driverOnly(e *examination) {
	if !e.wantScan() {
		return
	}
	info, ok := e.driverPass()
	if !ok {
		return
	}
	held := map[int32]bool{}
	for _, r := range e.agent.Cache() {
		held[r.ID] = !r.isDriver()
	}
	for _, u := range info.NewUpdates {
		if held[u.ID] {
			e.failf("the driver pass brings %d, which the software pass brought (0x80240013)", u.ID)
			continue
		}
		core, err := metadata.ParseCore(u.XML)
		switch {
		case err != nil:
			e.failf("the Xml of %d in a driver pass is no Core fragment: %v", u.ID, err)
		case core.Type != metadata.Driver:
			e.failf("the driver pass brings %d (%s), which is %s", u.ID, core.UpdateID, core.Type)
		case len(e.config.Devices) == 0:
			e.failf("the driver pass brings %d (%s) for a device that no driver is for", u.ID, core.UpdateID)
		}
	}
	for _, id := range info.OutOfScopeRevisionIDs {
		if held[id] {
			e.failf("the driver pass calls %d out of scope, which is no driver and was not in CachedDriverIDs", id)
		}
	}
}

// category picks what to limit a scan to: the one of the configuration, else one that others name as a category, with the fewest of them.
func (e *examination) category() uuid.UUID {
	if e.config.Category != uuid.Nil {
		return e.config.Category
	}
	named := map[uuid.UUID]int{}
	for _, r := range e.agent.Cache() {
		if r.core == nil || r.core.Type != metadata.Software {
			continue
		}
		for _, clause := range r.core.Relationships.Prerequisites {
			if clause.IsCategory {
				for _, m := range clause.Members {
					named[m.UpdateID]++
				}
			}
		}
	}
	var best uuid.UUID
	classification := map[uuid.UUID]bool{}
	for _, c := range metadata.Classifications() {
		classification[c.ID] = true
	}
	for id, n := range named {
		if classification[id] {
			continue
		}
		if best == uuid.Nil || n < named[best] || n == named[best] && id.String() < best.String() {
			best = id
		}
	}
	return best
}

func categoryScan(e *examination) {
	if !e.wantScan() {
		return
	}
	relate := func(ids ...uuid.UUID) (list []clientsync.CategoryRelationship) {
		for i, id := range ids {
			list = append(list, clientsync.CategoryRelationship{IndexOfAndGroup: i, CategoryID: id})
		}
		return list
	}
	unknown := uuid.MustParse("00000000-0000-4000-8000-00000000dead")
	answer, err := e.agent.Session().StartCategoryScan(e.ctx, relate(unknown))
	switch {
	case err != nil:
		e.failf("StartCategoryScan with an unknown category: %v (0x80240436)", err)
	case !slices.Contains(answer.RequestedCategoryIDsInError, unknown):
		e.failf("StartCategoryScan does not name the unknown category %s in requestedCategoryIdsInError", unknown)
	}
	if product := e.category(); product != uuid.Nil {
		answer, err = e.agent.Session().StartCategoryScan(e.ctx, relate(product))
		switch {
		case err != nil:
			e.failf("StartCategoryScan with the category %s: %v (0x80240436)", product, err)
		case len(answer.RequestedCategoryIDsInError) > 0:
			e.failf("StartCategoryScan calls the category %s unknown, which a scan has delivered", product)
		}
	}
	many := make([]uuid.UUID, 200)
	for i := range many {
		many[i] = uuid.New()
	}
	_, err = e.agent.Session().StartCategoryScan(e.ctx, relate(many...))
	e.wantFault("StartCategoryScan with 200 categories", err, clientsync.InvalidParameters)
}

// categoryFilter walks a scan that is limited to a category. Whatever has a category of its own, and is not a category or a detectoid or a
// member of a bundle, must have this one.
func categoryFilter(e *examination) {
	if !e.wantScan() {
		return
	}
	product := e.category()
	if product == uuid.Nil {
		e.skipf("the scan has brought no category that updates belong to")
		return
	}
	p := clientsync.SyncParameters{FilterCategoryIDs: []uuid.UUID{product}, NeedTwoGroupOutOfScopeUpdates: true,
		InstalledNonLeafUpdateIDs: e.last.InstalledNonLeafUpdateIDs}
	seen := 0
	for range clientsync.DefaultMaxTrips {
		info, ok := e.ask(p)
		if !ok {
			return
		}
		for _, u := range info.NewUpdates {
			seen++
			p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, u.ID)
			core, err := metadata.ParseCore(u.XML)
			if err == nil && core.Type == metadata.Software && u.Deployment.Action != clientsync.Bundle && u.Deployment.Action != clientsync.Evaluate &&
				hasCategory(core) && !namesCategory(core, product) {
				e.failf("a scan limited to %s brings %d (%s), which is of other categories", product, u.ID, core.UpdateID)
			}
		}
		if len(info.NewUpdates) == 0 || !info.Truncated {
			break
		}
	}
	if seen == 0 {
		e.failf("a scan limited to the category %s brings nothing, although a whole scan brings updates of it", product)
	}
}

func hasCategory(core *metadata.Core) bool {
	return slices.ContainsFunc(core.Relationships.Prerequisites, func(c metadata.Clause) bool { return c.IsCategory })
}

func namesCategory(core *metadata.Core, id uuid.UUID) bool {
	return slices.ContainsFunc(core.Relationships.Prerequisites, func(c metadata.Clause) bool {
		return slices.ContainsFunc(c.Members, func(m metadata.Identity) bool { return m.UpdateID == id })
	})
}
