package ssl

import (
	"slices"
	"strings"
)

// Root is one virtual root of a WSUS web site.
type Root struct {
	// Name in the spelling of the current branch; paths are compared without case.
	Name string
	// RequireSSL says that in a secured site this root answers over TLS only. The others must answer on both schemes.
	RequireSSL bool
	// Service is the path that an administrator opens to see whether the root works.
	Service string
	// Use says what the root is for, in a few words.
	Use string
}

// Roots returns the nine virtual roots, ordered by name.
func Roots() []Root { return slices.Clone(roots[:]) }

var roots = [...]Root{
	{"ApiRemoting30", true, "/ApiRemoting30/WebService.asmx", "administration"},
	{"ClientWebService", true, "/ClientWebService/client.asmx", "metadata for clients"},
	{"Content", false, "/Content/anonymousCheckFile.txt", "update files and licence texts"},
	{"DssAuthWebService", true, "/DssAuthWebService/DssAuthWebService.asmx", "authorization of downstream servers"},
	{"Inventory", false, "/Inventory/", "inventory upload"},
	{"ReportingWebService", false, "/ReportingWebService/ReportingWebService.asmx", "reports of clients"},
	{"SelfUpdate", false, "/SelfUpdate/wuident.cab", "updates of old agents"},
	{"ServerSyncWebService", true, "/ServerSyncWebService/ServerSyncWebService.asmx", "metadata for downstream servers"},
	{"SimpleAuthWebService", true, "/SimpleAuthWebService/SimpleAuth.asmx", "authorization of clients"},
}

// rootNamed compares by ASCII case only: Unicode folding would let ſ pass for s.
func rootNamed(segment string) (Root, bool) {
	for i := range len(segment) {
		if segment[i] >= 0x80 {
			return Root{}, false
		}
	}
	for _, root := range roots {
		if strings.EqualFold(root.Name, segment) {
			return root, true
		}
	}
	return Root{}, false
}
