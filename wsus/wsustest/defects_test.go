package wsustest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// seeded is a defect, the check that must find it, and what the message must say.
type seeded struct {
	name   string
	defect defect
	check  string
	says   string // a regular expression
}

var (
	leafTrue  = "<IsLeaf>true</IsLeaf>"
	leafFalse = "<IsLeaf>false</IsLeaf>"
	bundled   = regexp.MustCompile(`<UpdateInfo><ID>(\d+)</ID><Deployment><ID>\d+</ID><Action>Bundle<`)
	ids       = regexp.MustCompile(`<UpdateInfo><ID>(\d+)</ID>`)
)

// listing adds an id to a list of the request, or makes the list.
func listing(request, list, id string) string {
	if id == "" {
		return request
	}
	if strings.Contains(request, "<"+list+">") {
		return strings.Replace(request, "<"+list+">", "<"+list+"><int>"+id+"</int>", 1)
	}
	return with(request, "SkipSoftwareSync", "<"+list+"><int>"+id+"</int></"+list+">")
}

// outOfScope adds an id to the list of the answer that stands between the updates and Truncated.
func outOfScope(answer, id string) string {
	if strings.Contains(answer, "<OutOfScopeRevisionIDs>") {
		return strings.Replace(answer, "<OutOfScopeRevisionIDs>", "<OutOfScopeRevisionIDs><int>"+id+"</int>", 1)
	}
	before := "Truncated"
	if strings.Contains(answer, "<ChangedUpdates>") {
		before = "ChangedUpdates"
	}
	return with(answer, before, "<OutOfScopeRevisionIDs><int>"+id+"</int></OutOfScopeRevisionIDs>")
}

