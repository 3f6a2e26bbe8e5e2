package wsus_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func downgradeAttacks() []attack {
	const (
		plain  = `metadata over HTTP ("WSUSpect"): whoever is on the way offers updates`
		tlsOld = "old TLS (POODLE, BEAST, SWEET32, DROWN)"
	)
	return []attack{
		{name: "secured roots over HTTP", weakness: plain,
			sent:   "GET, HEAD and POST to the five, with a good cookie (spellings: family paths; all nine: TestNineRoots)",
			answer: "403 that names the secured address; no redirect, no fault, the connection ends", run: func(t *testing.T,
				v *victim) {
				for _, root := range securedRoots() {
					body := envelope(clientsync.ClientPath, "SyncUpdates",
						cookieXML(v.attacker.cookie.EncryptedData)+"<parameters/>")
					for _, r := range []reply{v.get(t, overHTTP, root.Service, ""), v.post(t, overHTTP, root.Service, "", body)} {
						require.Equal(t, http.StatusForbidden, r.status)
						require.Contains(t, r.body, "https://"+victimName+":8531/"+root.Name)
						require.NotContains(t, r.body, "Fault")
						require.Empty(t, r.header.Get("Location"))
						require.True(t, r.last)
					}
				}
			}},
		{name: "operations of the secured roots elsewhere", weakness: plain,
			sent:   "GetConfig, GetCookie, SyncUpdates, … and GetAuthorizationCookie at the Reporting service, over HTTP; with their SOAPAction",
			answer: "InvalidParameters: no operation of this service", run: func(t *testing.T, v *victim) {
				for _, operation := range []string{"GetConfig", "GetCookie", "RegisterComputer", "SyncUpdates", "RefreshCache",
					"GetExtendedUpdateInfo", "GetFileLocations", "StartCategoryScan", "GetAuthorizationCookie"} {
					for _, path := range []string{clientsync.ClientPath, clientsync.SimpleAuthPath,
						clientsync.ReportingPath} { // whose namespace it has
						body := envelope(path, operation, cookieXML(v.attacker.cookie.EncryptedData))
						for _, reporting := range reportingPaths {
							r := v.post(t, overHTTP, reporting, `SOAPAction: "`+clientsync.ClientNamespace+"/"+operation+"\"\r\n",
								body)
							requireFault(t, clientsync.InvalidParameters, r)
							require.Contains(t, r.body, operation+" is no operation of this service")
						}
					}
				}
			}},
		{name: "old versions of TLS", weakness: tlsOld, sent: "handshakes of TLS 1.0 and 1.1, hellos of SSL 2 and 3",
			answer: "protocol_version, or the end", run: func(t *testing.T, v *victim) {
				for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
					config := v.clientTLS()
					config.MinVersion, config.MaxVersion = tls.VersionTLS10, version
					_, err := tls.Dial("tcp", v.secure, config)
					require.ErrorContains(t, err, "protocol version")
				}
				ssl2 := "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + string(make([]byte, 37))
				ssl3 := "\x16\x03\x00\x00\x2d\x01\x00\x00\x29\x03\x00" + string(make([]byte, 32)) + "\x00\x00\x02\x00\x05\x01\x00"
				for _, hello := range []string{ssl2, ssl3} {
					answer := v.knock(t, v.secure, hello)
					require.False(t, bytes.HasPrefix(answer, []byte{22}), "no ServerHello: %x", answer)
				}
			}},
		{name: "weak cipher suites", weakness: tlsOld, sent: "TLS 1.2 with RC4, 3DES and RSA key exchange only",
			answer: "handshake_failure", run: func(t *testing.T, v *victim) {
				config := v.clientTLS()
				config.MaxVersion = tls.VersionTLS12
				config.CipherSuites = []uint16{tls.TLS_RSA_WITH_RC4_128_SHA, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,
					tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA}
				_, err := tls.Dial("tcp", v.secure, config)
				require.ErrorContains(t, err, "handshake failure")
			}},
		{name: "good versions of TLS", weakness: "none: the other side of the rows above", sent: "TLS 1.2 and 1.3",
			answer: "a session, and nobody asks for the client's certificate", run: func(t *testing.T, v *victim) {
				for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
					config := v.clientTLS()
					config.MinVersion, config.MaxVersion = version, version
					config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
						return nil, fmt.Errorf("the server asked for a certificate")
					}
					conn, err := tls.Dial("tcp", v.secure, config)
					require.NoError(t, err)
					conn.Close()
				}
			}},
		{name: "wrong protocol on a port", weakness: "clients that are led from one port to the other",
			sent: "HTTP to the secured port, a TLS hello to the plain one", answer: "400, no redirect",
			run: func(t *testing.T, v *victim) {
				answer := string(v.knock(t, v.secure, "GET "+clientsync.ClientPath+" HTTP/1.1\r\nHost: x\r\n\r\n"))
				require.Contains(t, answer, "HTTP/1.0 400")
				require.NotContains(t, answer, "Location")
				answer = string(v.knock(t, v.plain, "\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03"+string(make([]byte,
					200))+"\r\n\r\n"))
				require.Contains(t, answer, "400 Bad Request")
				require.NotContains(t, answer, "Location")
			}},
	}
}

// knock sends bytes to an address and returns what comes back until the end.
func (v *victim) knock(t *testing.T, address, bytes string) []byte {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, bytes)
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	answer, _ := io.ReadAll(conn) // the end may be a reset
	return answer
}
