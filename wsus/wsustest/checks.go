package wsustest

// check is one entry of the list. run makes calls of its own; checks without it are judged all along, by the agent and by the tap.
type check struct {
	id, section, says string
	run               func(*examination)
}

// checks are in the order in which they are made and printed: later ones build on what earlier ones have fetched.
func checks() []check {
	return []check{
		{"reachable", "MS-WUSP 2.1", "the services answer at their paths, and GET there is no failure of the server", reachable},
		{"config", "MS-WUSP 2.2.2.2.1", "GetConfig names one plug-in, SimpleTargeting, and the properties that agents insist on, and says the same twice", config},
		{"paths", "MS-WUSP 2.1", "paths are matched in any case, and Reporting answers at both of its paths", paths},
		{"config-changed", "MS-WUSP 3.1.5.4", "a lastChange of another configuration is answered by ConfigChanged", configChanged},
		{"authorization", "MS-WUSP 3.1.5.4", "the authorization cookie is of the plug-in; a forged or missing one is answered by InvalidAuthorizationCookie", authorization},
		{"cookie-missing", "MS-WUSP 2.2.2.2", "operations that take a cookie refuse to work without one", cookieMissing},
		{"cookie-forged", "MS-WUSP 2.2.2.4", "a forged cookie is answered by InvalidCookie or ServerChanged", cookieForged},
		{"registration", "MS-WUSP 3.1.5.7", "a client that must register and has not is answered by RegistrationRequired", registration},
		{"scan", "MS-WUSP 3.2.4", "an agent's scan ends without an error", scan},
		{"sync-trips", "observed", "a scan takes at most 200 round trips (0x80244010)", nil},
		{"sync-page-size", "MS-WUSP 3.1.5.7", "an answer holds at most 200 updates", nil},
		{"sync-empty-page", "MS-WUSP 2.2.2.2.4", "Truncated comes with updates", nil},
		{"sync-new-cookie", "MS-WUSP 2.2.2.2.4", "every answer of SyncUpdates has a NewCookie", nil},
		{"sync-core", "MS-WUSP 2.2.2.2.4", "new updates have a positive id and a Core fragment", nil},
		{"sync-deployment", "MS-WUSP 2.2.2.2.4", "every update has a Deployment with id and LastChangeTime", nil},
		{"sync-deployment-id", "MS-WUSP 3.1.1", "a deployment id stands for one deployment", nil},
		{"sync-action", "MS-WUSP 2.2.2.2.4", "actions are known ones; categories and detectoids are evaluated", nil},
		{"sync-once", "MS-WUSP 3.1.5.7", "nothing is sent that the client has already", nil},
		{"sync-one-revision", "MS-WUSP 3.1.5.7", "of an update one revision is deployed, the highest", nil},
		{"sync-prerequisites", "MS-WUSP 3.1.5.7", "an update comes when its prerequisites are installed, not earlier", nil},
		{"sync-leaf", "MS-WUSP 2.2.2.2.4", "IsLeaf is false for whatever is a prerequisite", leaves},
		{"sync-bundles", "MS-WUSP 3.1.5.7", "the members of a bundle come with it, as action Bundle", bundles},
		{"sync-out-of-scope", "MS-WUSP 3.1.5.7", "out of scope is what the request lists and the client shall not have", nil},
		{"sync-unknown-id", "MS-WUSP 3.1.5.7", "cached ids that the server does not know are out of scope", unknownID},
		{"sync-lost", "MS-WUSP 3.1.5.7", "cached updates whose prerequisites are no longer installed are out of scope", lostPrerequisites},
		{"sync-changed", "MS-WUSP 2.2.2.2.4", "changes name cached updates, without metadata", nil},
		{"sync-anchor", "MS-WUSP 3.1.5.4", "a change is told once, also when the cookie was renewed with the old one", anchor},
		{"sync-parameters", "MS-WUSP 3.1.5.7", "SystemSpec in a software pass and missing parameters are InvalidParameters", syncParameters},
		{"driver-not-needed", "MS-WUSP 2.2.2.2.4", "DriverSyncNotNeeded is true or false, and true only when there is no driver for the computer", driverNotNeeded},
		{"driver-only", "MS-WUSP 3.1.5.7", "the driver pass brings drivers, the software pass all others", driverOnly},
		{"printers", "MS-WUSP 3.1.5.12", "SyncPrinterCatalog brings drivers only, and calls unknown ones out of scope", printers},
		{"category-scan", "MS-WUSP 3.1.5.6", "StartCategoryScan prefers a product, names unknown ids, and refuses 200 of them", categoryScan},
		{"category-filter", "MS-WUSP 3.1.5.7", "a category scan brings what is related to the category and nothing else", categoryFilter},
		{"extended-complete", "MS-WUSP 3.1.5.9", "GetExtendedUpdateInfo describes every deployed revision that is asked for, once", extendedComplete},
		{"extended-unknown", "MS-WUSP 3.1.5.9", "unknown revisions are out of scope, not a fault", extendedUnknown},
		{"extended-locales", "MS-WUSP 3.1.5.9", "texts are those of the locale asked for, one of each revision; none asked for is InvalidParameters", extendedLocales},
		{"extended-locations", "observed", "every file of a deployed revision has a FileLocation, there or not (0x80246001)", nil},
		{"extended-digests", "MS-WUSP 2.2.2.2.6", "files have a SHA-1, and a SHA-256 as AdditionalDigest", nil},
		{"extended-limit", "MS-WUSP 2.2.2.2.1", "as many revisions as MaxExtendedUpdatesPerRequest can be asked for at once", extendedLimit},
		{"extended-by-identity", "MS-WUSP 2.2.2.2.10", "GetExtendedUpdateInfo2 knows revisions by their global names, with the locations of files",
			byIdentity},
		{"refresh-cache", "MS-WUSP 3.1.5.8", "RefreshCache gives known identities their ids and leaves unknown ones out", refresh},
		{"file-locations", "MS-WUSP 3.1.5.10", "GetFileLocations knows the files of updates and leaves unknown digests out", locations},
		{"content-download", "observed", "files come in closed ranges in any order over several connections, and their digests hold", contentDownload},
		{"content-head", "observed", "HEAD says the size and that ranges are accepted", contentHead},
		{"content-range", "RFC 9110 14", "ranges are answered by 206 and an exact Content-Range, impossible ones by 416", contentRange},
		{"content-conditional", "RFC 9110 13", "ETag or Last-Modified is there and conditions are kept", contentConditional},
		{"events-received", "MS-WUSP 3.1.5.11", "ReportEventBatch takes events, also a second time", eventsReceived},
		{"events-cookie", "MS-WUSP 3.1.5.11", "events without a valid cookie are refused", eventsCookie},
		{"unknown-operation", "MS-WUSP 2.2.2.4", "what a server does not know is answered by a fault", unknownOperation},
		{"cookie-expired", "MS-WUSP 2.2.2.4", "an expired cookie is answered by CookieExpired, whatever its clear expiration says", cookieExpired},
		{"wire-http", "MS-WUSP 2.1", "answers are text/xml with a Content-Length and status 200, or 500 for faults", nil},
		{"wire-xpress", "MS-WUSP 2.1.1", "compressed answers can be read, and only what was asked for is used", nil},
		{"wire-contract", "MS-WUSP 6", "answers have the elements of the contract, in its order, in the right namespace", nil},
		{"fault-shape", "MS-WUSP 2.2.2.4", "faults have status 500 and an ErrorCode without namespace in their detail", nil},
	}
}