func scanDefects() []seeded {
	return []seeded{
		{"elements in the wrong order", answering("SyncUpdates", func(a string) string {
			truncated := first(a, "Truncated")
			return with(strings.Replace(a, truncated, "", 1), "NewUpdates", truncated)
		}), "wire-contract", `SyncUpdatesResult: NewUpdates comes after Truncated; the order is NewUpdates, OutOfScopeRevisionIDs`},
		{"no Deployment", rewriting(func(x *exchange) {
			if x.n > 1 {
				x.answer = strings.Replace(x.answer, first(x.answer, "Deployment"), "", 1)
			}
		}, "SyncUpdates"), "sync-deployment", `\d+ \([-0-9a-f]+;\d+\) has no Deployment; an agent ends with 0x80070057`},
		{"no LastChangeTime", answering("SyncUpdates", func(a string) string { return without(a, "LastChangeTime") }),
			"sync-deployment", `the Deployment of \d+ .* has no LastChangeTime`},
		{"an update resent", rewriting(func(x *exchange) {
			if id := inside(inside(x.request, "OtherCachedUpdateIDs"), "int"); id != "" {
				_, fresh := x.serve(strings.Replace(x.request, "<int>"+id+"</int>", "", 1))
				for _, u := range strings.Split(inside(fresh, "NewUpdates"), "</UpdateInfo>") {
					if strings.HasPrefix(u, "<UpdateInfo><ID>"+id+"<") && strings.Contains(x.answer, "<NewUpdates>") {
						x.answer = strings.Replace(x.answer, "<NewUpdates>", "<NewUpdates>"+u+"</UpdateInfo>", 1)
					}
				}
			}
		}, "SyncUpdates"), "sync-once", `\d+ .* is in NewUpdates although the request lists it as cached`},
		{"an update twice in a page", answering("SyncUpdates", func(a string) string {
			u := first(a, "UpdateInfo")
			return strings.Replace(a, u, u+u, 1)
		}), "sync-once", `\d+ .* is in the answer twice \(0x80240013\)`},
		{"a failure in the middle of a scan", rewriting(func(x *exchange) {
			if strings.Contains(x.request, "<InstalledNonLeafUpdateIDs><int>") && x.status == http.StatusOK {
				x.status, x.answer = x.serve(without(x.request, "parameters"))
			}
		}, "SyncUpdates"), "scan", `^scan: SyncUpdates: fault InvalidParameters: parameters`},
		{"more with the second scan", rewriting(func(x *exchange) {
			if u := first(x.answer, "UpdateInfo"); u != "" {
				last = regexp.MustCompile(`<ID>\d+</ID><Dep`).ReplaceAllString(strings.Replace(u, leafFalse, leafTrue, 1), "<ID>900001</ID><Dep")
			} else if last != "" && x.status == http.StatusOK && !strings.Contains(x.request, "900001") {
				x.answer = with(x.answer, "Truncated", "<NewUpdates>"+last+"</NewUpdates>")
			}
		}, "SyncUpdates"), "scan", `^a second scan brings 1 updates that the first did not, 900001 among them`},
		{"endless Truncated", answering("SyncUpdates", func(a string) string {
			return strings.Replace(a, "<Truncated>false", "<Truncated>true", 1)
		}), "sync-trips", `after 200 round trips the server still wants another; an agent gives up with 0x80244010`},
		{"Truncated with an empty page", rewriting(func(x *exchange) {
			if x.n == 8 && x.status == http.StatusOK {
				x.answer = strings.Replace(without(x.answer, "NewUpdates"), "<Truncated>false", "<Truncated>true", 1)
			}
		}, "SyncUpdates"), "sync-empty-page", `Truncated is true, yet NewUpdates is empty: an agent would ask for ever`},
		{"IsLeaf true for prerequisites", answering("SyncUpdates", func(a string) string { return strings.ReplaceAll(a, leafFalse, leafTrue) }),
			"sync-leaf", `\d+ .* has IsLeaf true although \d+ .* names it as a prerequisite: an agent never lists it as installed, and never sees \d+`},
		{"IsLeaf true for one prerequisite", rewriting(func(x *exchange) {
			if strings.Contains(x.answer, "<NewUpdates>") && !strings.Contains(x.request, "<InstalledNonLeafUpdateIDs><int>") {
				x.answer = strings.Replace(x.answer, leafFalse, leafTrue, 1)
			}
		}, "SyncUpdates"), "sync-leaf", `\d+ .* has IsLeaf true although \d+ .* names it as a prerequisite`},
		{"out of scope what was just delivered", answering("SyncUpdates", func(a string) string {
			if id := ids.FindStringSubmatch(a); id != nil {
				return outOfScope(a, id[1])
			}
			return a
		}), "sync-out-of-scope", `\d+ is new and out of scope in the same answer`},
		{"out of scope what the last trip delivered", rewriting(func(x *exchange) {
			if id := inside(inside(x.request, "InstalledNonLeafUpdateIDs"), "int"); id != "" && x.status == http.StatusOK {
				x.answer = outOfScope(x.answer, id)
			}
		}, "SyncUpdates"), "sync-out-of-scope", `\d+ .* is out of scope although it was delivered in trip \d+ and has its prerequisites`},
		{"out of scope what nobody listed", answering("SyncUpdates", func(a string) string { return outOfScope(a, "77777777") }),
			"sync-out-of-scope", `77777777 is out of scope, yet the request does not list it`},
		{"unknown ids stay", answering("SyncUpdates", func(a string) string { return strings.ReplaceAll(a, "<int>2147480001</int>", "") }),
			"sync-unknown-id", `the id 2147480001, which no server has, is not out of scope`},
		{"nothing ever leaves scope", answering("SyncUpdates", func(a string) string { return without(a, "OutOfScopeRevisionIDs") }),
			"sync-lost", `\d+ .* stays in scope although nothing is installed and it waits for [-0-9a-f]{36}`},
		{"prerequisites ignored", rewriting(func(x *exchange) {
			if x.status != http.StatusOK || !strings.Contains(x.answer, "<NewUpdates>") {
				return
			}
			// Deeper levels are told at once, as if what they wait for were installed.
			request := x.request
			for _, id := range ids.FindAllStringSubmatch(x.answer, -1) {
				request = listing(request, "InstalledNonLeafUpdateIDs", id[1])
			}
			if _, deeper := x.serve(request); strings.Contains(deeper, "<NewUpdates>") {
				x.answer = strings.Replace(x.answer, "</NewUpdates>", inside(deeper, "NewUpdates")+"</NewUpdates>", 1)
			}
		}, "SyncUpdates"), "sync-prerequisites", `\d+ .* came too early: the request names none of its prerequisites [-0-9a-f]{36}.* as installed`},
		{"one deployment id for all", answering("SyncUpdates", func(a string) string {
			return regexp.MustCompile(`<Deployment><ID>\d+</ID>`).ReplaceAllString(a, "<Deployment><ID>15000</ID>")
		}), "sync-deployment-id", `deployment id 15000 of \d+ .* is also that of \d+`},
		{"action Block", answering("SyncUpdates", func(a string) string {
			return strings.ReplaceAll(a, "<Action>Install</Action>", "<Action>Block</Action>")
		}), "sync-action", `has the action "Block", want one of`},
		{"categories for installation", answering("SyncUpdates", func(a string) string {
			return strings.ReplaceAll(a, "<Action>Evaluate</Action>", "<Action>Install</Action>")
		}), "sync-action", `(Category|Detectoid) \d+ .* has the action Install; it is Evaluate always`},
		{"members of bundles for installation", answering("SyncUpdates", func(a string) string {
			return strings.ReplaceAll(a, "<Action>Bundle</Action>", "<Action>Install</Action>")
		}), "sync-bundles", `is a member of the bundle \d+ .* and has the action "Install", want Bundle`},
		{"bundles without members", func(h http.Handler) http.Handler {
			members := "" // kept from the client, and so that the server goes on, told as cached
			return rewriting(func(x *exchange) {
				for {
					x.status, x.answer = x.serve(listing(x.request, "OtherCachedUpdateIDs", strings.TrimSuffix(strings.TrimPrefix(members, "<int>"), "</int>")))
					found := bundled.FindAllStringSubmatch(x.answer, -1)
					for _, m := range found {
						members += "<int>" + m[1] + "</int>"
					}
					if len(found) == 0 {
						break
					}
				}
				x.answer = without(x.answer, "OutOfScopeRevisionIDs")
			}, "SyncUpdates")(h)
		}, "sync-bundles", `is a bundle of [-0-9a-f]{36}.*, none of which was delivered`},
		{"no metadata", answering("SyncUpdates", func(a string) string { return strings.Replace(a, first(a, "Xml"), "", 1) }),
			"sync-core", `new update \d+ has no Xml`},
		{"metadata cut off", answering("SyncUpdates", func(a string) string {
			xml := inside(a, "Xml")
			return strings.Replace(a, xml, xml[:len(xml)/2], 1)
		}), "sync-core", `the Xml of \d+ is no Core fragment`},
		{"no NewCookie", answering("SyncUpdates", func(a string) string { return without(a, "NewCookie") }),
			"sync-new-cookie", `the answer has no NewCookie`},
		{"a page of thousands", answering("SyncUpdates", func(a string) string {
			u := first(a, "UpdateInfo")
			if u == "" {
				return a
			}
			var more strings.Builder
			id := ids.FindStringSubmatch(u)[1]
			for n := range 220 {
				more.WriteString(strings.Replace(u, "<ID>"+id+"</ID>", fmt.Sprintf("<ID>%d</ID>", 900000+n), 1))
			}
			return strings.Replace(a, u, u+more.String(), 1)
		}), "sync-page-size", `the answer holds 2\d\d updates; WSUS truncates at 200`},
		{"two revisions of an update", answering("SyncUpdates", func(a string) string {
			u := first(a, "UpdateInfo")
			if u == "" {
				return a
			}
			id := ids.FindStringSubmatch(u)[1]
			return strings.Replace(a, u, u+strings.Replace(u, "<ID>"+id+"</ID>", "<ID>900001</ID>", 1), 1)
		}), "sync-one-revision", `900001 .* arrives while \d+ .* of the same update is deployed`},
		{"changes with every answer", rewriting(func(x *exchange) {
			u := first(x.answer, "UpdateInfo")
			if u != "" {
				last = strings.Replace(u, first(u, "Xml"), "", 1)
			}
			if x.n > 6 && last != "" && x.status == http.StatusOK && u == "" {
				x.answer = with(x.answer, "Truncated", "<ChangedUpdates>"+last+"</ChangedUpdates>")
			}
		}, "SyncUpdates"), "sync-anchor", `a second scan tells 1 updates as changed, \d+ among them, although nothing has changed`},
		{"changes with metadata", rewriting(func(x *exchange) {
			if u := first(x.answer, "UpdateInfo"); u != "" {
				last = u
			} else if last != "" && x.status == http.StatusOK {
				x.answer = with(x.answer, "Truncated", "<ChangedUpdates>"+last+"</ChangedUpdates>")
			}
		}, "SyncUpdates"), "sync-changed", `ChangedUpdates gives \d+ .* with Xml`},
		{"the anchor of the old cookie ignored", requesting("GetCookie", func(r string) string { return without(r, "oldCookie") }),
			"sync-anchor", `after a renewal ChangedUpdates repeats \d+ of \d+ cached updates.*GetCookie must take the anchor from oldCookie`},
		{"software in the driver pass", rewriting(func(x *exchange) {
			if strings.Contains(x.request, "<SkipSoftwareSync>true") {
				x.status, x.answer = x.serve(without(strings.Replace(x.request, "<SkipSoftwareSync>true", "<SkipSoftwareSync>false", 1), "SystemSpec"))
			}
		}, "SyncUpdates"), "driver-only", `the driver pass brings \d+, which the software pass brought \(0x80240013\)`},
		{"DriverSyncNotNeeded is wrong", rewriting(func(x *exchange) {
			if strings.Contains(x.request, "<SkipSoftwareSync>true") {
				_, software := x.serve(without(strings.Replace(x.request, "<SkipSoftwareSync>true", "<SkipSoftwareSync>false", 1), "SystemSpec"))
				driver := strings.Replace(first(software, "UpdateInfo"), `UpdateType="Software"`, `UpdateType="Driver"`, 1)
				x.answer = with(without(x.answer, "NewUpdates"), "Truncated", "<NewUpdates>"+driver+"</NewUpdates>")
			}
		}, "SyncUpdates"), "driver-not-needed", `DriverSyncNotNeeded is true, yet a driver pass brings 1 updates`},
		{"DriverSyncNotNeeded is missing", answering("SyncUpdates", func(a string) string { return without(a, "DriverSyncNotNeeded") }),
			"driver-not-needed", `DriverSyncNotNeeded is missing`},
		{"software among the printers", rewriting(func(x *exchange) {
			if u := first(x.answer, "UpdateInfo"); x.op == "SyncUpdates" && u != "" {
				last = u
			} else if x.op == "SyncPrinterCatalog" && x.status == http.StatusOK {
				x.answer = with(x.answer, "OutOfScopeRevisionIDs", "<NewUpdates>"+last+"</NewUpdates>")
			}
		}, "SyncUpdates", "SyncPrinterCatalog"), "printers", `SyncPrinterCatalog brings \d+ \([-0-9a-f]{36}\), which is (Software|Category|Detectoid) and no driver`},
		{"cached printers never go", answering("SyncPrinterCatalog", func(a string) string { return without(a, "OutOfScopeRevisionIDs") }),
			"printers", `does not call the unknown driver 2147480003 out of scope`},
		{"FilterCategoryIds ignored", requesting("SyncUpdates", func(r string) string { return without(r, "FilterCategoryIds") }),
			"category-filter", `a scan limited to [-0-9a-f]{36} brings \d+ .*, which is of other categories`},
		{"unknown categories preferred", answering("StartCategoryScan", func(a string) string { return without(a, "requestedCategoryIdsInError") }),
			"category-scan", `does not name the unknown category`},
		{"SystemSpec taken in a software pass", requesting("SyncUpdates", func(r string) string {
			if strings.Contains(r, "<SkipSoftwareSync>false") {
				return without(r, "SystemSpec")
			}
			return r
		}), "sync-parameters", `SystemSpec without SkipSoftwareSync was accepted`},
	}
}

