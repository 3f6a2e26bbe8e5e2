package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

type options struct {
	catalogs []string // none: the sample catalogue
	facts    []string // one, or with whatIf any number, folders too
	json     bool
	all      bool
	logic    applicability.Logic
	why      string   // the update to explain; empty: list all
	whatIf   []string // the updates to count on all machines, or wholeCatalogue
}

// parseOptions answers flag.ErrHelp after it has written the help that was asked for.
func parseOptions(args []string, stderr io.Writer) (options, error) {
	o := options{logic: applicability.ThreeValued}
	flags := flag.NewFlagSet("scan", flag.ContinueOnError)
	// Errors are returned and written once, by the caller.
	flags.SetOutput(io.Discard)
	flags.Func("catalog", "`folder` of update documents (.xml), or one document; may be repeated (default: the sample catalogue)",
		func(path string) error { return appendNamed(&o.catalogs, path, "names no folder") })
	flags.Func("facts", "snapshot of the machine's facts, a JSON `file`; with -whatif also a folder, and may be repeated; shipped: "+shippedNames(),
		func(path string) error { return appendNamed(&o.facts, path, "names no snapshot") })
	flags.StringVar(&o.why, "why", "", "explain the state of one `update`, named by its id, its KB number or a part of its title")
	flags.Func("whatif", "count for how many machines an `update` is required, installed, not applicable, superseded or unknown, and list the "+
		"facts that are missing; named as for -why, may be repeated; all: every update of the catalogue",
		func(name string) error { return appendNamed(&o.whatIf, name, "names no update") })
	flags.Func("logic", "`logic` of rules that a missing fact keeps from being judged: three-valued says unknown, two-valued says not required, "+
		"as agents do (default: three-valued)", o.setLogic)
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	flags.BoolVar(&o.all, "all", false, "also list members of bundles and other updates that cannot be deployed alone")

	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(stderr, "scan tells which updates a machine needs, without a server.")
		fmt.Fprintln(stderr, "usage: scan -facts FILE [-catalog PATH]... [-all | -why UPDATE] [-logic LOGIC] [-json]")
		fmt.Fprintln(stderr, "       scan -whatif UPDATE... -facts PATH... [-catalog PATH]... [-json]")
		flags.SetOutput(stderr)
		flags.PrintDefaults()
		return options{}, err
	case err != nil:
		return options{}, err
	case flags.NArg() > 0:
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.why == "" && isGiven(flags, "why"):
		return options{}, errors.New("-why names no update; give its id, its KB number or a part of its title")
	case o.why != "" && o.all:
		return options{}, errors.New("-all lists updates and -why explains one; give one of them")
	case len(o.facts) == 0:
		return options{}, fmt.Errorf("-facts names no snapshot; shipped: %s", shippedNames())
	case len(o.whatIf) == 0 && len(o.facts) > 1:
		return options{}, errors.New("-facts is given more than once; only -whatif looks at several machines")
	case len(o.whatIf) > 0 && (o.all || o.why != "" || o.logic != applicability.ThreeValued):
		return options{}, errors.New("-whatif counts machines in three-valued logic; -all, -why and two-valued -logic do not go with it")
	}
	return o, nil
}

func appendNamed(list *[]string, name, otherwise string) error {
	if name == "" {
		return errors.New(otherwise)
	}
	*list = append(*list, name)
	return nil
}

func (o *options) setLogic(name string) error {
	for _, logic := range []applicability.Logic{applicability.TwoValued, applicability.ThreeValued} {
		if logic.String() == name {
			o.logic = logic
			return nil
		}
	}
	return errors.New("want two-valued or three-valued")
}

func isGiven(flags *flag.FlagSet, name string) bool {
	given := false
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}
