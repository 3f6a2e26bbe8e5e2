package updatepoint

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// ConnectionType says which clients may use a software update point.
type ConnectionType uint8

// The three choices of the product. Only Intranet is built; it is the zero value.
const (
	Intranet ConnectionType = iota
	InternetAndIntranet
	Internet
)

// String is the value as the product writes it.
func (c ConnectionType) String() string {
	switch c {
	case Intranet:
		return "Intranet"
	case InternetAndIntranet:
		return "InternetAndIntranet"
	case Internet:
		return "Internet"
	}
	return fmt.Sprintf("ConnectionType(%d)", uint8(c))
}

// Settings of a software update point.
type Settings struct {
	// Server is the name of the site system, as the certificate has it. Required.
	Server string
	// WSUS is the server that the role owns. Required.
	WSUS WSUS
	// Ports of the WSUS web site. Required: there is no default.
	Ports ports.Pair
	// SSL settings. The zero value leaves SSL off in mixed mode. Native mode switches it on, and refuses a Host without certificate
	// source; a WSUS elsewhere has its own certificate.
	SSL ssl.Settings
	// AllowReplica accepts a WSUS server that is a replica of another. The first software update point of a primary site cannot
	// synchronize on its own then, so it is false unless set.
	AllowReplica bool
	// ConnectionType of clients; only Intranet is built.
	ConnectionType ConnectionType
	// Roots are the authorities that the site checks the certificate with; nil means those of the system. For a Host, nil leaves
	// the issuer out of the check: whether clients trust it cannot be seen from here.
	Roots *x509.CertPool
	// Dial opens the connections of that check; nil means a net.Dialer. A Host is always reached at its listeners.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Listen is the address that Run opens the ports of a Host on, without port; empty means all interfaces.
	Listen string
	// Plain and Secure are listeners that Run takes over instead of opening the ports of a Host, such as those of a supervisor.
	// Both are without TLS; the site adds it. They serve until the role is removed or configured anew.
	Plain, Secure net.Listener
	// Servers, when given, is where Run serves downstream servers and consoles with their certificates; SSL.ClientCertificates says whose.
	// It is without TLS, and serves as long as the two others. See wsus.ServeServers.
	Servers net.Listener
}

// check returns every reason why the settings cannot be a software update point of a site in that mode.
func (set Settings) check(ctx context.Context, mode Mode) (Detection, error) {
	var faults *multierror.Error
	refuse := func(err error) {
		if err != nil {
			faults = multierror.Append(faults, err)
		}
	}
	refuse(validateHostName(set.Server))
	refuse(set.checkPorts())
	refuse(set.checkSSL(mode))
	if set.ConnectionType != Intranet {
		refuse(fmt.Errorf("%w: %v", ErrConnectionType, set.ConnectionType))
	}
	if set.WSUS == nil {
		refuse(fmt.Errorf("%w: Settings.WSUS is missing", ErrNoWSUS))
		return Detection{}, faults.ErrorOrNil()
	}
	found, err := set.WSUS.Detect(ctx)
	if err != nil {
		refuse(fmt.Errorf("detect WSUS: %w", err))
		return Detection{}, faults.ErrorOrNil()
	}
	refuse(set.checkDetection(found))
	return found, faults.ErrorOrNil()
}

func (set Settings) checkPorts() error {
	if set.Ports == (ports.Pair{}) {
		return ErrPortsMissing
	}
	if err := set.Ports.Validate(); err != nil {
		return fmt.Errorf("port settings: %w", err)
	}
	return nil
}

// secured switches SSL on where native mode does: for a Host that has a certificate, and for a WSUS elsewhere, which has its own.
func (set Settings) secured(mode Mode) Settings {
	_, hosted := set.WSUS.(Host)
	if mode == NativeMode && set.WSUS != nil && (!hosted || set.SSL.GetCertificate != nil) {
		set.SSL.Required = true
	}
	return set
}

func (set Settings) checkSSL(mode Mode) error {
	if mode == NativeMode && !set.SSL.Required {
		return ErrSSLRequired
	}
	if set.Servers != nil && set.SSL.ClientCertificates == nil {
		return fmt.Errorf("Settings.Servers: %w", wsus.ErrNoClientCertificates)
	}
	if _, hosted := set.WSUS.(Host); hosted {
		return set.SSL.Validate()
	}
	return nil
}

// checkDetection holds what was found against what a software update point needs.
func (set Settings) checkDetection(found Detection) error {
	if !found.Installed {
		return ErrNoWSUS
	}
	var faults *multierror.Error
	switch v, err := parseVersion(found.Version); {
	case err != nil:
		faults = multierror.Append(faults, err)
	case v.tooOld():
		faults = multierror.Append(faults, fmt.Errorf("%w: version %s, want %s or later", ErrWSUSTooOld, found.Version, MinimumWSUSVersion))
	}
	if found.Replica && !set.AllowReplica {
		faults = multierror.Append(faults, ErrReplica)
	}
	given := set.Ports != (ports.Pair{})
	if known := found.Ports != (ports.Pair{}); known && given && found.Ports != set.Ports {
		faults = multierror.Append(faults, fmt.Errorf("%w: given %d/%d, the web site has %d/%d", ErrPortsMismatch,
			set.Ports.HTTP, set.Ports.HTTPS, found.Ports.HTTP, found.Ports.HTTPS))
	}
	return faults.ErrorOrNil()
}
