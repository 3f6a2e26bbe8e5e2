package ssl

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/seed599db172/softwareupdates/ports"
)

// usualPairs are where WSUS is looked for when nobody listens where the URL leads.
var usualPairs = [...]ports.Pair{ports.Custom, ports.Default}

// examinePorts finds out which port speaks what, and says whether there is anything to examine behind them.
func (x *examination) examinePorts(ctx context.Context) bool {
	x.lookAtPorts(ctx)
	if x.plainPort.speaks == unresolved || x.securePort.speaks == unresolved {
		x.add(Finding{Kind: NameUnknown, Severity: Error, ClientError: CodeNameNotResolved,
			Cause:  fmt.Sprintf("the name %s is not resolved", x.name),
			Remedy: "correct the name in WUServer, or make the entry in DNS; clients must be able to resolve it"})
		return false
	}
	x.judgeURLPort(ctx)
	switch plain, secure := &x.plainPort, &x.securePort; {
	case plain.speaks == closed && (secure.speaks == closed || !x.wantsTLS() && secure.speaks != speaksTLS):
		x.nothingListens(ctx)
		return false
	case plain.speaks == speaksTLS && secure.speaks == speaksHTTP:
		x.add(Finding{Kind: SwappedPorts, Severity: Error, ClientError: CodeConnectionAborted,
			Cause: fmt.Sprintf("port %d, which should be HTTP, speaks TLS, and port %d, which should be HTTPS, speaks plain HTTP",
				plain.port, secure.port),
			Remedy: fmt.Sprintf("bind http to port %d and https to port %d, then run WSUSUtil configuressl", plain.port, secure.port)})
		*plain, *secure = *secure, *plain
	default:
		x.judgePorts()
	}
	x.found = ports.Pair{HTTP: x.plainPort.port, HTTPS: x.securePort.port}
	x.plainSeen = x.plainPort.speaks == speaksHTTP
	x.secureSeen = x.securePort.speaks == speaksTLS && x.wantsTLS()
	return x.plainSeen || x.secureSeen
}

// lookAtPorts leaves the HTTPS port alone where TLS is not wanted, unless the HTTP port makes one wonder.
func (x *examination) lookAtPorts(ctx context.Context) {
	x.securePort = portLook{port: x.pair.HTTPS}
	var wg sync.WaitGroup
	wg.Go(func() { x.plainPort = x.lookAt(ctx, x.pair.HTTP, false) })
	if x.wantsTLS() {
		wg.Go(func() { x.securePort = x.lookAt(ctx, x.pair.HTTPS, true) })
	}
	wg.Wait()
	if !x.wantsTLS() && x.plainPort.speaks != speaksHTTP {
		x.securePort = x.lookAt(ctx, x.pair.HTTPS, true)
	}
}

// judgeURLPort notices a URL whose port belongs to the other scheme or to nobody, and goes on with the pair that was meant.
func (x *examination) judgeURLPort(ctx context.Context) {
	meant := x.pair
	switch {
	case !x.derived && x.secure && x.urlPort == x.pair.HTTP, !x.derived && !x.secure && x.urlPort == x.pair.HTTPS:
	case !x.derived && x.urlPort != x.pair.HTTP && x.urlPort != x.pair.HTTPS:
		x.add(Finding{Kind: WrongPort, Severity: Error, ClientError: CodeCannotConnect,
			Cause:  fmt.Sprintf("the URL leads to port %d, and the site has the ports %v", x.urlPort, x.pair),
			Remedy: "correct WUServer and WUStatusServer: " + x.pair.MetadataURL(x.name, x.wantsTLS())})
		return
	case x.derived && x.secure && x.securePort.speaks == speaksHTTP && x.plainPort.speaks == closed:
		meant, _ = ports.ForHTTP(x.urlPort) // the zero pair where no port goes with it
	case x.derived && !x.secure && x.plainPort.speaks == speaksTLS && x.securePort.speaks == closed:
		meant, _ = ports.ForHTTPS(x.urlPort)
	default:
		return
	}
	if meant.IsZero() {
		return
	}
	scheme, other := "http", "https"
	if x.secure {
		scheme, other = other, scheme
	}
	x.add(Finding{Kind: WrongScheme, Severity: Error, ClientError: CodeConnectionAborted,
		Cause: fmt.Sprintf("the URL says %s, and port %d is the %s port of the pair %v", scheme, x.urlPort, other, meant),
		Remedy: fmt.Sprintf("correct WUServer and WUStatusServer: %s, or %s when the site has no SSL", meant.MetadataURL(x.name, true),
			meant.MetadataURL(x.name, false))})
	x.pair, x.secure = meant, true // look at both
	x.lookAtPorts(ctx)
	x.secure = x.securePort.speaks == speaksTLS // what the right URL says
}

