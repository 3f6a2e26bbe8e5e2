package clientsync_test

import (
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// The requests, from a tree. What a message repeats, the last of it counts, as in the readers; lists of ids go on.

func treeGetCookie(t *tree) (p clientsync.GetCookieParameters) {
	for _, c := range t.all("authCookies", "AuthorizationCookie") {
		p.AuthCookies = append(p.AuthCookies, clientsync.AuthorizationCookie{PlugInID: c.string("PlugInId"), CookieData: c.bytes("CookieData")})
	}
	if old := t.last("oldCookie"); old != nil {
		p.OldCookie = old.cookie()
	}
	p.LastChange, p.CurrentTime, p.ProtocolVersion = t.time("lastChange"), t.time("currentTime"), t.string("protocolVersion")
	return p
}

func treeRegistration(t *tree) (c clientsync.ComputerInfo) {
	// What stands beside the cookie is the computer, whatever its name: the reader of the tests takes the last element.
	t = t.children[len(t.children)-1]
	number := func(name string) int { return int(t.int(name)) }
	return clientsync.ComputerInfo{
		DNSName: t.string("DnsName"), OSLocale: t.string("OSLocale"), ComputerManufacturer: t.string("ComputerManufacturer"),
		OSMajorVersion: number("OSMajorVersion"), OSMinorVersion: number("OSMinorVersion"), OSBuildNumber: number("OSBuildNumber"),
		OSServicePackMajorNumber: number("OSServicePackMajorNumber"), OSServicePackMinorNumber: number("OSServicePackMinorNumber"),
		ComputerModel: t.string("ComputerModel"), BiosVersion: t.string("BiosVersion"), BiosName: t.string("BiosName"),
		BiosReleaseDate: t.time("BiosReleaseDate"), ProcessorArchitecture: t.string("ProcessorArchitecture"),
		SuiteMask: number("SuiteMask"), OldProductType: number("OldProductType"), NewProductType: number("NewProductType"),
		SystemMetrics: number("SystemMetrics"), ClientVersionMajorNumber: number("ClientVersionMajorNumber"),
		ClientVersionMinorNumber: number("ClientVersionMinorNumber"), ClientVersionBuildNumber: number("ClientVersionBuildNumber"),
		ClientVersionQfeNumber: number("ClientVersionQfeNumber"), OSDescription: t.string("OSDescription"), OEM: t.string("OEM"),
		DeviceType: t.string("DeviceType"), FirmwareVersion: t.string("FirmwareVersion"), MobileOperator: t.string("MobileOperator"),
	}
}

func treeInfoTypes(t *tree) (types []clientsync.FragmentType) {
	for _, item := range t.all("infoTypes", "XmlUpdateFragmentType") {
		types = append(types, clientsync.FragmentType(strings.TrimSpace(item.text.String())))
	}
	return types
}

func treeLocales(t *tree) (locales []string) {
	for _, item := range t.all("locales", "string") {
		locales = append(locales, item.text.String())
	}
	return locales
}

func treeExtendedQuery(t *tree) clientsync.ExtendedQuery {
	return clientsync.ExtendedQuery{RevisionIDs: t.ints("revisionIDs"), InfoTypes: treeInfoTypes(t), Locales: treeLocales(t), GeoID: t.string("GeoId")}
}

func treeExtendedQuery2(t *tree) clientsync.ExtendedQuery2 {
	q := clientsync.ExtendedQuery2{InfoTypes: treeInfoTypes(t), Locales: treeLocales(t)}
	for _, id := range t.all("updateIDs", "UpdateIdentity") {
		q.UpdateIDs = append(q.UpdateIDs, id.identity())
	}
	return q
}

func treeGlobalIDs(t *tree) (ids []clientsync.UpdateIdentity) {
	for _, id := range t.all("globalIDs", "UpdateIdentity") {
		ids = append(ids, id.identity())
	}
	return ids
}

func treeDigests(t *tree) (digests [][20]byte) {
	for _, item := range t.all("fileDigests", "base64Binary") {
		digests = append(digests, [20]byte(item.bytes()))
	}
	return digests
}

func treePrinters(t *tree) clientsync.PrinterParameters {
	return clientsync.PrinterParameters{InstalledNonLeafUpdateIDs: t.ints("installedNonLeafUpdateIDs"), CachedUpdateIDs: t.ints("printerUpdateIDs")}
}

func treeCategories(t *tree) (list []clientsync.CategoryRelationship) {
	for _, r := range t.all("requestedCategories", "CategoryRelationship") {
		list = append(list, clientsync.CategoryRelationship{IndexOfAndGroup: int(r.int("IndexOfAndGroup")), CategoryID: r.guid("CategoryId")})
	}
	return list
}

func treeEvents(t *tree) (events []clientsync.ReportingEvent) {
	for _, item := range t.all("eventBatch", "ReportingEvent") {
		// Data that come twice are put together, field by field.
		var basic, extended tree
		for _, part := range item.all("BasicData") {
			basic.children = append(basic.children, part.children...)
		}
		for _, part := range item.all("ExtendedData") {
			extended.children = append(extended.children, part.children...)
		}
		result := &tree{}
		for _, child := range basic.children {
			if strings.EqualFold(child.name, "Win32HResult") {
				result = child
			}
		}
		e := clientsync.ReportingEvent{
			TargetID: basic.string("TargetID", "Sid"), SequenceNumber: int(basic.int("SequenceNumber")), TimeAtTarget: basic.time("TimeAtTarget"),
			EventInstanceID: basic.guid("EventInstanceID"), NamespaceID: int(basic.int("NamespaceID")), EventID: int(basic.int("EventID")),
			SourceID: int(basic.int("SourceID")), Win32HResult: int32(result.int()), AppName: basic.string("AppName"),
			ReplacementStrings: extended.texts("ReplacementStrings"), MiscData: extended.texts("MiscData"),
			ComputerBrand: extended.string("ComputerBrand"), ComputerModel: extended.string("ComputerModel"),
			BiosRevision: extended.string("BiosRevision"), Architecture: extended.string("ProcessorArchitecture"),
			OSLocaleID: int(extended.int("OSLocaleID")), DeviceID: extended.string("DeviceID"),
		}
		if id := basic.last("UpdateID"); id != nil {
			e.UpdateID = id.identity()
		}
		if v := extended.last("OSVersion"); v != nil {
			e.OSVersion = clientsync.OSVersion{Major: int(v.int("Major")), Minor: int(v.int("Minor")), Build: int(v.int("Build")),
				Revision: int(v.int("Revision")), ServicePackMajor: int(v.int("ServicePackMajor")), ServicePackMinor: int(v.int("ServicePackMinor"))}
		}
		events = append(events, e)
	}
	return events
}
