package wsus_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"testing/fstest"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// exampleServer is a server with a few documents, without a disk and a network.
func exampleServer(ctx context.Context, documents ...string) *wsus.Server {
	server, err := wsus.NewServer(ctx, wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	if err != nil {
		log.Fatal(err)
	}
	updates := fstest.MapFS{} // of yours: os.DirFS("updates")
	for i, document := range documents {
		updates[fmt.Sprint(i, ".xml")] = &fstest.MapFile{Data: []byte(document)}
	}
	if _, err := server.Import(ctx, updates); err != nil {
		log.Fatal(err)
	}
	return server
}

// exampleAgent is a client of a server in the same program.
func exampleAgent(server *wsus.Server) *clientsync.Session {
	client, err := clientsync.NewClient("http://wsus.example.test:8530", &http.Client{Transport: inProcess{server}})
	if err != nil {
		log.Fatal(err)
	}
	return &clientsync.Session{Client: client, ClientID: "pc1", DNSName: "pc1.example.test"}
}

const (
	windows11 = `<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update">
		<UpdateIdentity UpdateID="11111111-2222-4333-8444-555555555555" RevisionNumber="1"/>
		<Properties UpdateType="Detectoid" DefaultPropertiesLanguage="en"/>
		<LocalizedPropertiesCollection><LocalizedProperties><Language>en</Language><Title>Windows 11</Title></LocalizedProperties></LocalizedPropertiesCollection>
		</Update>`
	qualityUpdate = `<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update">
		<UpdateIdentity UpdateID="0d9ad1f2-7c58-4a0e-9a5e-2b8f6f3f7a01" RevisionNumber="1"/>
		<Properties UpdateType="Software" DefaultPropertiesLanguage="en" ExplicitlyDeployable="true"/>
		<LocalizedPropertiesCollection><LocalizedProperties><Language>en</Language><Title>Quality update</Title></LocalizedProperties></LocalizedPropertiesCollection>
		<Relationships><Prerequisites><UpdateIdentity UpdateID="11111111-2222-4333-8444-555555555555"/></Prerequisites></Relationships>
		</Update>`
	networkDriver = `<Update xmlns="http://schemas.microsoft.com/msus/2002/12/Update" xmlns:d="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver">
		<UpdateIdentity UpdateID="77777777-8888-4999-8aaa-bbbbbbbbbbbb" RevisionNumber="1"/>
		<Properties UpdateType="Driver" DefaultPropertiesLanguage="en" ExplicitlyDeployable="true"/>
		<LocalizedPropertiesCollection><LocalizedProperties><Language>en</Language><Title>Network adapter</Title></LocalizedProperties></LocalizedPropertiesCollection>
		<ApplicabilityRules><Metadata><d:WindowsDriverMetaData HardwareID="pci\ven_1234&amp;dev_5678" DriverVerDate="2026-01-15" DriverVerVersion="2.0.0.0" Class="Net"/></Metadata></ApplicabilityRules>
		</Update>`
)

// Why does a computer not get an update? Whoever asks is told one obstacle after the other, each with what to do about it.
func ExampleServer_Explain() {
	ctx := context.Background()
	server := exampleServer(ctx, windows11, qualityUpdate)
	defer server.Close()
	agent := exampleAgent(server)
	update := uuid.MustParse("0d9ad1f2-7c58-4a0e-9a5e-2b8f6f3f7a01")
	explain := func() {
		x, err := server.Explain(ctx, "pc1", update)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(x.Stage)
		for _, reason := range x.Reasons {
			fmt.Println(" ", reason)
		}
	}

	info, err := agent.SyncUpdates(ctx, clientsync.SyncParameters{})
	if err != nil {
		log.Fatal(err)
	}
	explain()
	// The agent evaluates what it got, and says with its next call that it is installed.
	_, err = agent.SyncUpdates(ctx, clientsync.SyncParameters{InstalledNonLeafUpdateIDs: []int32{info.NewUpdates[0].ID}})
	if err != nil {
		log.Fatal(err)
	}
	explain()
	if err := server.Approve(ctx, update, wsus.Install, wsus.AllComputers); err != nil {
		log.Fatal(err)
	}
	explain()
	// Output:
	// NotSent
	//   PrerequisiteUnsatisfied: Prerequisite 1 of 1 is not satisfied. One of these must be installed: "Windows 11" (11111111-2222-4333-8444-555555555555), which the computer gets and does not report as installed.
	//   NotApproved: The computer is in "Unassigned Computers", and no approval reaches it there; it is approved nowhere.
	// Sent
	//   NotApproved: The computer is in "Unassigned Computers", and no approval reaches it there; it is approved nowhere.
	// Installable
}

// A driver that is approved comes with the driver pass, to the computers that have a device for which it is the best, and better than what
// the device has.
func ExampleServer_drivers() {
	ctx := context.Background()
	server := exampleServer(ctx, networkDriver)
	defer server.Close()
	agent := exampleAgent(server)
	driver := uuid.MustParse("77777777-8888-4999-8aaa-bbbbbbbbbbbb")
	if err := server.Approve(ctx, driver, wsus.Install, wsus.AllComputers); err != nil {
		log.Fatal(err)
	}
	pass := func(hardwareID string) {
		info, err := agent.SyncUpdates(ctx, clientsync.SyncParameters{SkipSoftwareSync: true, SystemSpec: []clientsync.Device{
			{HardwareIDs: []string{hardwareID}, Installed: clientsync.InstalledDriver{Rank: clientsync.NoRank}}}})
		if err != nil {
			log.Fatal(err)
		}
		for _, u := range info.NewUpdates {
			fmt.Println(u.Deployment.Action, u.Deployment.HardwareIDs)
		}
		x, err := server.Explain(ctx, "pc1", driver)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(x.Stage, x.Reasons)
	}
	pass(`PCI\VEN_1234&DEV_9999`)
	pass(`PCI\VEN_1234&DEV_5678`)
	// Output:
	// NotSent [NoMatchingDevice: No device that the computer named in its last driver pass has one of its hardware ids.]
	// Install [pci\ven_1234&dev_5678]
	// Installable []
}
