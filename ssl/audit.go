package ssl

import (
	"crypto/x509"
	"time"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// AuditConfig is what is known of a WSUS server on IIS and what it should be. Only Config is needed; what is nil or zero is not
// looked at, and the report says so.
type AuditConfig struct {
	// Config is the server's applicationHost.config.
	Config *iis.Config
	// Site is the name of the web site; empty means that it is found by its virtual roots.
	Site string
	// Name is the name that clients use: the one in WUServer, in the certificate and in configuressl.
	Name string
	// OtherNames must be in the certificate as well: the Internet name, the name of the NLB cluster, the short name.
	OtherNames []string
	// Ports are those that the software update point was told.
	Ports ports.Pair
	// WebConfig reads the web.config of a physical path, as it stands in the configuration; fs.ErrNotExist for none.
	WebConfig func(physicalPath string) ([]byte, error)
	// Certificate is the chain that http.sys presents on the HTTPS port, the server's own first.
	Certificate []*x509.Certificate
	// Trusted are the authorities of the clients; nil means those of this machine.
	Trusted *x509.CertPool
	// Setup is what stands in the registry of the server.
	Setup *SetupValues
	// Policies are policies of clients, as they stand in their registries.
	Policies []ClientPolicy
	// Issuers are certificates of intermediate authorities known from elsewhere, for example from the address that the certificate
	// names. With them a chain that lacks one is told from an unknown authority.
	Issuers []*x509.Certificate
	// Now is the time at which the certificate must be valid; zero means time.Now.
	Now time.Time
}

// SetupValues are the values below HKLM\SOFTWARE\Microsoft\Update Services\Server\Setup that configuressl writes and that lead
// to the web site. A nil or empty one is absent.
type SetupValues struct {
	// VersionString is that of WSUS, such as 10.0.20348.2849; empty where WSUS is not installed.
	VersionString         string
	UsingSSL              *bool
	ServerCertificateName string
	PortNumber            int
	IISTargetWebSiteIndex uint32
	TargetDir             string
	ContentDir            string
}

// ClientPolicy are the values below HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate of a client.
type ClientPolicy struct {
	// Computer names the client in findings.
	Computer       string
	WUServer       string
	WUStatusServer string
	UseWUServer    bool
}

// AuditReport is what Audit found.
type AuditReport struct {
	// Site is the web site of WSUS.
	Site string `json:"site"`
	// Ports are those that the web site binds.
	Ports ports.Pair `json:"ports"`
	// Bindings are those of http and https, as they stand in the configuration.
	Bindings []iis.Binding `json:"bindings"`
	// Roots has the nine virtual roots, in the order of [Roots].
	Roots []RootAudit `json:"roots"`
	// Findings are all of the site and its roots, the gravest first.
	Findings []Finding `json:"findings"`
	// NotLookedAt names what could not be judged because it was not given.
	NotLookedAt []string `json:"notLookedAt,omitempty"`
}

// RootAudit is one virtual root as it should be and as it is.
type RootAudit struct {
	Name       string `json:"name"`
	RequireSSL bool   `json:"requireSSL"`
	// Present says that the site has an application or virtual directory of that name; Kind says which.
	Present bool   `json:"present"`
	Kind    string `json:"kind,omitempty"`
	// Flags is what access sslFlags comes to, in IIS's spelling, and From where it is stated.
	Flags string `json:"sslFlags"`
	From  string `json:"from"`
	OK    bool   `json:"ok"`
}
