package ssl_test

import (
	"crypto/x509"
	"errors"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// With the configuration alone, everything else is named as not looked at, and nothing is made up.
func TestAuditOfTheConfigurationAlone(t *testing.T) {
	config, err := iis.Parse([]byte(healthyConfig))
	require.NoError(t, err)
	report, err := ssl.Audit(ssl.AuditConfig{Config: config})
	require.NoError(t, err)
	require.Empty(t, report.Findings)
	require.Equal(t, ports.Custom, report.Ports)
	require.Equal(t, []string{
		"web.config files: they were not given",
		"the name that clients use: it was not told",
		"the certificate: none was given, and applicationHost.config has none",
		"whether WSUSUtil configuressl was run: the registry of the server was not given",
		"policies of clients: none was given",
	}, report.NotLookedAt)
}

func TestAuditWithoutName(t *testing.T) {
	s := newAudited()
	s.audit.Name, s.audit.OtherNames = "", nil
	s.audit.Policies = []ssl.ClientPolicy{healthyPolicy("PC0001"), {Computer: "PC0002", WUServer: "https://wsus02:8531", WUStatusServer: "https://wsus02:8531", UseWUServer: true}}
	s.audit.Setup.PortNumber = 0
	report, err := ssl.Audit(s.config(t))
	require.NoError(t, err)
	require.Equal(t, []string{"policy-short-name"}, kindsOf(report))
	require.Equal(t, []string{
		"the name that clients use: it was not told",
		"whether the certificate is for the right name",
		"whether configuressl was given the right name: the name that clients use was not told",
		"whether configuressl saw the right port: the registry values hold no PortNumber",
	}, report.NotLookedAt)
}

// A web.config that nobody may read is no fault of the server.
func TestAuditWithUnreadableWebConfig(t *testing.T) {
	c := newAudited().config(t)
	read := c.WebConfig
	c.WebConfig = func(path string) ([]byte, error) {
		if path == clientFolder {
			return nil, errors.New("access is denied")
		}
		return read(path)
	}
	report, err := ssl.Audit(c)
	require.NoError(t, err)
	require.Empty(t, report.Findings)
	require.Equal(t, []string{`what C:\Program Files\Update Services\WebServices\ClientWebService\web.config states: access is denied`}, report.NotLookedAt)
}

func TestAuditRefusesSettings(t *testing.T) {
	_, err := ssl.Audit(ssl.AuditConfig{Name: "a b", OtherNames: []string{"-x"}, Ports: ports.Pair{HTTP: 80, HTTPS: 8531},
		Certificate: []*x509.Certificate{nil}})
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 5)
}

// A configuration that IIS refuses is an error, not a finding: no site of the server works.
func TestAuditOfWhatIISRefuses(t *testing.T) {
	s := newAudited()
	s.setAccess(t, "ClientWebService", "Tls")
	_, err := ssl.Audit(s.config(t))
	var conflict *iis.ConflictError
	require.ErrorAs(t, err, &conflict)
	require.ErrorContains(t, err, "IIS refuses the configuration")
}

// The gravest come first, and each root says where its value is stated.
func TestAuditReport(t *testing.T) {
	s := newAudited()
	s.replace(t, ` queueLength="2000"`, "")
	s.audit.Setup.PortNumber = 8530
	s.setAccess(t, "ClientWebService", "None")
	s.addLocation(t, "WSUS Administration/Inventory", "", "8")
	report, err := ssl.Audit(s.config(t))
	require.NoError(t, err)
	require.Equal(t, []string{"root-not-secured ClientWebService", "root-requires-ssl Inventory", "configuressl-other-port", "pool-queue-length"}, kindsOf(report))
	require.Equal(t, "WSUS Administration", report.Site)
	require.Equal(t, ssl.RootAudit{Name: "ApiRemoting30", RequireSSL: true, Present: true, Kind: "application", Flags: "Ssl",
		From: `location "WSUS Administration/ApiRemoting30", line 112`, OK: true}, report.Roots[0])
	require.Equal(t, ssl.RootAudit{Name: "Content", Present: true, Kind: "virtual directory", Flags: "None",
		From: `whole server, line 103`, OK: true}, report.Roots[2])
	require.False(t, report.Roots[1].OK)
}
