package ports_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"github.com/seed599db172/softwareupdates/ports"
)

// A software update point was told 8530/8531; somebody has bound the site otherwise.
func ExampleCompare() {
	bound := []ports.Bound{
		{Scheme: "http", Address: "*", Port: 80},
		{Scheme: "https", Address: "*", Port: 8531, Host: "wsus01.lab.example"},
	}
	for _, m := range ports.Compare(ports.Custom, true, bound) {
		fmt.Println(m.Kind, m.Port)
		fmt.Println("  cause: ", m.Cause)
		fmt.Println("  remedy:", m.Remedy)
	}
	// Output:
	// http-binding-missing 8530
	//   cause:  the web site does not bind http to port 8530, which WSUS derives from the HTTPS port 8531 and tells clients as the port of files; it binds http to 80
	//   remedy: add a binding http on port 8530, for all addresses and without host name; SSL does not replace it
	// binding-host-name 8531
	//   cause:  https on port 8531 answers to wsus01.lab.example only: consoles, downstream servers and health checks that use another name get no answer
	//   remedy: clear the host name of the binding; if it must stay, run WSUSUtil configuressl without arguments, and use that name everywhere
}

// What answers at the HTTP port is a web site that has nothing to do with WSUS, and nobody listens at the HTTPS port. A program that
// looks at a real host leaves Dial out.
func ExampleProbe() {
	intranet := httptest.NewServer(http.NotFoundHandler())
	defer intranet.Close()
	report, err := ports.Probe(context.Background(), ports.ProbeConfig{
		Host:  "wsus01.lab.example",
		Ports: ports.Default,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if addr != "wsus01.lab.example:80" {
				return nil, errors.New("connection refused")
			}
			return new(net.Dialer).DialContext(ctx, network, intranet.Listener.Addr().String())
		},
		Required: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("HTTP port speaks", report.HTTP.Speaks, report.HTTP.Status, "HTTPS port speaks", report.HTTPS.Speaks)
	for _, f := range report.Findings {
		fmt.Printf("%d %s (clients show 0x%08X): %s\n", f.Port, f.Kind, f.ClientError, f.Cause)
	}
	// Output:
	// HTTP port speaks http 404 HTTPS port speaks none
	// 80 another-application (clients show 0x80244019): what answers at the HTTP port 80 is not WSUS: it has no client web service (404 Not Found)
	// 443 closed (clients show 0x80072EFD): nobody listens at the HTTPS port 443 (connection refused)
}

// The firewall of a server that only the inner networks reach, and that fetches from Microsoft Update.
func ExampleInboundRules() {
	rules, err := ports.InboundRules(ports.Custom, netip.MustParsePrefix("10.0.0.0/8"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range rules {
		line, err := rule.Netsh()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(line)
	}
	for _, rule := range rules {
		line, err := rule.PowerShell()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(line)
	}
	// Output:
	// netsh advfirewall firewall add rule name="WSUS-HTTP" dir=in action=allow protocol=TCP localport=8530 remoteip=10.0.0.0/8
	// netsh advfirewall firewall add rule name="WSUS-HTTPS" dir=in action=allow protocol=TCP localport=8531 remoteip=10.0.0.0/8
	// New-NetFirewallRule -DisplayName 'WSUS-HTTP' -Direction Inbound -Protocol TCP -LocalPort 8530 -RemoteAddress '10.0.0.0/8' -Action Allow
	// New-NetFirewallRule -DisplayName 'WSUS-HTTPS' -Direction Inbound -Protocol TCP -LocalPort 8531 -RemoteAddress '10.0.0.0/8' -Action Allow
}
