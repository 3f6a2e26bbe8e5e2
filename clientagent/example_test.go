package clientagent_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// An agent without a site scans a WSUS server and installs what the machine needs, before any deadline. With a site it is Site:
// clientagent.HTTP("https://wsus01.lab.example:8531", roots), and agent.Run(ctx) for deadlines and re-evaluation.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "agent")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder

	store, err := clientagent.Dir(folder)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // the example is over

	wsus := newServer(leaf("viewer"), leaf("editor")) // a server in this process
	machine := newMachine("viewer", "editor")
	machine.set("editor", true)
	agent, err := clientagent.New(clientagent.Config{
		Site: clientagent.Direct("http://wsus.test"), Machine: machine, Store: store, HTTPClient: &http.Client{Transport: wsus}})
	if err != nil {
		log.Fatal(err)
	}
	scan, err := agent.Scan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	show := func(updates []clientagent.UpdateStatus) {
		for _, u := range updates {
			fmt.Printf("%s: %s\n", u.Title, u.State)
		}
	}
	show(scan.Updates)
	if err := agent.Install(ctx, scan.Required()...); err != nil {
		log.Fatal(err)
	}
	if scan, err = agent.LastScan(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println("after the installation")
	show(scan.Updates)
	// Output:
	// Update editor: Installed
	// Update viewer: Required
	// after the installation
	// Update editor: Installed
	// Update viewer: Installed
}
