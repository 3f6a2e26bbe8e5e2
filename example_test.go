package softwareupdates_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// These machines get these updates, and the site can prove it: a WSUS server, the site around it, and one machine that scans.
func Example() {
	ctx := context.Background()
	db := memory.Open()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: content.Memory()})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := server.Import(ctx, catalog.Files()); err != nil {
		log.Fatal(err)
	}
	site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance()})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{
		Server: "wsus01.lab.example", WSUS: updatepoint.Local(server), Ports: ports.Custom}); err != nil {
		log.Fatal(err)
	}
	if err := site.Synchronize(ctx); err != nil {
		log.Fatal(err)
	}
	if err := site.EnableClientAgent(ctx, clientagent.DefaultSettings()); err != nil {
		log.Fatal(err)
	}

	facts, err := snapshot.Shipped().Open("server2022.json")
	if err != nil {
		log.Fatal(err)
	}
	defer facts.Close()
	machine, err := snapshot.Decode(facts)
	if err != nil {
		log.Fatal(err)
	}
	agent, err := clientagent.New(clientagent.Config{Site: updatepoint.InProcess(site), Machine: machine, Store: db.Agent("srv22"),
		Cache: content.Memory(), HTTPClient: inProcess(server)})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := agent.Scan(ctx); err != nil {
		log.Fatal(err)
	}
	if err := agent.SendStateMessages(ctx); err != nil {
		log.Fatal(err)
	}

	table, err := site.Compliance(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, computer := range table.Computers {
		c := computer.Counts
		fmt.Printf("%s: %d required, %d installed, %d not required\n", computer.Name, c.Required, c.Installed, c.NotRequired)
	}
	// Output:
	// srv22.lab.example: 15 required, 3 installed, 43 not required
}
