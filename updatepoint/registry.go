package updatepoint

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// Limits of a registry export; they are those of ssl.ParseSetup.
const (
	// MaxExportBytes is the largest export that is read.
	MaxExportBytes = 4 << 20
	// MaxExportValues is how many values an export may have.
	MaxExportValues = 20_000
)

// RegistryExport is a Detector over what regedit exported on a server.
type RegistryExport struct{ detection Detection }

// Detect answers what the export says.
func (e RegistryExport) Detect(ctx context.Context) (Detection, error) { return e.detection, ctx.Err() }

// DetectRegistryExport reads an export of HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Update Services, or what reg query prints of it; see
// [ssl.ParseSetup] for the forms. WSUS is installed when the key Server\Setup has a VersionString; PortNumber and UsingSSL give the
// ports by the pairing rule, and with ServerCertificateName they are what configuressl last wrote. Whether the server is a replica is
// kept in its database, not in the registry: Replica is always false. An export without the key is a server without WSUS; one that is
// no export, or over the limits, is an error with its line.
func DetectRegistryExport(r io.Reader) (RegistryExport, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxExportBytes+1))
	if err != nil {
		return RegistryExport{}, fmt.Errorf("read registry export: %w", err)
	}
	setup, err := ssl.ParseSetup(data)
	if errors.Is(err, ssl.ErrKeyMissing) {
		return RegistryExport{}, nil
	}
	if err != nil {
		return RegistryExport{}, fmt.Errorf("read registry export: %w", err)
	}
	detection, err := detectionOf(setup)
	if err != nil {
		return RegistryExport{}, fmt.Errorf("read registry export: %w", err)
	}
	return RegistryExport{detection}, nil
}

func detectionOf(setup ssl.SetupValues) (Detection, error) {
	if setup.VersionString == "" {
		return Detection{}, nil
	}
	if _, err := parseVersion(setup.VersionString); err != nil {
		return Detection{}, fmt.Errorf("VersionString: %w", err)
	}
	detection := Detection{Installed: true, Version: setup.VersionString}
	if setup.PortNumber == 0 {
		return detection, nil
	}
	detection.Setup = &wsus.Setup{UsingSSL: setup.UsingSSL != nil && *setup.UsingSSL,
		ServerCertificateName: setup.ServerCertificateName, PortNumber: setup.PortNumber}
	var err error
	if detection.Setup.UsingSSL {
		detection.Ports, err = ports.ForHTTPS(setup.PortNumber)
	} else {
		detection.Ports, err = ports.ForHTTP(setup.PortNumber)
	}
	if err != nil {
		return Detection{}, fmt.Errorf("PortNumber: %w", err)
	}
	return detection, nil
}
