package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

type options struct {
	config     string // empty: a copy of the sample
	site       string
	name       string
	others     []string
	http       int
	https      int
	cert       string
	ca         string
	registry   []string
	thumbprint string
	apply      bool
	json       bool
}

const usage = `secure audits the secure channel of a WSUS server and plans what is to be done.

usage: secure [-config FILE] [-name FQDN] [-apply] [-json] [flags]

Without -config it works on a copy of a sample, so that it can be tried without Windows; it says where the copy is.
Nothing is changed without -apply. What -apply changes is the file only: certificate, WSUSUtil and clients remain on the list.

exit codes: 0 nothing is wrong, or -apply has cured it (advice does not count); 1 something is wrong, or failure; 2 wrong flags

`

// parseOptions answers flag.ErrHelp after it has written the help that was asked for.
func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("secure", flag.ContinueOnError)
	// Errors are returned and written once, by the caller.
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&o.config, "config", "", "applicationHost.config `FILE` of the server, usually in %windir%\\System32\\inetsrv\\config;\n"+
		"a redirection.config beside it that leads elsewhere is refused")
	flags.StringVar(&o.site, "site", "", "`NAME` of the web site of WSUS; found by its virtual roots when empty")
	flags.StringVar(&o.name, "name", "", "full `NAME` of the server that clients use (FQDN); needed for a plan and for -apply")
	flags.Func("other", "another `NAME` that the certificate must hold: the Internet name, the NLB name (repeatable)", appendTo(&o.others))
	flags.IntVar(&o.http, "http", 0, "HTTP `PORT` that the software update point was told; follows from -https when missing")
	flags.IntVar(&o.https, "https", 0, "HTTPS `PORT` that the software update point was told; follows from -http when missing")
	flags.StringVar(&o.cert, "cert", "", "`FILE` with the certificate of the server and its chain (PEM), the server's own first")
	flags.StringVar(&o.ca, "ca", "", "`FILE` with the authorities that clients trust (PEM) instead of this machine's")
	flags.Func("reg", "`FILE` of the registry (reg export or reg query): the key Update Services\\Server\\Setup of the server\n"+
		"or the key Policies\\Microsoft\\Windows\\WindowsUpdate of a client (repeatable)", appendTo(&o.registry))
	flags.StringVar(&o.thumbprint, "thumbprint", "", "SHA-1 `THUMBPRINT` of the certificate to attach, for the plan")
	flags.BoolVar(&o.apply, "apply", false, "make the changes that stand in the file; a backup is kept beside it")
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage)
		flags.SetOutput(stderr)
		flags.PrintDefaults()
		return options{}, err
	case err != nil:
		return options{}, err
	case flags.NArg() > 0:
		return options{}, fmt.Errorf("unexpected argument %q; see -h", flags.Arg(0))
	}
	if o.config == "" && o.name == "" {
		o.name = sampleName
	}
	return o, o.complete()
}

func appendTo(list *[]string) func(string) error {
	return func(value string) error {
		if value == "" {
			return errors.New("it is empty")
		}
		*list = append(*list, value)
		return nil
	}
}

// complete derives the port that was not told from the other.
func (o *options) complete() error {
	var faults *multierror.Error
	pair, err := ports.Pair{HTTP: o.http, HTTPS: o.https}, error(nil)
	switch {
	case pair.IsZero():
	case o.https == 0:
		pair, err = ports.ForHTTP(o.http)
	case o.http == 0:
		pair, err = ports.ForHTTPS(o.https)
	default:
		err = pair.Validate()
	}
	if err != nil {
		faults = multierror.Append(faults, fmt.Errorf("-http and -https: %w", err))
	}
	o.http, o.https = pair.HTTP, pair.HTTPS
	if o.apply && o.name == "" {
		faults = multierror.Append(faults, errors.New("-apply needs -name, the full name of the server that clients use"))
	}
	return faults.ErrorOrNil()
}