// nothingNew is an answer of SyncUpdates, for whom a server should have refused.
const nothingNew = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><SyncUpdatesResponse xmlns="http://www.microsoft.com/` +
	`SoftwareDistribution/Server/ClientWebService"><SyncUpdatesResult><Truncated>false</Truncated><NewCookie><Expiration>2030-01-01T00:00:00Z` +
	`</Expiration><EncryptedData>AAAA</EncryptedData></NewCookie></SyncUpdatesResult></SyncUpdatesResponse></s:Body></s:Envelope>`

// last and kept are what a defect keeps from one answer for the next. Cases run one after the other.
var last, kept string

func cookieDefects() []seeded {
	genuine := ""
	remember := func(answer string) {
		if c := first(answer, "GetCookieResult"); c != "" {
			genuine = inside(c, "EncryptedData")
		}
		if c := first(answer, "NewCookie"); c != "" {
			genuine = inside(c, "EncryptedData")
		}
	}
	forged := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0x5a}, 200))
	accepting := func(when func(*exchange) bool) defect {
		return rewriting(func(x *exchange) {
			remember(x.answer)
			if genuine != "" && when(x) {
				request := strings.ReplaceAll(x.request, forged, genuine)
				if data := inside(first(request, "cookie"), "EncryptedData"); data != "" {
					request = strings.ReplaceAll(request, data, genuine)
				} else {
					request = strings.Replace(request, "</cookie>", "<EncryptedData>"+genuine+"</EncryptedData></cookie>", 1)
				}
				x.status, x.answer = x.serve(request)
			}
		})
	}
	invalid := func(x *exchange) bool { return strings.Contains(x.answer, "<ErrorCode>InvalidCookie<") }
	return []seeded{
		{"forged cookie accepted", accepting(func(x *exchange) bool { return x.op != "ReportEventBatch" && invalid(x) }),
			"cookie-forged", `SyncUpdates with an invented cookie: the answer must be the fault InvalidCookie or ServerChanged, it was`},
		{"operations without a cookie", rewriting(func(x *exchange) {
			if strings.Contains(x.answer, "<ErrorCode>InvalidCookie<") && x.op == "RefreshCache" {
				x.status = http.StatusOK
				x.answer = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><RefreshCacheResponse xmlns="http://www.microsoft.com/` +
					`SoftwareDistribution/Server/ClientWebService"><RefreshCacheResult/></RefreshCacheResponse></s:Body></s:Envelope>`
			}
		}), "cookie-missing", `RefreshCache without a cookie was accepted`},
		{"events without a cookie accepted", accepting(func(x *exchange) bool { return x.op == "ReportEventBatch" && invalid(x) }),
			"events-cookie", `ReportEventBatch with an invented cookie was accepted; the answer must be the fault InvalidCookie`},
		{"events refused", answering("ReportEventBatch", func(a string) string { return strings.Replace(a, ">true<", ">false<", 1) }),
			"events-received", `ReportEventBatch answers false for 2 events`},
		{"stale cookie accepted", rewriting(func(x *exchange) {
			if strings.Contains(x.answer, "<ErrorCode>CookieExpired<") {
				x.status = http.StatusOK
				x.answer = nothingNew
			}
		}), "cookie-expired", `SyncUpdates with an expired cookie was accepted; the answer must be the fault CookieExpired`},
		{"another configuration not noticed", rewriting(func(x *exchange) {
			if x.op == "GetConfig" {
				kept = first(strings.ReplaceAll(x.answer, "LastChange>", "lastChange>"), "lastChange")
			} else {
				x.status, x.answer = x.serve(strings.Replace(x.request, first(x.request, "lastChange"), kept, 1))
			}
		}, "GetConfig", "GetCookie"), "config-changed", `GetCookie with a lastChange of 2001: .*fault ConfigChanged, it was: SyncUpdates: fault RegistrationRequired`},
		{"forged authorization taken", rewriting(func(x *exchange) {
			if x.op == "GetAuthorizationCookie" {
				kept = inside(x.answer, "CookieData")
			} else if forged := inside(x.request, "CookieData"); forged != "" {
				x.status, x.answer = x.serve(strings.Replace(x.request, forged, kept, 1))
			}
		}, "GetAuthorizationCookie", "GetCookie"), "authorization",
			`GetCookie with a forged authorization cookie was accepted; the answer must be the fault InvalidAuthorizationCookie`},
		{"registration not required after all", rewriting(func(x *exchange) {
			if strings.Contains(x.answer, "RegistrationRequired") {
				x.status = http.StatusOK
				x.answer = nothingNew
			}
		}, "SyncUpdates"), "registration", `SyncUpdates before RegisterComputer was accepted; the answer must be the fault RegistrationRequired`},
		{"LastChange is the time of day", rewriting(func(x *exchange) {
			at := first(x.answer, "LastChange")
			x.answer = strings.Replace(x.answer, at, fmt.Sprintf("<LastChange>2026-01-02T03:04:%02dZ</LastChange>", x.n), 1)
		}, "GetConfig"), "config", `LastChange is 2026-01-02T03:04:01Z, and 2026-01-02T03:04:0\dZ a moment later: agents are told ConfigChanged for ever`},
		{"the cookie of another plug-in", answering("GetAuthorizationCookie", func(a string) string {
			return strings.Replace(a, "SimpleTargeting", "prod", 1)
		}), "authorization", `GetAuthorizationCookie says PlugInId "prod", GetConfig "SimpleTargeting"`},
		{"GetConfig without a property", answering("GetConfig", func(a string) string {
			return regexp.MustCompile(`<ConfigurationProperty><Name>ClientReportingLevel</Name>.*?</ConfigurationProperty>`).ReplaceAllString(a, "")
		}), "config", `the property ClientReportingLevel is missing \(0x8024402A\)`},
		{"another plug-in", answering("GetConfig", func(a string) string { return strings.Replace(a, "SimpleTargeting", "Anonymous", 1) }),
			"config", `PlugInID is "Anonymous", want SimpleTargeting`},
	}
}
