package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/hashicorp/go-multierror"
)

// options are the flags of the program.
type options struct {
	server string
	ca     string
	group  string
	name   string
	id     string
	record string
	wait   time.Duration
	json   bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.server, "server", "", "base `URL` of the server, such as http://wsus01.lab.example:8530")
	flags.StringVar(&o.ca, "ca", "", "`file` with the certificate authority (PEM) to trust instead of the system's")
	flags.StringVar(&o.group, "group", "", "target `group` that the computer claims")
	flags.StringVar(&o.name, "name", "", "`name` of the computer in the server's list; wsustest.invalid when empty")
	flags.StringVar(&o.id, "id", "", "client `id` to play, so that repeated examinations leave one computer and not several; a new one when empty")
	flags.StringVar(&o.record, "record", "", "`file` to write the conversation to, with cookies masked and bodies cut after 4 MiB")
	flags.DurationVar(&o.wait, "wait", 0, "how long to wait for a cookie to expire, such as 65m; without, that is not checked")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.Usage = func() {
		fmt.Fprint(stderr, "check examines a server that speaks the WSUS client-server protocol. It adds one computer to the server's list.\n\n"+
			"usage: check -server URL [flags]\n\n")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; see -h", flags.Arg(0))
	}
	return o, o.validate()
}

func (o options) validate() error {
	var faults *multierror.Error
	if o.server == "" {
		faults = multierror.Append(faults, errors.New("-server must say which server to examine"))
	}
	if o.wait < 0 {
		faults = multierror.Append(faults, fmt.Errorf("-wait is %v, want 0 or more", o.wait))
	}
	return faults.ErrorOrNil()
}
