// Command scan tells which updates a machine needs, offline: update documents from folders, the machine from a snapshot of its
// facts. No server takes part. With -whatif it tells how many of many machines need them.
//
//	go run ./examples/scan -facts windows11-24h2.json
//	go run ./examples/scan -facts machine.json -catalog updates -json
//	go run ./examples/scan -facts server2022.json -why KB9900110
//	go run ./examples/scan -whatif all -facts snapshots
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
