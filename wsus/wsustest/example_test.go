package wsustest_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

func exampleServer() (*httptest.Server, error) {
	server, err := wsus.NewServer(context.Background(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	if err != nil {
		return nil, err
	}
	if _, err := server.Import(context.Background(), catalog.Files()); err != nil {
		return nil, err
	}
	return httptest.NewServer(server), nil
}

// Check works on any server; here it is one of package wsus.
func ExampleCheck() {
	server, err := exampleServer()
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	report, err := wsustest.Check(context.Background(), wsustest.Config{URL: server.URL})
	if err != nil {
		log.Fatal(err)
	}
	for _, failed := range report.Failed() {
		fmt.Println(failed.ID, failed.Messages)
	}
	leaf, _ := report.Result("sync-leaf")
	fmt.Println(leaf.Outcome, leaf.Says)
	// Output: pass IsLeaf is false for whatever is a prerequisite
}

// An Agent scans like a Windows computer and says what a server does against the protocol.
func ExampleAgent() {
	server, err := exampleServer()
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	agent, err := wsustest.NewAgent(server.URL, server.Client(), wsustest.Computer{ClientID: "pc1"})
	if err != nil {
		log.Fatal(err)
	}
	scan, err := agent.Scan(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(scan.New) == len(agent.Cache()), len(agent.Findings()))
	// Output: true 0
}
