package ssl_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	_ "embed"
	"io/fs"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// healthyConfig is synthetic: no configuration with a web site of WSUS is public.
//
//go:embed testdata/audit/healthy.config
var healthyConfig string

// auditNow is when the certificates of the tests are judged.
var auditNow = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// auditedServer is a server with everything that an audit can look at. newAudited makes a healthy one; a test breaks one thing.
type auditedServer struct {
	text       string            // applicationHost.config
	webConfigs map[string]string // by physical path
	leaf       *x509.Certificate // template of the server's certificate
	leafKey    crypto.Signer
	selfSigned bool
	audit      ssl.AuditConfig // without Config, WebConfig and, unless set, Certificate
}

func newAudited() *auditedServer {
	using := true
	return &auditedServer{
		text:       healthyConfig,
		webConfigs: map[string]string{`C:\Program Files\Update Services\WebServices\ClientWebService\`: "<configuration><appSettings/></configuration>"},
		leaf: &x509.Certificate{
			SerialNumber: big.NewInt(7),
			Subject:      pkix.Name{CommonName: "wsus01.lab.example"},
			DNSNames:     []string{"wsus01.lab.example", "wsus01", "updates.example.com"},
			NotBefore:    auditNow.AddDate(0, -1, 0),
			NotAfter:     auditNow.AddDate(1, 0, 0),
			KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
			ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		},
		leafKey: auditKeys().leaf,
		audit: ssl.AuditConfig{
			Name:       "wsus01.lab.example",
			OtherNames: []string{"updates.example.com"},
			Ports:      ports.Custom,
			Trusted:    auditPool(auditKeys().root.certificate),
			Setup: &ssl.SetupValues{UsingSSL: &using, ServerCertificateName: "WSUS01.lab.example", PortNumber: 8531,
				IISTargetWebSiteIndex: 1290455101},
			Policies: []ssl.ClientPolicy{healthyPolicy("PC0001"), healthyPolicy("PC0002")},
			Now:      auditNow,
		},
	}
}

func healthyPolicy(computer string) ssl.ClientPolicy {
	return ssl.ClientPolicy{Computer: computer, WUServer: "https://wsus01.lab.example:8531",
		WUStatusServer: "https://wsus01.lab.example:8531", UseWUServer: true}
}

// replace changes the configuration at exactly one place.
func (s *auditedServer) replace(t *testing.T, old, with string) {
	t.Helper()
	require.Equal(t, 1, strings.Count(s.text, old), "%q must be there once", old)
	s.text = strings.Replace(s.text, old, with, 1)
}

// setAccess writes the sslFlags in the location of a root that has one.
func (s *auditedServer) setAccess(t *testing.T, root, flags string) {
	t.Helper()
	before, rest, found := strings.Cut(s.text, `<location path="WSUS Administration/`+root+`">`)
	require.True(t, found, root)
	s.text = before + `<location path="WSUS Administration/` + root + `">` + strings.Replace(rest, `sslFlags="Ssl"`, `sslFlags="`+flags+`"`, 1)
}

// addLocation adds a location with an access element.
func (s *auditedServer) addLocation(t *testing.T, path, attributes, flags string) {
	t.Helper()
	access := ""
	if flags != "" {
		access = `<access sslFlags="` + flags + `" />`
	}
	s.replace(t, "</configuration>\n", `<location path="`+path+`"`+attributes+`><system.webServer><security>`+access+
		"</security></system.webServer></location>\n</configuration>\n")
}

// removeBetween takes out what stands from the first text to the end of the second.
func (s *auditedServer) removeBetween(t *testing.T, from, to string) {
	t.Helper()
	start := strings.Index(s.text, from)
	require.GreaterOrEqual(t, start, 0, from)
	end := strings.Index(s.text[start:], to)
	require.GreaterOrEqual(t, end, 0, to)
	s.text = s.text[:start] + s.text[start+end+len(to):]
}

func (s *auditedServer) config(t *testing.T) ssl.AuditConfig {
	t.Helper()
	config, err := iis.Parse([]byte(s.text))
	require.NoError(t, err)
	c := s.audit
	c.Config = config
	c.WebConfig = func(path string) ([]byte, error) {
		text, ok := s.webConfigs[path]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}
	if c.Certificate == nil {
		c.Certificate = s.issue(t)
	}
	return c
}

func (s *auditedServer) issue(t *testing.T) []*x509.Certificate {
	t.Helper()
	keys := auditKeys()
	if s.selfSigned {
		return []*x509.Certificate{auditSign(t, s.leaf, s.leaf, s.leafKey.Public(), s.leafKey)}
	}
	return []*x509.Certificate{auditSign(t, s.leaf, keys.issuing.certificate, s.leafKey.Public(), keys.issuing.key), keys.issuing.certificate}
}

// auditAuthority is a certificate with its key.
type auditAuthority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

type auditPKI struct {
	root, issuing auditAuthority
	leaf          crypto.Signer
	small         crypto.Signer // RSA with 1024 bits
}

// auditKeys are made once: the tests change certificates, not keys.
var auditKeys = sync.OnceValue(func() auditPKI {
	ca := func(name string) *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
			NotBefore: auditNow.AddDate(-1, 0, 0), NotAfter: auditNow.AddDate(10, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	}
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	var pki auditPKI
	var err error
	pki.root.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	pki.issuing.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	pki.leaf, err = rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	pki.small, err = rsa.GenerateKey(rand.Reader, 1024)
	must(err)
	root := ca("Lab Root")
	der, err := x509.CreateCertificate(rand.Reader, root, root, pki.root.key.Public(), pki.root.key)
	must(err)
	pki.root.certificate, err = x509.ParseCertificate(der)
	must(err)
	der, err = x509.CreateCertificate(rand.Reader, ca("Lab Issuing"), pki.root.certificate, pki.issuing.key.Public(), pki.root.key)
	must(err)
	pki.issuing.certificate, err = x509.ParseCertificate(der)
	must(err)
	return pki
})

func auditSign(t *testing.T, template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return certificate
}

func auditPool(certificates ...*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}

func addresses(texts ...string) []net.IP {
	var ips []net.IP
	for _, text := range texts {
		ips = append(ips, net.ParseIP(text))
	}
	return ips
}
