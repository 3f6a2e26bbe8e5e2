package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// options are the flags of the program.
type options struct {
	data     string
	host     string
	http     string
	https    string
	console  string
	catalogs []string
	agents   int
	once     bool
	json     bool
	plain    bool
	doctor   bool
	// doctorURL is a site that runs already; with it nothing is started.
	doctorURL string
	examines  bool // a URL was given
	ca        string
}

// What the flags say when nobody sets them.
const (
	defaultHTTP    = "127.0.0.1:8530"
	defaultHTTPS   = "127.0.0.1:8531"
	defaultConsole = "127.0.0.1:8580"
)

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("site", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.data, "data", "", "folder that keeps everything; a temporary one when empty")
	flags.StringVar(&o.host, "host", "localhost", "name of the server, as clients call it and as its certificate has it")
	flags.StringVar(&o.http, "http", defaultHTTP, "address of the plain listener; port 0 picks a free pair")
	flags.StringVar(&o.https, "https", defaultHTTPS, "address of the TLS listener; its port follows from the pairing rule")
	flags.StringVar(&o.console, "console", defaultConsole, "address of the web console")
	flags.Func("catalog", "folder of update documents to import beside the sample catalogue (repeatable)", func(path string) error {
		o.catalogs = append(o.catalogs, path)
		return nil
	})
	flags.IntVar(&o.agents, "agents", 5, "how many simulated machines, 0 to 1000")
	flags.BoolVar(&o.once, "once", false, "end when every deployment has reached its end state on every machine")
	flags.BoolVar(&o.json, "json", false, "print the compliance summary as JSON")
	flags.BoolVar(&o.plain, "plain", false, "mixed mode without TLS: metadata is neither encrypted nor signed")
	flags.BoolVar(&o.doctor, "doctor", false, "examine the site from outside, as a client meets it, and print what is wrong; "+
		"with a URL behind it, examine the site there and start nothing")
	flags.StringVar(&o.ca, "ca", "", "file with the authority that clients trust, for -doctor URL; that of -data when empty, "+
		"and those of this machine when there is none")
	flags.Usage = func() {
		fmt.Fprint(stderr, "site runs a whole software update point: a WSUS server, the site around it, its secure channel,\n"+
			"a console, and a few simulated machines that scan, install and report.\n\n"+
			"usage: site [flags]\n       site -doctor URL [flags]\n\n")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.doctor && flags.NArg() > 0 {
		o.doctorURL, o.examines = flags.Arg(0), true
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return o, err
		}
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; see -h", flags.Arg(0))
	}
	return o, o.validate()
}

func (o options) validate() error {
	var faults *multierror.Error
	if o.agents < 0 || o.agents > 1000 {
		faults = multierror.Append(faults, fmt.Errorf("-agents %d is not within 0 and 1000", o.agents))
	}
	if o.once && o.agents == 0 {
		faults = multierror.Append(faults, errors.New("-once waits for machines: -agents must not be 0"))
	}
	if o.examines && o.doctorURL == "" {
		faults = multierror.Append(faults, errors.New("-doctor is given an empty URL: leave it out to examine the site as it starts"))
	}
	if o.ca != "" && o.doctorURL == "" {
		faults = multierror.Append(faults, errors.New("-ca is for -doctor URL: the site has an authority of its own"))
	}
	if _, err := splitAddress("-console", o.console); err != nil {
		faults = multierror.Append(faults, err)
	}
	if _, err := o.pair(); err != nil {
		faults = multierror.Append(faults, err)
	}
	return oneLine(faults.ErrorOrNil())
}

// pair are the ports of the two addresses; 0/0 asks for a free pair.
func (o options) pair() (ports.Pair, error) {
	plain, err := splitAddress("-http", o.http)
	if err != nil {
		return ports.Pair{}, err
	}
	secure, err := splitAddress("-https", o.https)
	if err != nil {
		return ports.Pair{}, err
	}
	pair := ports.Pair{HTTP: plain.port, HTTPS: secure.port}
	if plain.host != secure.host {
		return pair, fmt.Errorf("-http and -https are two ports of one web site: %q and %q differ", plain.host, secure.host)
	}
	if pair == (ports.Pair{}) {
		return pair, nil
	}
	return pair, pair.Validate()
}

type address struct {
	host string
	port int
}

func splitAddress(name, value string) (address, error) {
	host, port, err := net.SplitHostPort(value)
	if err != nil {
		return address{}, fmt.Errorf("%s %q is no address like 127.0.0.1:8530", name, value)
	}
	number, err := strconv.Atoi(port)
	if err != nil || number < 0 || number > 65535 {
		return address{}, fmt.Errorf("%s %q has no port from 0 to 65535", name, value)
	}
	return address{host: host, port: number}, nil
}

// oneLine puts several faults on one line: the last line that a program prints says what is wrong.
func oneLine(err error) error {
	var faults *multierror.Error
	if errors.As(err, &faults) {
		text := ""
		for i, fault := range faults.Errors {
			if i > 0 {
				text += "; "
			}
			text += fault.Error()
		}
		return errors.New(text)
	}
	return err
}
