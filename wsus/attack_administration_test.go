package wsus_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func administrationAttacks() []attack {
	const (
		injected = `updates and approvals that nobody decided ("WSUSpendu", SharpWSUS)`
		relay    = "NTLM relay: agents and scripts answer a 401 with their machine's credentials"
	)
	return []attack{
		{name: "administration without anybody's name", weakness: injected,
			sent:   "approve, decline, import and group operations at ApiRemoting30; the same at the services of clients",
			answer: "a fault, or 403 over HTTP",
			run: func(t *testing.T, v *victim) {
				update := v.before.updates[0].ID.String()
				for _, operation := range []string{"ExecuteSPDeployUpdate1", "ExecuteSPDeclineUpdate", "ExecuteSPImportUpdate",
					"ExecuteSPAddComputerToTargetGroup", "ExecuteSPCreateTargetGroup1", "ExecuteSPDeleteUpdateByUpdateID",
					"ApproveUpdate", "SetConfiguration"} {
					body := strings.ReplaceAll(envelope(clientsync.ClientPath, operation,
						"<updateID>"+update+"</updateID><action>Install</action>"), clientsync.ClientNamespace,
						"http://www.microsoft.com/SoftwareDistribution/Server/ApiRemotingWebService")
					require.Equal(t, http.StatusInternalServerError,
						v.post(t, overTLS, "/ApiRemoting30/WebService.asmx", "", body).status)
					require.Equal(t, http.StatusForbidden, v.post(t, overHTTP, "/ApiRemoting30/WebService.asmx", "", body).status)
					for path, d := range map[string]door{clientsync.ClientPath: overTLS, clientsync.SimpleAuthPath: overTLS,
						clientsync.ReportingPath: overHTTP} {
						requireFault(t, clientsync.InvalidParameters, v.post(t, d, path, "", body))
						requireFault(t, clientsync.InvalidParameters, v.call(t, d, path, operation, ""))
					}
				}
			}},
		{name: "reports of downstream servers", weakness: injected,
			sent:   "Rollup… at the Reporting service, catalogue and authorization operations of servers, without authorization",
			answer: "a fault",
			run: func(t *testing.T, v *victim) {
				for _, operation := range []string{"GetRollupConfiguration", "RollupDownstreamServers", "RollupComputers",
					"GetOutOfSyncComputers", "RollupComputerStatus"} {
					for _, d := range []door{overHTTP, overTLS} {
						r := v.call(t, d, clientsync.ReportingPath, operation,
							`<cookie/><parentServerId>`+healthyID+`</parentServerId>`)
						require.Equal(t, http.StatusInternalServerError, r.status, operation)
						require.Contains(t, r.body, "<ErrorCode>")
					}
				}
				for path, operation := range map[string]string{"/DssAuthWebService/DssAuthWebService.asmx": "GetAuthorizationCookie", "/ServerSyncWebService/ServerSyncWebService.asmx": "GetUpdateData"} {
					require.Equal(t, http.StatusInternalServerError, v.call(t, overTLS, path, operation, "<cookie/>").status)
				}
			}},
		{name: "registration with another's cookie", weakness: injected,
			sent: "RegisterComputer with no cookie, a forged one and an authorization cookie", answer: "InvalidCookie",
			run: func(t *testing.T, v *victim) {
				auth, err := v.attacker.GetAuthorizationCookie(t.Context(), "", attackerID, "", attackerID+".test")
				require.NoError(t, err)
				for _, cookie := range []string{"", "<cookie/>", cookieXML(make([]byte, 200)), cookieXML(auth.CookieData)} {
					requireFault(t, clientsync.InvalidCookie, v.call(t, overTLS, clientsync.ClientPath, "RegisterComputer",
						cookie+"<computerInfo><DnsName>dc01</DnsName></computerInfo>"))
				}
			}},
		{name: "offers of credentials", weakness: relay,
			sent:   "GET and POST to all nine roots with NTLM, Negotiate and Basic offers, over both listeners",
			answer: "no 401, no WWW-Authenticate: nobody is ever asked", run: func(t *testing.T, v *victim) {
				for _, root := range ssl.Roots() {
					for _, d := range []door{overHTTP, overTLS} {
						for _, offer := range []string{"",
							"Authorization: NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAKAGNFAAAADw==\r\n",
							"Authorization: Negotiate YII=\r\n", "Authorization: Basic YTpi\r\n",
							"Proxy-Authorization: NTLM TlRM\r\n"} {
							for _, r := range []reply{v.get(t, d, root.Service, offer), v.post(t, d, root.Service, offer, "<x/>")} {
								require.NotContains(t, []int{http.StatusUnauthorized, http.StatusProxyAuthRequired}, r.status)
								for name := range r.header {
									require.NotContains(t, strings.ToLower(name), "authenticate")
								}
							}
						}
					}
				}
			}},
	}
}
