package updatepoint

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// notOpen is the note of a channel that was verified without its ports.
const notOpen = "verified on free ports of this machine: Run has not opened those of the settings yet"

// verify asks the virtual roots as a client would: on the open ports of a Host, on free ports while they are not open, and over the
// network for a WSUS elsewhere.
func (p *Point) verify(ctx context.Context, set Settings) (roots []ssl.RootState, note string, err error) {
	config := ssl.VerifyConfig{Name: set.Server, Ports: set.Ports, Required: set.SSL.Required, Roots: set.Roots, Dial: set.Dial}
	host, hosted := set.WSUS.(Host)
	if !hosted {
		roots, err = check(ctx, config)
		return roots, "", err
	}
	if config.Roots == nil && set.SSL.GetCertificate != nil {
		if config.Roots, err = ownIssuers(set); err != nil {
			return nil, "", err
		}
	}
	if open := p.openPorts(); open != nil {
		config.Dial = dialOpen(open)
		roots, err = check(ctx, config)
		return roots, "", err
	}
	roots, err = p.checkAside(ctx, set, host, config)
	return roots, notOpen, err
}

// check runs the verification and turns its findings into one error.
func check(ctx context.Context, config ssl.VerifyConfig) ([]ssl.RootState, error) {
	report, err := ssl.Verify(ctx, config)
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, root := range report.Faults() {
		faults = append(faults, fmt.Errorf("%s is %s: %s; %s", root.Name, root.State, root.Detail, root.Remedy))
	}
	return report.Roots, errors.Join(faults...)
}

// checkAside serves the host on free ports of the loopback for as long as the verification takes.
func (p *Point) checkAside(ctx context.Context, set Settings, host Host, config ssl.VerifyConfig) (roots []ssl.RootState, err error) {
	aside := set
	aside.Listen, aside.Plain, aside.Secure, aside.Ports = "localhost", nil, nil, ports.Pair{}
	plain, secure, err := listen(ctx, aside)
	if err != nil {
		return nil, err
	}
	config.Dial = dialOpen(openAt(set.Ports, plain, secure))
	serving, stop := context.WithCancel(ctx)
	defer stop()
	var group errgroup.Group
	group.Go(func() error { return wsus.Serve(serving, p.handler(host), plain, secure, set.SSL, p.site.log) })
	group.Go(func() error {
		defer stop()
		var failure error
		roots, failure = check(ctx, config)
		return failure
	})
	return roots, group.Wait()
}

// openAt tells where the ports of a pair are really open.
func openAt(pair ports.Pair, plain, secure net.Listener) map[int]net.Addr {
	open := map[int]net.Addr{pair.HTTP: plain.Addr()}
	if secure != nil {
		open[pair.HTTPS] = secure.Addr()
	}
	return open
}

// dialOpen connects to where the ports of the settings are really open, whatever the name resolves to here.
func dialOpen(open map[int]net.Addr) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, address string) (net.Conn, error) {
		port, err := portOf(address)
		if err != nil {
			return nil, err
		}
		at, ok := open[port]
		if !ok {
			return nil, fmt.Errorf("port %d is not open", port)
		}
		var dialer net.Dialer
		return dialer.DialContext(ctx, at.Network(), reachable(at.String()))
	}
}

func portOf(address string) (int, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}

// reachable turns the address of a listener on all interfaces into one that can be dialled.
func reachable(address string) string {
	at, err := netip.ParseAddrPort(address)
	switch {
	case err != nil || !at.Addr().IsUnspecified():
		return address
	case at.Addr().Is4():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return netip.AddrPortFrom(netip.IPv6Loopback(), at.Port()).String()
}

// ownIssuers trusts whoever issued the certificate that the settings give out: name, dates and usage are checked then, and only
// whether clients trust the issuer is not.
func ownIssuers(set Settings) (*x509.CertPool, error) {
	certificate, err := set.SSL.GetCertificate(&tls.ClientHelloInfo{ServerName: set.Server})
	if err != nil {
		return nil, fmt.Errorf("certificate source: %w", err)
	}
	if certificate == nil || len(certificate.Certificate) == 0 {
		return nil, errors.New("certificate source gives no certificate")
	}
	last, err := x509.ParseCertificate(certificate.Certificate[len(certificate.Certificate)-1])
	if err != nil {
		return nil, fmt.Errorf("certificate source: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(last)
	return pool, nil
}
