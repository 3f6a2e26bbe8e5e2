// Program check examines a server that speaks the WSUS client-server protocol, and prints what it checked and why something failed. It plays one
// computer, which is in the server's list afterwards.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// The exit codes: scripts tell a server that is wrong from an examination that could not be made.
const (
	exitPassed = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitPassed
	}
	var report wsustest.Report
	if err == nil {
		report, err = examine(ctx, o)
	}
	if len(report.Results) > 0 { // also what an interrupted examination has seen
		err = errors.Join(err, printReport(stdout, report, o.json))
	}
	if err != nil {
		fmt.Fprintln(stderr, "check:", err)
		return exitUsage
	}
	if len(report.Failed()) > 0 {
		return exitFailed
	}
	return exitPassed
}

func printReport(w io.Writer, report wsustest.Report, asJSON bool) error {
	if !asJSON {
		_, err := report.WriteTo(w)
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}
