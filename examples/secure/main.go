// Command secure says what is wrong with the secure channel of a WSUS server, from its applicationHost.config, and what to do about
// it. With -apply it makes those changes that stand in that file, keeps a backup, and names the steps that remain.
//
//	go run ./examples/secure
//	go run ./examples/secure -config applicationHost.config -name wsus01.lab.example
//	go run ./examples/secure -config applicationHost.config -name wsus01.lab.example -apply
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
