package wsus_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Embed a WSUS server in a program: one folder keeps everything.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	data, err := os.MkdirTemp("", "wsus-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(data)

	db, err := sqlite.Open(ctx, data)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	files, err := content.Dir(filepath.Join(data, "content"))
	if err != nil {
		log.Fatal(err)
	}
	defer files.Close()
	server, err := wsus.NewServer(ctx, wsus.Config{Store: db.WSUS(), Content: files})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	report, err := server.Import(ctx, catalog.Files()) // your own: os.DirFS("updates")
	if err != nil {
		log.Fatal(err)
	}
	for _, refused := range report.Refused {
		fmt.Println(refused)
	}
	for update, err := range server.Updates(ctx, wsus.Query{Classification: wsus.CriticalUpdates}) {
		if err != nil {
			log.Fatal(err)
		}
		if err := server.Approve(ctx, update.ID, wsus.Install, wsus.AllComputers); err != nil {
			log.Fatal(err)
		}
		fmt.Println("approved", update.Title)
	}

	// A program of yours listens on both ports of a web site and serves until it is told to stop:
	//	err = wsus.ListenAndServe(ctx, server, ports.Custom)
	// This one takes a free port and stops at once.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	stop()
	if err := wsus.Serve(ctx, server, listener, nil, ssl.Settings{}, nil); err != nil {
		fmt.Println(err)
	}
	// Output:
	// approved 2026-05 Servicing Stack Update for Microsoft server operating system version 21H2 for x64-based Systems (KB9900109)
	// approved Baseline quality update for Windows (KB9900125)
}
