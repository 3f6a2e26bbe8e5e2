package updatepoint

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus"
)

// ErrConfigureSSL is why a software update point stays in the state WSUS_CONFIG_PENDING after its virtual roots have been found right:
// WSUSUtil configuressl has not run since the name, SSL or the ports were changed. For our own server Configure is that; for a WSUS on
// IIS somebody must run it, or its WSUS.Configure does (package ssl/wsusutil).
var ErrConfigureSSL = errors.New("WSUSUtil configuressl must run again")

// confirm asks the WSUS server what configuressl last wrote, after Configure, and holds that against the settings. A server whose
// detector cannot tell is believed.
func (set Settings) confirm(ctx context.Context) error {
	found, err := set.WSUS.Detect(ctx)
	if err != nil {
		return fmt.Errorf("detect WSUS: %w", err)
	}
	if found.Setup == nil {
		return nil
	}
	return set.unconfigured(*found.Setup)
}

// unconfigured compares what configuressl wrote with the settings. Without SSL the name does not matter: nobody shows a certificate.
func (set Settings) unconfigured(have wsus.Setup) error {
	named := strings.EqualFold(have.ServerCertificateName, set.Server)
	switch {
	case !set.SSL.Required && !have.UsingSSL:
		return nil
	case !set.SSL.Required:
		return fmt.Errorf("%w: the WSUS server still uses SSL (UsingSSL is 1): turn Require SSL off for its virtual roots, "+
			"then run WSUSUtil.exe configuressl on it", ErrConfigureSSL)
	case have.UsingSSL && named && (have.PortNumber == set.Ports.HTTPS || have.PortNumber == set.Ports.HTTP):
		return nil
	}
	return fmt.Errorf("%w: run WSUSUtil.exe configuressl %s on the WSUS server; what it last wrote is UsingSSL %t, "+
		"ServerCertificateName %q, PortNumber %d", ErrConfigureSSL, set.Server, have.UsingSSL, have.ServerCertificateName, have.PortNumber)
}

// changed names what of the channel differs between two settings of one server: nothing when configuressl need not run again.
func changed(before, after Settings) string {
	var what []string
	if before.SSL.Required != after.SSL.Required {
		what = append(what, "SSL")
	}
	if before.Ports != after.Ports {
		what = append(what, "the ports")
	}
	return strings.Join(what, " and ")
}
