package wsus_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// detours are spellings of a path below a root, %s, that another reader could take for it: as a target is written on the wire.
var detours = map[string]string{
	"slashes":        "//%s",
	"dot":            "/./%s",
	"encoded dot":    "/%%2e/%s",
	"up":             "/Content/../%s",
	"encoded up":     "/Content/%%2e%%2e/%s",
	"half up":        "/Content/.%%2E/%s",
	"up and on":      "/Content/x/../../%s",
	"backslash":      `/Content\..\%s`,
	"encoded back":   "/Content%%5c..%%5C%s",
	"encoded slash":  "/Content/..%%2f%s",
	"joined":         "/%j", // the root and what is below it, with an encoded slash between
	"overlong slash": "/Content/..%%c0%%af%s",
	"double":         "/Content/%%252e%%252e%%252f%s",
	"NUL":            "/Content/%%00/../%s",
	"parameters":     "/Content;/../%s",
}

func pathAttacks() []attack {
	const bypass = "rules by path that another spelling gets past"
	rows := []attack{
		{name: "case and encoded letters", weakness: bypass,
			sent:   "each secured root in lower, upper and mixed case and with %-encoded letters, over HTTP",
			answer: "403, and no redirect", run: func(t *testing.T, v *victim) {
				for _, root := range securedRoots() {
					first, rest := root.Service[1:2], root.Service[2:]
					for _, target := range []string{root.Service, strings.ToLower(root.Service), strings.ToUpper(root.Service),
						"/" + root.Name, "/" + root.Name + "/",
						"/" + strings.ToLower(first) + rest, "/" + percent(first[0]) + rest, "/" +
							strings.ToLower(percent(first[0])) + rest, "/" + root.Name + "/?x=/Content/",
						root.Service + "#/Content/"} {
						r := v.get(t, overHTTP, target, "")
						require.Equal(t, http.StatusForbidden, r.status, target)
						require.Empty(t, r.header.Get("Location"))
					}
				}
			}},
		{name: "other names for a root", weakness: bypass,
			sent:   "trailing dots, blanks, ::$DATA, ;x, long s for s, Kelvin sign, zero width, full width, PROGRA~1",
			answer: "404 or 400",
			run: func(t *testing.T, v *victim) {
				for _, name := range []string{"ClientWebService.", "ClientWebService%20", "ClientWebService%2e",
					"ClientWebService::$DATA", "ClientWebService:x",
					"ClientWebService;x", "ClientWeb%C5%BFervice", "ClientWebService%E2%80%8B", "%EF%BC%A3lientWebService",
					"CLIENT~1", "ClientWebService%0d%0a", "Client%00WebService",
					"+ClientWebService", "ClientWebService,", "*", "ClientWebService%ff"} {
					r := v.get(t, overHTTP, "/"+name+"/client.asmx", "")
					require.Contains(t, []int{http.StatusNotFound, http.StatusBadRequest}, r.status, name)
				}
			}},
		{name: "whole addresses", weakness: bypass,
			sent:   "an absolute https:// target, another port or host in it, to secured roots over HTTP",
			answer: "403: the connection counts", run: func(t *testing.T, v *victim) {
				for _, address := range []string{"https://" + victimName, "http://" + victimName + ":8531", "https://192.0.2.1",
					"HTTPS://x@" + victimName} {
					require.Equal(t, http.StatusForbidden, v.get(t, overHTTP, address+clientsync.ClientPath, "").status, address)
				}
			}},
	}
	for name, format := range detours {
		rows = append(rows, attack{name: "detour: " + name, weakness: bypass,
			sent:   strings.NewReplacer("%s", "‹root›", "%j", "‹root›%2Fx", "%%", "%").Replace(format),
			answer: "400, over both listeners, for all nine roots", run: func(t *testing.T, v *victim) {
				for _, root := range ssl.Roots() {
					joined := strings.Replace(root.Service[1:], "/", "%2F", 1)
					target := strings.NewReplacer("%s", root.Service[1:], "%j", joined, "%%", "%").Replace(format)
					for _, d := range []door{overHTTP, overTLS} {
						r := v.get(t, d, target, "")
						require.Equal(t, http.StatusBadRequest, r.status, target)
						require.Empty(t, r.header.Get("Location"))
					}
				}
			}})
	}
	return rows
}

func securedRoots() (secured []ssl.Root) {
	for _, root := range ssl.Roots() {
		if root.RequireSSL {
			secured = append(secured, root)
		}
	}
	return secured
}

func percent(letter byte) string {
	const digits = "0123456789ABCDEF"
	return "%" + string([]byte{digits[letter>>4], digits[letter&15]})
}
