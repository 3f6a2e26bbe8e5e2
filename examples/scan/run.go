package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

// Exit codes.
const (
	succeeded = 0
	failed    = 1
	misused   = 2 // flags, as the flag package has it
)

// run is the program. Results go to stdout and nothing else does.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	options, err := parseOptions(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return succeeded
	case err != nil:
		fmt.Fprintln(stderr, "scan:", err)
		return misused
	}
	err = scan(ctx, options, stdout, stderr)
	switch {
	case ctx.Err() != nil && err != nil:
		fmt.Fprintln(stderr, "scan: interrupted")
		return failed
	case err != nil:
		fmt.Fprintln(stderr, "scan:", err)
		return failed
	}
	return succeeded
}

// scan reads everything before it evaluates anything, so that a bad path costs no time.
func scan(ctx context.Context, options options, stdout, stderr io.Writer) error {
	if len(options.whatIf) > 0 {
		return scanAll(ctx, options, stdout, stderr)
	}
	machine, err := loadMachine(options.facts[0])
	if err != nil {
		return err
	}
	documents, err := loadDocuments(ctx, options.catalogs, stderr)
	if err != nil {
		return err
	}
	if options.why != "" {
		return why(ctx, machine, documents, options, stdout)
	}
	findings, err := evaluate(ctx, machine, documents, options.logic, options.all)
	if err != nil {
		return err
	}
	if options.json {
		return writeJSON(stdout, findings)
	}
	return writeText(stdout, machine.Name(), findings)
}

// scanAll reads machines while it evaluates: there may be more than fit into memory.
func scanAll(ctx context.Context, options options, stdout, stderr io.Writer) error {
	if err := checkMachines(options.facts); err != nil {
		return err
	}
	documents, err := loadDocuments(ctx, options.catalogs, stderr)
	if err != nil {
		return err
	}
	return whatIf(ctx, documents, options, stdout, stderr)
}
