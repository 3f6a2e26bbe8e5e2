package updatepoint_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// A software update point with SSL, from nothing to a running site.
func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	folder, err := os.MkdirTemp("", "ca")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	ca, err := ssl.OpenCA(folder, ssl.CAOptions{Names: []string{"wsus01.lab.example"}})
	if err != nil {
		log.Fatal(err)
	}
	db := memory.Open() // sqlite.Open(ctx, "data") keeps it
	server, err := wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: content.Memory()})
	if err != nil {
		log.Fatal(err)
	}

	site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{
		Mode: updatepoint.NativeMode, Store: db.Site(), Compliance: db.Compliance()})
	if err != nil {
		log.Fatal(err)
	}
	point, err := site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{
		Server: "wsus01.lab.example", WSUS: updatepoint.Local(server),
		Ports: ports.Custom, // must be given: there is no default
		SSL:   ssl.Required(ca.GetCertificate)})
	if err != nil {
		log.Fatal(err) // err lists every failed prerequisite
	}
	channel := point.Channel(ctx)
	fmt.Println(channel.State, point.URL())
	for _, root := range channel.Roots { // root.Remedy says what to do where it is not ready
		fmt.Println(root.Name, root.State)
	}
	if err := site.EnableClientAgent(ctx, clientagent.DefaultSettings()); err != nil {
		log.Fatal(err)
	}
	cancel() // a program that stays up waits for a signal instead
	fmt.Println(site.Run(ctx))
	// Output:
	// WSUS_CONFIG_SUCCESS https://wsus01.lab.example:8531
	// ApiRemoting30 Ready
	// ClientWebService Ready
	// Content Ready
	// DssAuthWebService Ready
	// Inventory Ready
	// ReportingWebService Ready
	// SelfUpdate Ready
	// ServerSyncWebService Ready
	// SimpleAuthWebService Ready
	// <nil>
}

// Missing prerequisites refuse the role, all of them at once.
func ExampleSite_AddSoftwareUpdatePoint() {
	ctx := context.Background()
	db := memory.Open()
	site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{
		Mode: updatepoint.NativeMode, Store: db.Site(), Compliance: db.Compliance()})
	if err != nil {
		log.Fatal(err)
	}
	_, err = site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{Server: "wsus 01"})
	var faults *multierror.Error
	if errors.As(err, &faults) {
		for _, fault := range faults.Errors {
			fmt.Println(fault)
		}
	}
	_, err = site.Compliance(ctx)
	fmt.Println(errors.Is(err, updatepoint.ErrNoSoftwareUpdatePoint))
	// Output:
	// server is not a host name: "wsus 01"
	// port settings are missing: give the HTTP and HTTPS port of the WSUS web site
	// native mode needs SSL: give the software update point SSL settings with a certificate source
	// no WSUS on the server: Settings.WSUS is missing
	// true
}
