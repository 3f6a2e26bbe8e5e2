package ssl_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// healthyAudits are set-ups in which nothing is wrong, however they are written.
var healthyAudits = []struct {
	name string
	edit func(*testing.T, *auditedServer)
}{
	{"own site, Windows' own spelling", func(*testing.T, *auditedServer) {}},
	{"flags by number, other case, strong ciphers", func(t *testing.T, s *auditedServer) {
		s.setAccess(t, "ClientWebService", "8")
		s.setAccess(t, "ApiRemoting30", "ssl, ssl128")
		s.text = strings.ReplaceAll(s.text, "WSUS Administration/DssAuthWebService", "wsus administration/dssauthwebservice")
	}},
	{"on Default Web Site, 80 and 443", func(t *testing.T, s *auditedServer) {
		s.removeBetween(t, `<site name="Default Web Site"`, "</site>")
		s.text = strings.ReplaceAll(s.text, "WSUS Administration", "Default Web Site")
		s.text = strings.NewReplacer(`id="1290455101"`, `id="1"`, "8530", "80", "8531", "443").Replace(s.text)
		s.audit.Setup.IISTargetWebSiteIndex, s.audit.Setup.PortNumber, s.audit.Ports = 1, 443, ports.Default
		s.audit.Policies[0].WUServer, s.audit.Policies[0].WUStatusServer = "https://wsus01.lab.example", "https://wsus01.lab.example"
		s.audit.Policies[1].WUServer, s.audit.Policies[1].WUStatusServer = "https://wsus01.lab.example:443", "https://wsus01.lab.example:443"
	}},
	{"site of another name, roots in other case", func(t *testing.T, s *auditedServer) {
		s.text = strings.ReplaceAll(s.text, "WSUS Administration", "Updates &amp; more.example")
		s.text = strings.NewReplacer(`path="/ClientWebService"`, `path="/CLIENTWEBSERVICE"`, `path="/SelfUpdate"`, `path="/selfupdate"`).Replace(s.text)
	}},
	{"custom pair", func(t *testing.T, s *auditedServer) {
		s.text = strings.NewReplacer("8530", "8080", "8531", "8081").Replace(s.text)
		s.audit.Ports, s.audit.Setup.PortNumber = ports.Pair{HTTP: 8080, HTTPS: 8081}, 8081
		s.audit.Policies = []ssl.ClientPolicy{{WUServer: "HTTPS://WSUS01.LAB.EXAMPLE:8081", WUStatusServer: "https://wsus01.lab.example:8081", UseWUServer: true}}
	}},
	{"ports not told", func(t *testing.T, s *auditedServer) { s.audit.Ports = ports.Pair{} }},
	{"IPv6 beside IPv4, host name beside any name", func(t *testing.T, s *auditedServer) {
		s.replace(t, httpsBinding, httpsBinding+`<binding protocol="https" bindingInformation="[::]:8531:" />`+
			`<binding protocol="https" bindingInformation="*:8531:wsus01.lab.example" /><binding protocol="net.pipe" bindingInformation="*" />`)
	}},
	{"SNI beside a binding for any name, ports not told, another HTTP port first", func(t *testing.T, s *auditedServer) {
		s.audit.Ports = ports.Pair{}
		s.replace(t, httpBinding, `<binding protocol="http" bindingInformation="*:80:" />`+httpBinding)
		s.replace(t, httpsBinding, httpsBinding+`<binding protocol="https" bindingInformation="*:8531:wsus01.lab.example" sslFlags="1" />`)
	}},
	{"HTTP/2 and TLS 1.3 off", func(t *testing.T, s *auditedServer) {
		s.replace(t, `"*:8531:" sslFlags="0"`, `"*:8531:" sslFlags="36"`)
	}},
	{"wildcard certificate with an ECDSA key", func(t *testing.T, s *auditedServer) {
		key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
		require.NoError(t, err)
		s.leafKey, s.leaf.KeyUsage = key, x509.KeyUsageDigitalSignature
		s.leaf.Subject.CommonName, s.leaf.DNSNames = "", []string{"*.lab.example", "*.example.com"}
	}},
	{"self-signed and trusted", func(t *testing.T, s *auditedServer) {
		s.selfSigned = true
		s.audit.Certificate = s.issue(t)
		s.audit.Trusted = auditPool(s.audit.Certificate[0])
	}},
	{"certificate expires in 31 days", func(t *testing.T, s *auditedServer) { s.leaf.NotAfter = auditNow.AddDate(0, 0, 31) }},
	{"configuressl was given the Internet name", func(t *testing.T, s *auditedServer) {
		s.audit.Setup.ServerCertificateName = "updates.example.com"
	}},
	{"policy with the Internet name", policies("https://updates.example.com:8531", "")},
	{"access unlocked, and a web.config requires SSL", func(t *testing.T, s *auditedServer) {
		s.setAccess(t, "ClientWebService", "None")
		s.replace(t, `<location path="WSUS Administration/ClientWebService">`, `<location path="WSUS Administration/ClientWebService" overrideMode="Allow">`)
		s.webConfigs[clientFolder] = strings.Replace(accessNone, "None", "Ssl", 1)
	}},
}
