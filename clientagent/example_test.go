package clientagent_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// An agent scans a WSUS server and installs what its machine needs, before any deadline. The machine is a JSON snapshot.
func Example() {
	ctx := context.Background()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := server.Import(ctx, catalog.Files()); err != nil {
		log.Fatal(err)
	}
	listener := httptest.NewServer(server)
	defer listener.Close()

	facts, err := snapshot.Shipped().Open("server2022.json")
	if err != nil {
		log.Fatal(err)
	}
	defer facts.Close()
	machine, err := snapshot.Decode(facts)
	if err != nil {
		log.Fatal(err)
	}

	agent, err := clientagent.New(clientagent.Config{
		Site: clientagent.Direct(listener.URL), Machine: machine, Store: clientagent.Memory(), Cache: content.Memory()})
	if err != nil {
		log.Fatal(err)
	}
	scan, err := agent.Scan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(scan.Required()), "updates are required, such as")
	for _, u := range scan.Updates {
		if u.ID == scan.Required()[0] {
			fmt.Println(u.Title)
		}
	}
	if err := agent.Install(ctx, scan.Required()...); err != nil {
		log.Fatal(err)
	}
	if scan, err = agent.Scan(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(scan.Required()), "more became required by that")
	// Output:
	// 15 updates are required, such as
	// 2026-05 Servicing Stack Update for Microsoft server operating system version 21H2 for x64-based Systems (KB9900109)
	// 1 more became required by that
}

// A client of a site takes policy and deployments from it, and installs by itself at their deadlines. Run lasts until ctx ends.
func Example_site() {
	ctx, stop := context.WithCancel(context.Background())
	facts, err := snapshot.Shipped().Open("windows11-24h2.json")
	if err != nil {
		log.Fatal(err)
	}
	defer facts.Close()
	machine, err := snapshot.Decode(facts)
	if err != nil {
		log.Fatal(err)
	}
	agent, err := clientagent.New(clientagent.Config{
		Site:    clientagent.HTTP("https://wsus01.lab.example:8531", nil),       // nil: the system's certificate authorities
		Machine: machine, Store: clientagent.Memory(), Cache: content.Memory()}) // clientagent.Dir("agent") keeps both in a folder
	if err != nil {
		log.Fatal(err)
	}
	stop() // this example ends here
	fmt.Println(agent.Run(ctx))
	// Output:
	// context canceled
}
