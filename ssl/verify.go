package ssl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
)

// DefaultVerifyTimeout is how long [Verify] waits for each answer unless told otherwise.
const DefaultVerifyTimeout = 10 * time.Second

// verifyConnections is how many requests are under way at a time.
const verifyConnections = 6

// VerifyConfig says which server to look at and what it should be.
type VerifyConfig struct {
	// Name is the name that clients use: the one in WUServer and in the certificate.
	Name  string
	Ports ports.Pair
	// Required says that the site is secured: five roots must refuse plain HTTP. Otherwise all nine must answer plain HTTP, and
	// TLS does not count.
	Required bool
	// Roots are the authorities that clients trust; nil means those of this machine.
	Roots *x509.CertPool
	// Dial opens connections; nil means a net.Dialer. No proxy is ever used.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Timeout of each request; 0 means DefaultVerifyTimeout.
	Timeout time.Duration
}

// Verify looks at a server from outside, as an agent would: a GET of every root's service over both schemes, with the
// certificate checked and no redirect followed. What it finds is in the report. The error is for a configuration that cannot be
// verified (all faults at once, as a *multierror.Error) and for a ctx that ended.
func Verify(ctx context.Context, c VerifyConfig) (Report, error) {
	if err := c.validate(); err != nil {
		return Report{}, fmt.Errorf("verify channel: %w", err)
	}
	client, closeIdle := c.client()
	defer closeIdle()

	sightings := lookAtRoots(ctx, client, c.Ports.MetadataURL(c.Name, false), c.Ports.MetadataURL(c.Name, true))
	if err := ctx.Err(); err != nil {
		return Report{}, fmt.Errorf("verify channel: %w", err)
	}
	var report Report
	for i, root := range roots {
		report.Roots = append(report.Roots, c.judge(root, sightings[i]))
	}
	return report, nil
}

// lookAtRoots asks every root over both schemes, in the order of roots. A base that is empty is not asked.
func lookAtRoots(ctx context.Context, client *http.Client, plain, secure string) []sighting {
	sightings := make([]sighting, len(roots))
	free := make(chan struct{}, verifyConnections)
	var wg sync.WaitGroup
	for i, root := range roots {
		for _, look := range []struct {
			to   *answer
			base string
		}{{&sightings[i].plain, plain}, {&sightings[i].secure, secure}} {
			if look.base == "" {
				continue
			}
			wg.Go(func() {
				free <- struct{}{}
				defer func() { <-free }()
				*look.to = ask(ctx, client, look.base+root.Service)
			})
		}
	}
	wg.Wait()
	return sightings
}

func (c VerifyConfig) validate() error {
	var faults *multierror.Error
	if err := checkName(normalName(c.Name)); err != nil {
		faults = multierror.Append(faults, fmt.Errorf("name %q: %w", c.Name, err))
	}
	if err := c.Ports.Validate(); err != nil {
		faults = multierror.Append(faults, err)
	}
	if c.Timeout < 0 {
		faults = multierror.Append(faults, errors.New("timeout is negative"))
	}
	return faults.ErrorOrNil()
}

func (c VerifyConfig) client() (client *http.Client, closeIdle func()) {
	dial := c.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = DefaultVerifyTimeout
	}
	transport := &http.Transport{
		DialContext:           dial,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots},
		TLSHandshakeTimeout:   timeout,
		ResponseHeaderTimeout: timeout,
	}
	return &http.Client{
		Transport:     transport,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, transport.CloseIdleConnections
}
