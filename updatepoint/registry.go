package updatepoint

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/wsus"
)

// Limits of a registry export.
const (
	// MaxExportBytes is the largest export that is read.
	MaxExportBytes = 4 << 20
	// MaxExportValues is how many values an export may have.
	MaxExportValues = 20_000
)

// setupKey is where WSUS keeps its set-up state, below HKEY_LOCAL_MACHINE.
const setupKey = `SOFTWARE\Microsoft\Update Services\Server\Setup`

// RegistryExport is a Detector over what regedit exported on a server.
type RegistryExport struct{ detection Detection }

// Detect answers what the export says.
func (e RegistryExport) Detect(ctx context.Context) (Detection, error) { return e.detection, ctx.Err() }

// DetectRegistryExport reads an export of HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Update Services (regedit, format 5.00 or REGEDIT4,
// UTF-16 with byte order mark or UTF-8). WSUS is installed when the key Server\Setup has a VersionString; PortNumber and UsingSSL
// give the ports by the pairing rule, and with ServerCertificateName what configuressl last wrote. Whether the server is a replica is kept in its database, not in the registry: Replica is
// always false. An export without the key is a server without WSUS; one that is no export, or over the limits, is an error with its
// line.
func DetectRegistryExport(r io.Reader) (RegistryExport, error) {
	text, err := readExport(r)
	if err != nil {
		return RegistryExport{}, fmt.Errorf("read registry export: %w", err)
	}
	setup, err := parseExport(text)
	if err != nil {
		return RegistryExport{}, fmt.Errorf("read registry export: %w", err)
	}
	detection, err := setup.detection()
	if err != nil {
		return RegistryExport{}, fmt.Errorf("read registry export: %w", err)
	}
	return RegistryExport{detection}, nil
}

// readExport returns the text of an export in UTF-8.
func readExport(r io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxExportBytes+1))
	switch {
	case err != nil:
		return "", err
	case len(data) > MaxExportBytes:
		return "", fmt.Errorf("it has more than %d bytes", MaxExportBytes)
	}
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
		if !utf8.Valid(data) {
			return "", errors.New("it is neither UTF-16 with byte order mark nor UTF-8")
		}
		return string(data), nil
	}
	if len(data)%2 != 0 {
		return "", errors.New("it ends in the middle of a UTF-16 character")
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return string(utf16.Decode(units)), nil
}

// setupValues are the values of the Setup key by lower-case name.
type setupValues map[string]string

// parseExport reads the lines of an export and keeps the values of the Setup key.
func parseExport(text string) (setupValues, error) {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, MaxExportBytes)
	values := setupValues{}
	inSetup, headed, count := false, false, 0
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case !headed:
			if line != "Windows Registry Editor Version 5.00" && line != "REGEDIT4" {
				return nil, fmt.Errorf("line %d: not a registry export", n)
			}
			headed = true
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			key := line[1 : len(line)-1]
			_, below, _ := strings.Cut(key, `\`)
			inSetup = strings.EqualFold(below, setupKey)
		case strings.HasPrefix(line, `"`):
			if count++; count > MaxExportValues {
				return nil, fmt.Errorf("line %d: more than %d values", n, MaxExportValues)
			}
			if !inSetup {
				continue
			}
			if err := values.add(line); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if !headed {
		return nil, errors.New("it is empty")
	}
	return values, nil
}

// add takes "Name"="text" or "Name"=dword:0000001f.
func (v setupValues) add(line string) error {
	name, rest, ok := strings.Cut(line[1:], `"=`)
	if !ok {
		return errors.New("a value without data")
	}
	name = strings.ToLower(name)
	switch name {
	case "versionstring", "portnumber", "usingssl", "servercertificatename":
	default:
		return nil // among them the server's keys
	}
	if number, ok := strings.CutPrefix(rest, "dword:"); ok {
		n, err := strconv.ParseUint(number, 16, 32)
		if err != nil {
			return fmt.Errorf("%s: %.20q is not a number", name, number)
		}
		v[name] = strconv.FormatUint(n, 10)
		return nil
	}
	if len(rest) < 2 || rest[0] != '"' || rest[len(rest)-1] != '"' {
		return fmt.Errorf("%s: %.20q is neither text nor a number", name, rest)
	}
	v[name] = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(rest[1 : len(rest)-1])
	return nil
}

func (v setupValues) detection() (Detection, error) {
	found := v["versionstring"]
	if found == "" {
		return Detection{}, nil
	}
	if _, err := parseVersion(found); err != nil {
		return Detection{}, fmt.Errorf("VersionString: %w", err)
	}
	detection := Detection{Installed: true, Version: found}
	if v["portnumber"] == "" {
		return detection, nil
	}
	port, err := strconv.Atoi(v["portnumber"])
	if err != nil {
		return Detection{}, fmt.Errorf("PortNumber: %.20q is not a number", v["portnumber"])
	}
	detection.Setup = &wsus.Setup{
		UsingSSL: v["usingssl"] == "1", ServerCertificateName: v["servercertificatename"], PortNumber: port}
	if detection.Setup.UsingSSL {
		detection.Ports, err = ports.ForHTTPS(port)
	} else {
		detection.Ports, err = ports.ForHTTP(port)
	}
	if err != nil {
		return Detection{}, fmt.Errorf("PortNumber: %w", err)
	}
	return detection, nil
}
