package ssl_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// forgotten is what an audit says of a server where one root was forgotten.
func forgotten() ssl.AuditReport {
	report := ssl.AuditReport{Site: "WSUS Administration", Ports: ports.Custom}
	for _, root := range ssl.Roots() {
		flags := "None"
		if root.RequireSSL && root.Name != "SimpleAuthWebService" {
			flags = "Ssl"
		}
		report.Roots = append(report.Roots, ssl.RootAudit{Name: root.Name, RequireSSL: root.RequireSSL, Present: true, Flags: flags})
	}
	return report
}

func ExampleNewPlan() {
	plan, err := ssl.NewPlan(forgotten(), ssl.PlanConfig{
		Name:     "wsus01.lab.example",
		ToolPath: ssl.SetupValues{TargetDir: `C:\Program Files\Update Services\`}.ToolPath(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	first, _, _ := strings.Cut(plan.Checklist(), "\n[ ] 3.")
	fmt.Println(first)
	// Output:
	// Secure the site WSUS Administration as wsus01.lab.example on ports 8530/8531.
	//
	// [ ] 1. Require SSL for SimpleAuthWebService, ignoring client certificates
	//     Why: It carries metadata. Agents that are asked for a certificate fail with 0x80072F0C.
	//     - Open the site WSUS Administration, select SimpleAuthWebService and open SSL Settings.
	//     - Tick Require SSL, choose Ignore for client certificates, and click Apply.
	//
	// [ ] 2. Tell WSUS its name and let it read the web site
	//     Why: WSUS keeps its own address, and goes on with the old one until it is told, after every change of name, port or SSL.
	//     - Open an elevated command prompt.
	//     - Run "C:\Program Files\Update Services\Tools\WsusUtil.exe" configuressl wsus01.lab.example
	//     - Check that it prints https://wsus01.lab.example:8531.
}

func ExampleDryRun() {
	plan, err := ssl.NewPlan(forgotten(), ssl.PlanConfig{
		Name: "wsus01.lab.example", ToolPath: `C:\Program Files\Update Services\Tools\WsusUtil.exe`})
	if err != nil {
		fmt.Println(err)
		return
	}
	dry := &ssl.DryRun{}
	if _, err := ssl.Apply(context.Background(), dry, plan, ssl.ApplyOptions{}); err != nil {
		fmt.Println(err)
		return
	}
	for _, command := range dry.Commands()[:2] {
		fmt.Printf("%q\n", command.Args)
	}
	// Output:
	// ["list" "config" "WSUS Administration/SimpleAuthWebService" "-section:system.webServer/security/access"]
	// ["set" "config" "WSUS Administration/SimpleAuthWebService" "-section:system.webServer/security/access" "-sslFlags:Ssl" "-commit:apphost"]
}

func ExampleRollback() {
	// On the server itself this would be ssl.Local{}, over the network a Runner of package ssl/ssh.
	server := untouched()
	plan, err := ssl.NewPlan(server.audited(), ssl.PlanConfig{Name: fakeName, Thumbprint: thumbprint, ToolPath: toolPath})
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "journals")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	options := ssl.ApplyOptions{Journal: filepath.Join(dir, "wsus01.json")}
	applied, err := ssl.Apply(context.Background(), server, plan, options)
	fmt.Println(applied.Changed(), server.effective("WSUS Administration/ClientWebService"), err)
	for _, step := range applied.ByHand() {
		fmt.Println("by hand:", step.Title)
	}

	back, err := ssl.Rollback(context.Background(), server, options)
	fmt.Println(back.Changed(), server.effective("WSUS Administration/ClientWebService"), err)
	// Output:
	// true Ssl <nil>
	// by hand: Set the software update point to SSL
	// by hand: Set downstream servers and consoles to SSL
	// by hand: Give clients the authority, then the address
	// true None <nil>
}
