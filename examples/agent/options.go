package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"

	"github.com/hashicorp/go-multierror"
)

// options are the flags of the program.
type options struct {
	server  string
	site    string
	ca      string
	facts   string
	data    string
	once    bool
	install bool
	json    bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("agent", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.server, "server", "", "base `URL` of a WSUS server to scan, such as https://wsus01.lab.example:8531")
	flags.StringVar(&o.site, "site", "", "base `URL` of a site; the agent takes its policy and deployments from it")
	flags.StringVar(&o.ca, "ca", "", "`file` with the certificate authority (PEM) to trust instead of the system's")
	flags.StringVar(&o.facts, "facts", "", "`file` with a machine as JSON; the name of a shipped one will do: windows10-22h2.json,\n"+
		"windows11-24h2.json, server2022.json")
	flags.StringVar(&o.data, "data", "", "`folder` that keeps the agent and the machine as updates change it; a temporary one when empty")
	flags.BoolVar(&o.once, "once", false, "scan once, print, and end; otherwise run until interrupted")
	flags.BoolVar(&o.install, "install", false, "install what is required now, as a user would, and scan again")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.Usage = func() {
		fmt.Fprint(stderr, "agent runs one Software Updates Client Agent against a WSUS server or a site.\n\nusage: agent -server URL -facts FILE [flags]\n\n")
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
	if o.server == "" && o.site == "" {
		faults = multierror.Append(faults, errors.New("-server or -site must say where updates come from"))
	}
	if o.server != "" && o.site != "" {
		faults = multierror.Append(faults, errors.New("-server and -site exclude each other: a site names its own server"))
	}
	for name, value := range map[string]string{"-server": o.server, "-site": o.site} {
		if value == "" {
			continue
		}
		u, err := url.Parse(value)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			faults = multierror.Append(faults, fmt.Errorf("%s %q is no URL like https://wsus01.lab.example:8531", name, value))
		}
	}
	if o.facts == "" {
		faults = multierror.Append(faults, errors.New("-facts must name a machine as JSON: reading the facts of real Windows is not built yet"))
	}
	return oneLine(faults.ErrorOrNil())
}

// oneLine puts several faults on one line: the last line that a program prints says what is wrong.
func oneLine(err error) error {
	var faults *multierror.Error
	if !errors.As(err, &faults) {
		return err
	}
	text := ""
	for i, fault := range faults.Errors {
		if i > 0 {
			text += "; "
		}
		text += fault.Error()
	}
	return errors.New(text)
}
