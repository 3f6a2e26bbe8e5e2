package ssl

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// DoctorConfig says which server to examine. Only URL is needed.
type DoctorConfig struct {
	// URL is the address of the web site of WSUS, as clients have it in WUServer: https://wsus01.lab.example:8531.
	URL string
	// Ports are those of the web site. Zero means that they follow from the URL by the pairing rule.
	Ports ports.Pair
	// Required says that the site is meant to be secured: five roots must refuse plain HTTP. An https URL says so by itself.
	Required bool
	// Mixed says that TLS is offered and not required: with an https URL, the five roots may answer plain HTTP as well.
	Mixed bool
	// OtherNames are names beside that of the URL that the certificate must hold and that addresses of files may have: the Internet
	// name, the name of the NLB cluster, the short name.
	OtherNames []string
	// Roots are the authorities that clients trust; nil means those of this machine.
	Roots *x509.CertPool
	// Dial opens connections; nil means a net.Dialer. No proxy is ever used.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Timeout of each answer; 0 means DefaultVerifyTimeout. A firewall that swallows connections costs it two or three times.
	Timeout time.Duration
	// Now is the clock of the client; nil means time.Now.
	Now func() time.Time
	// Advertised asks the server which addresses of files it gives to clients, at least one when it has files. Nil means that they
	// are not looked at, which the diagnosis says.
	Advertised func(ctx context.Context) ([]string, error)
}

// Doctor examines a server from outside, as an agent would meet it, and names the causes of what is wrong: one finding for one
// cause, however many roots suffer from it. Nothing on the server is changed; it sees some forty connections. Certificates of
// revoked keys are not noticed. When the issuer of a certificate is unknown, the address of the issuer that the certificate names
// is fetched once over plain HTTP, as Windows does.
//
// What is wrong with the server is in the diagnosis. The error is for a configuration that cannot be examined (all faults at once,
// as a *multierror.Error) and for a ctx that ended.
func Doctor(ctx context.Context, c DoctorConfig) (Diagnosis, error) {
	x, err := c.examination()
	if err != nil {
		return Diagnosis{}, fmt.Errorf("examine channel: %w", err)
	}
	if x.examinePorts(ctx) {
		x.examineTLS(ctx)
		x.examineRoots(ctx)
		x.examineCertificate(ctx)
		x.examineAdvertised(ctx)
	}
	if err := ctx.Err(); err != nil {
		return Diagnosis{}, fmt.Errorf("examine channel: %w", err)
	}
	return x.diagnosis(), nil
}

// examination is what is known so far. Each step reads what the steps before it saw, and adds findings.
type examination struct {
	config  DoctorConfig
	name    string     // of the URL, normalised
	urlPort int        // of the URL
	secure  bool       // the URL says https
	pair    ports.Pair // HTTP and HTTPS as they should be
	found   ports.Pair // where they were found to be
	derived bool       // the pair follows from the URL
	timeout time.Duration
	now     time.Time

	plainPort, securePort portLook
	tls                   tlsLook
	roots                 []sighting // in the order of roots
	stray                 sighting   // what a path of no root is answered
	plainSeen, secureSeen bool       // the roots were asked over that scheme, and WSUS answered
	serverTime            time.Time
	findings              []Finding
	notLookedAt           []string
}

// wantsTLS says that TLS must work.
func (x *examination) wantsTLS() bool { return x.secure || x.config.Required }

// required says that plain HTTP must be refused by the five roots.
func (x *examination) required() bool { return x.config.Required || x.secure && !x.config.Mixed }

func (c DoctorConfig) examination() (*examination, error) {
	x := &examination{config: c, pair: c.Ports, timeout: c.Timeout, now: time.Now()}
	var faults *multierror.Error
	if err := x.readURL(); err != nil {
		faults = multierror.Append(faults, fmt.Errorf("URL %q: %w", c.URL, err))
	}
	if !c.Ports.IsZero() {
		if err := c.Ports.Validate(); err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	if c.Required && c.Mixed {
		faults = multierror.Append(faults, errors.New("both Required and Mixed are set: SSL is either required or not"))
	}
	for _, name := range c.OtherNames {
		if err := checkName(normalName(name)); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("other name %q: %w", name, err))
		}
	}
	if c.Timeout < 0 {
		faults = multierror.Append(faults, errors.New("timeout is negative"))
	}
	if x.timeout == 0 {
		x.timeout = DefaultVerifyTimeout
	}
	if c.Now != nil {
		x.now = c.Now()
	}
	return x, faults.ErrorOrNil()
}

// readURL takes an address as WUServer has it: agents put the paths of services after it.
func (x *examination) readURL() error {
	u, err := url.Parse(strings.TrimSpace(x.config.URL))
	var wrong *url.Error
	if errors.As(err, &wrong) {
		return wrong.Err
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("it must begin with https:// or http://, for example https://wsus01.lab.example:8531")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("it must be scheme, name and port only")
	case strings.Trim(u.Path, "/") != "":
		return fmt.Errorf("it must end after the port: agents append the paths of services, here to %q", u.Path)
	}
	x.secure, x.name = u.Scheme == "https", normalName(u.Hostname())
	if err := checkName(x.name); err != nil {
		return fmt.Errorf("name %q: %w", x.name, err)
	}
	return x.readPort(u.Port())
}

// readPort also derives the pair, unless it was given.
func (x *examination) readPort(text string) (err error) {
	derive := ports.ForHTTP
	x.urlPort = ports.Default.HTTP
	if x.secure {
		derive = ports.ForHTTPS
		x.urlPort = ports.Default.HTTPS
	}
	if text != "" {
		if x.urlPort, err = strconv.Atoi(text); err != nil {
			return fmt.Errorf("port %q is no number", text)
		}
	}
	if x.config.Ports.IsZero() {
		x.derived = true
		x.pair, err = derive(x.urlPort)
	}
	return err
}

func (x *examination) add(f Finding) { x.findings = append(x.findings, f) }

// isAddress says that the URL has an IP address in the place of a name.
func (x *examination) isAddress() bool {
	_, err := netip.ParseAddr(x.name)
	return err == nil
}

func (x *examination) dial(ctx context.Context, port int) (net.Conn, error) {
	dial := x.config.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	ctx, cancel := context.WithTimeout(ctx, x.timeout)
	defer cancel()
	return dial(ctx, "tcp", net.JoinHostPort(x.name, strconv.Itoa(port)))
}

// client speaks to the server whatever its certificate is: that is judged apart, so that one bad certificate does not hide
// everything behind it. Nothing secret is ever sent over it. most is the newest version of TLS, 0 for any.
func (x *examination) client(most uint16) (client *http.Client, closeIdle func()) {
	dial := x.config.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	config := x.lenient()
	config.MaxVersion = most
	transport := &http.Transport{
		DialContext:           dial,
		TLSClientConfig:       config,
		TLSHandshakeTimeout:   x.timeout,
		ResponseHeaderTimeout: x.timeout,
	}
	return &http.Client{
		Transport:     transport,
		Timeout:       x.timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, transport.CloseIdleConnections
}
