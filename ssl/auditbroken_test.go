package ssl_test

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
)

const (
	httpBinding  = `<binding protocol="http" bindingInformation="*:8530:" />`
	httpsBinding = `<binding protocol="https" bindingInformation="*:8531:" sslFlags="0" />`
	clientFolder = `C:\Program Files\Update Services\WebServices\ClientWebService\`
	rootFolder   = `C:\Program Files\Update Services\WebServices\Root\`
	accessNone   = `<configuration><system.webServer><security><access sslFlags="None" /></security></system.webServer></configuration>`
)

// brokenAudits are set-ups with one fault each, worked out by hand from the rules of a WSUS site; all are small edits of one healthy
// synthetic server. want has every finding as its kind and, where it concerns one, its root.
var brokenAudits = []struct {
	name string
	edit func(*testing.T, *auditedServer)
	want []string
}{
	// The nine virtual roots.
	{"a root of the five says None", func(t *testing.T, s *auditedServer) { s.setAccess(t, "ClientWebService", "None") },
		[]string{"root-not-secured ClientWebService"}},
	{"a root of the five says nothing", func(t *testing.T, s *auditedServer) {
		s.removeBetween(t, `<location path="WSUS Administration/ApiRemoting30">`, "</location>")
	}, []string{"root-not-secured ApiRemoting30"}},
	{"two roots of the five, one by number", func(t *testing.T, s *auditedServer) {
		s.setAccess(t, "DssAuthWebService", "0")
		s.setAccess(t, "ServerSyncWebService", "")
	}, []string{"root-not-secured DssAuthWebService", "root-not-secured ServerSyncWebService"}},
	{"nothing secured yet", func(t *testing.T, s *auditedServer) { s.text = strings.ReplaceAll(s.text, `sslFlags="Ssl" />`, `/>`) },
		[]string{"root-not-secured ApiRemoting30", "root-not-secured ClientWebService", "root-not-secured DssAuthWebService",
			"root-not-secured ServerSyncWebService", "root-not-secured SimpleAuthWebService"}},
	{"Content requires SSL", func(t *testing.T, s *auditedServer) {
		s.replace(t, "<authentication>\n                    <anonymousAuthentication enabled=\"true\" />", "<access sslFlags=\"Ssl\" /><authentication>\n                    <anonymousAuthentication enabled=\"true\" />")
	}, []string{"root-requires-ssl Content"}},
	{"a root of the four requires SSL, by number and other case", func(t *testing.T, s *auditedServer) {
		s.addLocation(t, "wsus administration/REPORTINGWEBSERVICE", "", "8")
	}, []string{"root-requires-ssl ReportingWebService"}},
	{"the site requires SSL", func(t *testing.T, s *auditedServer) { s.addLocation(t, "WSUS Administration", "", "Ssl") },
		[]string{"site-requires-ssl"}},
	{"the whole server requires SSL", func(t *testing.T, s *auditedServer) {
		s.replace(t, `<access sslFlags="None" />`, `<access sslFlags="Ssl" />`)
	}, []string{"site-requires-ssl"}},
	{"the site requires SSL and the four say None", func(t *testing.T, s *auditedServer) {
		s.addLocation(t, "WSUS Administration", "", "Ssl, Ssl128")
		for _, root := range []string{"Inventory", "ReportingWebService", "SelfUpdate"} {
			s.addLocation(t, "WSUS Administration/"+root, "", "None")
		}
	}, []string{"site-requires-ssl"}},
	{"a root accepts client certificates", func(t *testing.T, s *auditedServer) {
		s.setAccess(t, "ClientWebService", "Ssl, SslNegotiateCert")
	}, []string{"client-certificate ClientWebService"}},
	{"a root requires client certificates", func(t *testing.T, s *auditedServer) {
		s.setAccess(t, "SimpleAuthWebService", "Ssl,SslNegotiateCert,SslRequireCert")
	}, []string{"client-certificate SimpleAuthWebService"}},
	{"the server accepts client certificates", func(t *testing.T, s *auditedServer) {
		s.replace(t, `<access sslFlags="None" />`, `<access sslFlags="SslNegotiateCert" />`)
	}, []string{"client-certificate"}},
	{"client certificates required and never asked for", func(t *testing.T, s *auditedServer) {
		s.setAccess(t, "ApiRemoting30", "Ssl, SslRequireCert")
	}, []string{"certificate-not-negotiated ApiRemoting30"}},
	{"strong ciphers without SSL", func(t *testing.T, s *auditedServer) { s.addLocation(t, "WSUS Administration/Inventory", "", "Ssl128") },
		[]string{"cipher-strength-without-ssl Inventory"}},
	{"strong ciphers in place of SSL", func(t *testing.T, s *auditedServer) { s.setAccess(t, "ClientWebService", "Ssl128") },
		[]string{"root-not-secured ClientWebService", "cipher-strength-without-ssl ClientWebService"}},
	{"access in a locked web.config", func(t *testing.T, s *auditedServer) { s.webConfigs[clientFolder] = accessNone },
		[]string{"access-in-locked-web-config ClientWebService"}},
	{"access in the locked web.config of the site", func(t *testing.T, s *auditedServer) { s.webConfigs[rootFolder] = accessNone },
		[]string{"access-in-locked-web-config"}},
	{"access unlocked, and a web.config lifts SSL", func(t *testing.T, s *auditedServer) {
		s.replace(t, `<location path="WSUS Administration/ClientWebService">`, `<location path="WSUS Administration/ClientWebService" overrideMode="Allow">`)
		s.webConfigs[clientFolder] = accessNone
	}, []string{"root-not-secured ClientWebService"}},
	{"a web.config that is no XML", func(t *testing.T, s *auditedServer) { s.webConfigs[clientFolder] = "<configuration><appSettings>" },
		[]string{"web-config-malformed ClientWebService"}},
	{"a root is missing", func(t *testing.T, s *auditedServer) {
		s.removeBetween(t, `<application path="/ReportingWebService"`, "</application>")
	}, []string{"root-missing ReportingWebService"}},
	{"a virtual directory is missing", func(t *testing.T, s *auditedServer) {
		s.removeBetween(t, `<virtualDirectory path="/Content"`, "/>")
	}, []string{"root-missing Content"}},
	{"the site does not start", func(t *testing.T, s *auditedServer) {
		s.replace(t, `id="1290455101" serverAutoStart="true"`, `id="1290455101" serverAutoStart="false"`)
	}, []string{"site-does-not-start"}},

	// The application pool.
	{"the pool is missing", func(t *testing.T, s *auditedServer) { s.replace(t, `<add name="WsusPool"`, `<add name="OtherPool"`) },
		[]string{"pool-missing ApiRemoting30"}},
	{"short queue", func(t *testing.T, s *auditedServer) { s.replace(t, ` queueLength="2000"`, "") }, []string{"pool-queue-length"}},
	{"worker ends when idle", func(t *testing.T, s *auditedServer) { s.replace(t, ` idleTimeout="00:00:00"`, "") }, []string{"pool-idle-timeout"}},
	{"worker is pinged", func(t *testing.T, s *auditedServer) {
		s.replace(t, `pingingEnabled="false"`, `pingingEnabled="true"`)
	}, []string{"pool-pinging"}},
	{"little memory", func(t *testing.T, s *auditedServer) { s.replace(t, `privateMemory="0"`, `privateMemory="1843200"`) },
		[]string{"pool-private-memory"}},
	{"recycled by the clock", func(t *testing.T, s *auditedServer) { s.replace(t, ` time="00:00:00"`, "") }, []string{"pool-periodic-restart"}},

	// Bindings and ports.
	{"no HTTPS", func(t *testing.T, s *auditedServer) { s.replace(t, httpsBinding, "") }, []string{"https-binding-missing"}},
	{"no HTTP", func(t *testing.T, s *auditedServer) { s.replace(t, httpBinding, "") }, []string{"http-binding-missing"}},
	{"another protocol in its place", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpBinding, `<binding protocol="net.tcp" bindingInformation="8530:*" />`)
	}, []string{"http-binding-missing"}},
	{"other ports than told", func(t *testing.T, s *auditedServer) { s.audit.Ports = ports.Default }, []string{"ports-differ"}},
	{"no binding at all", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpsBinding, "")
		s.replace(t, httpBinding, "")
		s.audit.Ports = ports.Pair{}
	}, []string{"nothing-bound"}},
	{"no HTTPS, and nobody told ports", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpsBinding, "")
		s.audit.Ports = ports.Pair{}
	}, []string{"https-binding-missing"}},
	{"each port with the scheme of the other", func(t *testing.T, s *auditedServer) {
		s.text = strings.NewReplacer(`"*:8530:"`, `"*:8531:"`, `"*:8531:"`, `"*:8530:"`).Replace(s.text)
		s.audit.Setup.PortNumber, s.audit.Policies = 8530, nil
	}, []string{"swapped-bindings"}},
	{"HTTPS on another port", func(t *testing.T, s *auditedServer) {
		s.replace(t, `"*:8531:"`, `"*:443:"`)
		s.audit.Setup.PortNumber, s.audit.Policies = 443, nil
	}, []string{"https-other-port"}},
	{"http on the HTTPS port", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpsBinding, `<binding protocol="http" bindingInformation="*:8531:" />`)
	}, []string{"binding-scheme"}},
	{"both schemes on one port", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpBinding, httpBinding+`<binding protocol="http" bindingInformation="*:8531:" />`)
	}, []string{"binding-scheme"}},
	{"for the server itself only", func(t *testing.T, s *auditedServer) { s.replace(t, `"*:8531:"`, `"127.0.0.1:8531:"`) },
		[]string{"binding-loopback"}},
	{"ports that do not belong together", func(t *testing.T, s *auditedServer) {
		s.audit.Ports = ports.Pair{}
		s.replace(t, `"*:8530:"`, `"*:80:"`)
	}, []string{"ports-not-paired"}},
	{"two HTTPS ports", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpsBinding, httpsBinding+`<binding protocol="https" bindingInformation="*:443:" />`)
	}, []string{"several-ports"}},
	{"SNI", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpsBinding, `<binding protocol="https" bindingInformation="*:8531:wsus01.lab.example" sslFlags="1" />`)
	}, []string{"binding-sni"}},
	{"host name", func(t *testing.T, s *auditedServer) { s.replace(t, `"*:8530:"`, `"*:8530:wsus01.lab.example"`) }, []string{"binding-host-name"}},
	{"one address", func(t *testing.T, s *auditedServer) { s.replace(t, `"*:8531:"`, `"10.0.0.7:8531:"`) }, []string{"binding-address"}},

	// The name and the certificate.
	{"short name", func(t *testing.T, s *auditedServer) {
		s.audit.Name, s.audit.Setup.ServerCertificateName, s.audit.Policies = "wsus01", "wsus01", nil
	}, []string{"name-not-qualified"}},
	{"IP address in the certificate", func(t *testing.T, s *auditedServer) {
		s.audit.Name, s.audit.Setup.ServerCertificateName, s.audit.Policies = "10.0.0.7", "10.0.0.7", nil
		s.leaf.IPAddresses = addresses("10.0.0.7")
	}, []string{"address-as-name"}},
	{"IP address not in the certificate", func(t *testing.T, s *auditedServer) {
		s.audit.Name, s.audit.Setup.ServerCertificateName, s.audit.Policies = "10.0.0.7", "10.0.0.7", nil
	}, []string{"address-as-name"}},
	{"certificate for another name", func(t *testing.T, s *auditedServer) {
		s.leaf.Subject.CommonName, s.leaf.DNSNames = "web", []string{"web.lab.example", "updates.example.com"}
	}, []string{"certificate-name"}},
	{"name in the common name only", func(t *testing.T, s *auditedServer) { s.leaf.DNSNames = []string{"updates.example.com"} },
		[]string{"certificate-common-name"}},
	{"certificate without the Internet name", func(t *testing.T, s *auditedServer) { s.leaf.DNSNames = s.leaf.DNSNames[:2] },
		[]string{"certificate-other-name"}},
	{"certificate expired", func(t *testing.T, s *auditedServer) {
		s.leaf.NotBefore, s.leaf.NotAfter = auditNow.AddDate(-1, 0, 0), auditNow.Add(-time.Minute)
	}, []string{"certificate-expired"}},
	{"certificate not yet valid", func(t *testing.T, s *auditedServer) { s.leaf.NotBefore = auditNow.Add(time.Minute) },
		[]string{"certificate-not-yet-valid"}},
	{"certificate expires in 29 days", func(t *testing.T, s *auditedServer) {
		s.leaf.NotBefore, s.leaf.NotAfter = auditNow.AddDate(-1, 0, 0), auditNow.AddDate(0, 0, 29)
	}, []string{"certificate-expires-soon"}},
	{"RSA key of 1024 bits", func(t *testing.T, s *auditedServer) { s.leafKey = auditKeys().small }, []string{"weak-key"}},
	{"ECDSA key on P-224", func(t *testing.T, s *auditedServer) {
		key, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
		require.NoError(t, err)
		s.leafKey, s.leaf.KeyUsage = key, x509.KeyUsageDigitalSignature
	}, []string{"weak-key"}},
	{"certificate for clients", func(t *testing.T, s *auditedServer) {
		s.leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}, []string{"no-server-auth"}},
	{"key that may not sign", func(t *testing.T, s *auditedServer) { s.leaf.KeyUsage = x509.KeyUsageKeyEncipherment },
		[]string{"certificate-key-usage"}},
	{"SHA-1", func(t *testing.T, s *auditedServer) {
		// No library signs with SHA-1 any more: what counts is the algorithm that the certificate names.
		s.audit.Certificate = s.issue(t)
		s.audit.Certificate[0].SignatureAlgorithm = x509.SHA1WithRSA
	}, []string{"weak-signature"}},
	{"self-signed", func(t *testing.T, s *auditedServer) { s.selfSigned = true }, []string{"self-signed"}},
	{"unknown authority", func(t *testing.T, s *auditedServer) { s.audit.Trusted = x509.NewCertPool() }, []string{"unknown-authority"}},
	{"missing intermediate", func(t *testing.T, s *auditedServer) {
		s.audit.Certificate = s.issue(t)[:1]
		s.audit.Issuers = []*x509.Certificate{auditKeys().issuing.certificate}
	}, []string{"missing-intermediate"}},

	// The registry of the server.
	{"configuressl not run", func(t *testing.T, s *auditedServer) {
		s.audit.Setup.UsingSSL, s.audit.Setup.PortNumber, s.audit.Setup.ServerCertificateName = new(bool), 8530, ""
	}, []string{"configuressl-not-run"}},
	{"configuressl not run since the name changed", func(t *testing.T, s *auditedServer) {
		s.audit.Setup.ServerCertificateName = "old.lab.example"
	}, []string{"configuressl-other-name"}},
	{"configuressl was given the short name", func(t *testing.T, s *auditedServer) {
		s.audit.OtherNames = append(s.audit.OtherNames, "wsus01")
		s.audit.Setup.ServerCertificateName = "wsus01"
	}, []string{"configuressl-other-name"}},
	{"configuressl run without a name", func(t *testing.T, s *auditedServer) { s.audit.Setup.ServerCertificateName = "" },
		[]string{"configuressl-other-name"}},
	{"configuressl not run since the port changed", func(t *testing.T, s *auditedServer) { s.audit.Setup.PortNumber = 443 },
		[]string{"configuressl-other-port"}},

	// Policies of clients.
	{"policy without server", policies("", ""), []string{"policy-without-server"}},
	{"policy of blanks", policies(" ", " "), []string{"policy-without-server"}},
	{"policy says http", policies("http://wsus01.lab.example:8530", ""), []string{"policy-says-http"}},
	{"policy without scheme", policies("WSUS01.lab.example:8531", ""), []string{"policy-no-address"}},
	{"policy that is to block updates", policies("localhost", ""), []string{"policy-no-address"}},
	{"policy without port", policies("https://wsus01.lab.example", ""), []string{"policy-without-port"}},
	{"policy with another port", policies("https://wsus01.lab.example:443", ""), []string{"policy-other-port"}},
	{"policy with a slash at the end", policies("https://wsus01.lab.example:8531/", ""), []string{"policy-trailing"}},
	{"policy with a path", policies("https://wsus01.lab.example:8531/Content", ""), []string{"policy-trailing"}},
	{"policy with the short name", policies("https://WSUS01:8531", ""), []string{"policy-short-name"}},
	{"policy with an address", policies("https://10.0.0.7:8531", ""), []string{"policy-address"}},
	{"policy for another server", policies("https://wsus02.lab.example:8531", ""), []string{"policy-other-server"}},
	{"policy for another short name", policies("https://wsus02:8531", ""), []string{"policy-other-server"}},
	{"status to another address", policies("https://wsus01.lab.example:8531", "http://wsus01.lab.example:8530"), []string{"policy-status-server"}},
	{"policy switched off", func(t *testing.T, s *auditedServer) { s.audit.Policies[1].UseWUServer = false }, []string{"policy-unused"}},
}

// policies changes the policy of one of the clients; an empty status server is the same as the server.
func policies(server, status string) func(*testing.T, *auditedServer) {
	return func(_ *testing.T, s *auditedServer) {
		s.audit.Policies[1].WUServer, s.audit.Policies[1].WUStatusServer = server, cmp.Or(status, server)
	}
}
