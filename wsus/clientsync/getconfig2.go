package clientsync

import (
	"context"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// ClientConfiguration describes a client to GetConfig2, an operation of Microsoft's newer contract. A WSUS server answers it as
// GetConfig.
type ClientConfiguration struct {
	ProcessorArchitecture   string // Unknown when empty; X86Compatible, IA64Compatible, Amd64Compatible, ArmCompatible
	AlwaysOnAlwaysConnected bool
	ClientVersion           ClientVersion
	OSVersion               ClientVersion
	ProtocolVersion         string
}

// ClientVersion is a version within a ClientConfiguration.
type ClientVersion struct {
	Major, Minor, Build                int
	ServicePackMajor, ServicePackMinor int
}

// GetConfig2 asks for the server's configuration and tells more of the client. Agents do not call it on a WSUS server.
func (c *Client) GetConfig2(ctx context.Context, configuration ClientConfiguration) (ConfigResult, error) {
	var config ConfigResult
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "GetConfig2"},
		func(w *soap.Writer) {
			w.Element("clientConfiguration", func() { writeClientConfiguration(w, configuration) })
		},
		func(s *soap.Scanner) {
			for s.Child() {
				config = readConfig(s)
			}
		})
	return config, err
}

func writeClientConfiguration(w *soap.Writer, c ClientConfiguration) {
	if c.ProcessorArchitecture == "" {
		c.ProcessorArchitecture = unknownArchitecture
	}
	w.String("ProcessorArchitecture", c.ProcessorArchitecture)
	w.Bool("AlwaysOnAlwaysConnected", c.AlwaysOnAlwaysConnected)
	w.Element("ClientVersion", func() { writeClientVersion(w, c.ClientVersion) })
	w.Element("OSVersion", func() { writeClientVersion(w, c.OSVersion) })
	w.String("ProtocolVersion", c.ProtocolVersion)
}

func writeClientVersion(w *soap.Writer, v ClientVersion) {
	w.Int("MajorVersion", int64(v.Major))
	w.Int("MinorVersion", int64(v.Minor))
	w.Int("BuildNumber", int64(v.Build))
	w.Int("ServicePackMajorNumber", int64(v.ServicePackMajor))
	w.Int("ServicePackMinorNumber", int64(v.ServicePackMinor))
}

// readClientConfiguration checks the one part that matters to a server, the protocol version.
func readClientConfiguration(s *soap.Scanner, limits Limits) error {
	for s.Child() {
		if string(s.Name()) != "ProtocolVersion" {
			s.Skip()
			continue
		}
		if _, err := ParseVersion(s.StringUpTo(limits.Text)); err != nil && s.Err() == nil {
			return invalid("clientConfiguration.ProtocolVersion")
		}
	}
	return nil
}