func (x *examination) nothingListens(ctx context.Context) {
	for _, pair := range usualPairs {
		if pair != x.pair && x.isWSUS(ctx, pair) {
			x.add(Finding{Kind: WrongPort, Severity: Error, ClientError: CodeCannotConnect,
				Cause:  fmt.Sprintf("nobody listens at the ports %v, and WSUS answers at %v", x.pair, pair),
				Remedy: "correct WUServer and WUStatusServer: " + x.urls(pair) + "; without a port, a URL means 80 or 443"})
			return
		}
	}
	x.add(Finding{Kind: NothingListens, Severity: Error, ClientError: CodeCannotConnect,
		Cause:  fmt.Sprintf("nobody listens at the ports %v of %s (%v)", x.pair, x.name, reason(x.plainPort.err)),
		Remedy: "start the web site of WSUS and W3SVC, or correct the name and the port in WUServer"})
}

// urls are those that may be meant: whether the site of another pair has SSL is not known.
func (x *examination) urls(pair ports.Pair) string {
	if x.wantsTLS() {
		return pair.MetadataURL(x.name, true)
	}
	return fmt.Sprintf("%s, or %s when the site has no SSL", pair.MetadataURL(x.name, true), pair.MetadataURL(x.name, false))
}

func (x *examination) isWSUS(ctx context.Context, pair ports.Pair) bool {
	client, closeIdle := x.client(0)
	defer closeIdle()
	for _, https := range []bool{false, true} {
		a := ask(ctx, client, pair.MetadataURL(x.name, https)+"/ClientWebService/client.asmx")
		if a.works() || a.err == nil && a.status == http.StatusForbidden {
			return true
		}
	}
	return false
}

// judgePorts looks at ports that are not swapped. The HTTPS port counts only where TLS is wanted.
func (x *examination) judgePorts() {
	plain, secure := x.plainPort, x.securePort
	var faulty []portLook
	if plain.speaks != speaksHTTP {
		faulty = append(faulty, plain)
	}
	if x.wantsTLS() && secure.speaks != speaksTLS {
		faulty = append(faulty, secure)
	}
	if len(faulty) == 2 && faulty[0].speaks == faulty[1].speaks {
		finding := x.judgePort(faulty[0])
		finding.Cause += fmt.Sprintf("; port %d likewise", faulty[1].port)
		x.add(finding)
		return
	}
	for _, look := range faulty {
		x.add(x.judgePort(look))
	}
}

func (x *examination) judgePort(look portLook) Finding {
	isPlain := look.port == x.pair.HTTP
	at := fmt.Sprintf("the HTTPS port %d", look.port)
	if isPlain {
		at = fmt.Sprintf("the HTTP port %d", look.port)
	}
	switch {
	case look.speaks == silent:
		return Finding{Kind: Filtered, Severity: Error, ClientError: CodeTimeout,
			Cause: at + " does not answer: a firewall drops the connection, or what listens there hangs",
			Remedy: fmt.Sprintf("let clients through to the ports %d and %d, in the firewall of the server and on the way",
				x.pair.HTTP, x.pair.HTTPS)}
	case look.speaks == closed && isPlain:
		return Finding{Kind: HTTPClosed, Severity: Error, ClientError: CodeCannotConnect,
			Cause:  "nobody listens at " + at + ", where clients fetch files and send reports",
			Remedy: fmt.Sprintf("add a binding http with port %d and no host name to the web site of WSUS; SSL does not replace it", look.port)}
	case look.speaks == closed:
		return Finding{Kind: HTTPSClosed, Severity: Error, ClientError: CodeCannotConnect,
			Cause: "nobody listens at " + at + ", and the HTTP port works",
			Remedy: fmt.Sprintf("add a binding https with port %d, no host name and a certificate to the web site of WSUS, require SSL on the "+
				"five roots, then run WSUSUtil configuressl %s", look.port, x.name)}
	case look.speaks == speaksTLS:
		return Finding{Kind: HTTPWithTLS, Severity: Error, ClientError: CodeConnectionAborted,
			Cause:  at + " speaks TLS, and clients fetch files there over plain HTTP",
			Remedy: fmt.Sprintf("bind http to port %d; only port %d is for https", x.pair.HTTP, x.pair.HTTPS)}
	case look.speaks == speaksHTTP:
		return Finding{Kind: HTTPSWithoutTLS, Severity: Error, ClientError: CodeConnectionAborted,
			Cause:  at + " speaks plain HTTP",
			Remedy: fmt.Sprintf("bind https with a certificate to port %d, and http to port %d", x.pair.HTTPS, x.pair.HTTP)}
	case look.speaks == cutOff && !isPlain:
		return Finding{Kind: HandshakeReset, Severity: Error, ClientError: CodeConnectionAborted,
			Cause: at + " ends every handshake without a word, as it does when http.sys has no certificate for the port",
			Remedy: fmt.Sprintf("attach a certificate with its private key to the binding; netsh http show sslcert ipport=0.0.0.0:%d shows "+
				"what is attached", look.port)}
	}
	return Finding{Kind: NotHTTP, Severity: Error, ClientError: CodeConnectionAborted,
		Cause:  fmt.Sprintf("%s speaks neither HTTP nor TLS (%v)", at, reason(look.err)),
		Remedy: "find out which program listens there, and correct the port of the one or the other"}
}
