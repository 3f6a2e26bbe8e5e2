package ssl

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/seed599db172/softwareupdates/ports"
)

// examineAdvertised judges the addresses of files that clients get from the server. They must be on the HTTP port and under a name
// that clients know, also in a secured site.
func (x *examination) examineAdvertised(ctx context.Context) {
	if x.config.Advertised == nil {
		x.notLookedAt = append(x.notLookedAt, "the addresses of files that the server gives to clients: that takes a session with it")
		return
	}
	addresses, err := x.config.Advertised(ctx)
	switch {
	case err != nil && slices.ContainsFunc(x.findings, func(f Finding) bool { return f.Severity == Error }):
		x.notLookedAt = append(x.notLookedAt, "the addresses of files that the server gives to clients: "+printable(err.Error()))
		return
	case err != nil:
		x.add(Finding{Kind: SessionFails, Severity: Error,
			Cause:  "the roots answer, and a session with them as a client has it fails: " + err.Error(),
			Remedy: "see the event log of the server; a database that is down or a service that was not restarted are usual"})
		return
	case len(addresses) == 0:
		x.notLookedAt = append(x.notLookedAt, "the addresses of files that the server gives to clients: it has no file")
	}
	seen := make(map[Kind]bool)
	for _, address := range addresses {
		if f, wrong := x.judgeAddress(address); wrong && !seen[f.Kind] {
			seen[f.Kind] = true // thousands of files have the same cause
			x.add(f)
		}
	}
}

// judgeAddress names the first thing that is wrong: what is wrong with the scheme is mostly wrong with the port as well.
func (x *examination) judgeAddress(address string) (f Finding, wrong bool) {
	want := x.pair.ContentURL(x.name) + "/Content/"
	f = Finding{Severity: Error, ClientError: CodeCannotConnect, Root: "Content",
		Cause: fmt.Sprintf("clients are told to fetch files from %.200s", address)}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		f.Kind, f.ClientError = AdvertisedPath, CodeHTTPNotFound
		f.Cause += ", which is no URL"
		f.Remedy = "run WSUSUtil configuressl, and restart the service; files are below " + want
		return f, true
	}
	root, _, ok, err := FindRoot(u)
	switch {
	case u.Scheme != "http":
		f.Kind = AdvertisedScheme
		f.Cause += ", and files are fetched over plain HTTP only"
		f.Remedy = fmt.Sprintf("add a binding http with port %d to the web site, and run WSUSUtil configuressl; files are below %s",
			x.pair.HTTP, want)
	case !x.isAddress() && !x.isOwnName(u.Hostname()): // an address in the URL is told already
		f.Kind = AdvertisedHost
		f.Cause += ", and not from " + x.name
		f.Remedy = "run WSUSUtil configuressl " + x.name + ", and check the host name in the bindings; files are below " + want
	case portOf(u) != x.pair.HTTP:
		f.Kind = AdvertisedPort
		f.Cause += fmt.Sprintf(", and the HTTP port is %d", x.pair.HTTP)
		f.Remedy = "run WSUSUtil configuressl, which derives the port of files from that of HTTPS, and restart the service; files are below " +
			want
	case !ok || err != nil || root.Name != "Content":
		f.Kind, f.ClientError = AdvertisedPath, CodeHTTPNotFound
		f.Cause += ", which is not below the root Content"
		f.Remedy = "files are below " + want
	default:
		return Finding{}, false
	}
	return f, true
}

func (x *examination) isOwnName(host string) bool {
	host = normalName(host)
	return host == x.name || slices.ContainsFunc(x.config.OtherNames, func(other string) bool { return normalName(other) == host })
}

func portOf(u *url.URL) int {
	if u.Port() == "" {
		return ports.Default.HTTP
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return 0
	}
	return port
}
