package ssl_test

import (
	"fmt"
	"log"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// An administrator's program reads applicationHost.config, what reg query prints on the server, and the policy of a client, and
// says what is wrong. On a server, iis.Open reads the file and writes it again.
func ExampleAudit() {
	config, err := iis.Parse([]byte(`<configuration>
  <system.applicationHost>
    <applicationPools>
      <add name="WsusPool" queueLength="2000">
        <processModel idleTimeout="00:00:00" pingingEnabled="false" />
        <recycling><periodicRestart time="00:00:00" /></recycling>
      </add>
    </applicationPools>
    <sites>
      <site name="WSUS Administration" id="2">
        <application path="/" applicationPool="WsusPool">
          <virtualDirectory path="/Content" physicalPath="D:\WSUS\WsusContent" />
          <virtualDirectory path="/Inventory" physicalPath="C:\Program Files\Update Services\Inventory" />
          <virtualDirectory path="/SelfUpdate" physicalPath="C:\Program Files\Update Services\SelfUpdate" />
        </application>
        <application path="/ApiRemoting30" applicationPool="WsusPool" />
        <application path="/ClientWebService" applicationPool="WsusPool" />
        <application path="/DssAuthWebService" applicationPool="WsusPool" />
        <application path="/ReportingWebService" applicationPool="WsusPool" />
        <application path="/ServerSyncWebService" applicationPool="WsusPool" />
        <application path="/SimpleAuthWebService" applicationPool="WsusPool" />
        <bindings>
          <binding protocol="http" bindingInformation="*:8530:" />
          <binding protocol="https" bindingInformation="*:8531:" />
        </bindings>
      </site>
    </sites>
  </system.applicationHost>
  <location path="WSUS Administration">
    <system.webServer><security><access sslFlags="Ssl" /></security></system.webServer>
  </location>
</configuration>`))
	if err != nil {
		log.Fatal(err)
	}
	setup, err := ssl.ParseSetup([]byte(`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Update Services\Server\Setup
    UsingSSL    REG_DWORD    0x1
    PortNumber    REG_DWORD    0x2153
    ServerCertificateName    REG_SZ    wsus01.lab.example
`))
	if err != nil {
		log.Fatal(err)
	}
	report, err := ssl.Audit(ssl.AuditConfig{
		Config: config,
		Name:   "wsus01.lab.example",
		Ports:  ports.Custom,
		Setup:  &setup,
		Policies: []ssl.ClientPolicy{{Computer: "PC0001", UseWUServer: true,
			WUServer: "http://wsus01.lab.example:8530", WUStatusServer: "http://wsus01.lab.example:8530"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range report.Findings {
		fmt.Printf("%s %s: %s\n", f.Severity, f.Kind, f.Cause)
	}
	for _, text := range report.NotLookedAt {
		fmt.Println("not looked at:", text)
	}
	// Output:
	// error site-requires-ssl: the site "WSUS Administration" requires SSL (Ssl in location "WSUS Administration", line 30), and whatever states nothing of its own inherits it
	// error policy-says-http: PC0001: WUServer "http://wsus01.lab.example:8530" says http, which the server refuses for metadata, or should
	// not looked at: web.config files: they were not given
	// not looked at: the certificate: none was given, and applicationHost.config has none
}
