package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

type options struct {
	catalogs []string // none: the sample catalogue
	facts    string
	json     bool
	all      bool
}

// parseOptions answers flag.ErrHelp after it has written the help that was asked for.
func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("scan", flag.ContinueOnError)
	// Errors are returned and written once, by the caller.
	flags.SetOutput(io.Discard)
	flags.Func("catalog", "`folder` of update documents (.xml), or one document; may be repeated (default: the sample catalogue)",
		func(path string) error {
			if path == "" {
				return errors.New("names no folder")
			}
			o.catalogs = append(o.catalogs, path)
			return nil
		})
	flags.StringVar(&o.facts, "facts", "", "snapshot of the machine's facts, a JSON `file`; shipped: "+shippedNames())
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	flags.BoolVar(&o.all, "all", false, "also list members of bundles and other updates that cannot be deployed alone")

	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(stderr, "scan tells which updates a machine needs, without a server.")
		fmt.Fprintln(stderr, "usage: scan -facts FILE [-catalog PATH]... [-all] [-json]")
		flags.SetOutput(stderr)
		flags.PrintDefaults()
		return options{}, err
	case err != nil:
		return options{}, err
	case flags.NArg() > 0:
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.facts == "":
		return options{}, fmt.Errorf("-facts names no snapshot; shipped: %s", shippedNames())
	}
	return o, nil
}
