package clientsync

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// plugInID is the only authorization plug-in that there is (MS-WUSP §2.2.2.2.1).
const plugInID = "SimpleTargeting"

// Names of the properties of a configuration (MS-WUSP §2.2.2.2.1). Current agents give up without any of the first four.
const (
	MaxExtendedUpdatesPerRequest = "MaxExtendedUpdatesPerRequest"
	ProtocolVersion              = "ProtocolVersion"
	IsInventoryRequired          = "IsInventoryRequired"
	ClientReportingLevel         = "ClientReportingLevel"
)

// DefaultMaxExtendedUpdates is MaxExtendedUpdatesPerRequest of real servers.
const DefaultMaxExtendedUpdates = 50

// serverProtocolVersion is that of WSUS 3.0 SP2 and everything since (MS-WUSP §2.2.2.2.1).
const serverProtocolVersion = "3.2"

// maxConfigItems bounds the lists of a configuration that a client reads.
const maxConfigItems = 1000

// Property finds the value of a property.
func (c ConfigResult) Property(name string) (value string, ok bool) {
	for _, p := range c.Properties {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// maxExtendedUpdates is what GetConfig tells and GetExtendedUpdateInfo holds clients to.
func (c Config) maxExtendedUpdates() int {
	return cmp.Or(max(c.MaxExtendedUpdates, 0), DefaultMaxExtendedUpdates)
}

// getConfig serves GetConfig and GetConfig2, which describes the client in more detail and is answered alike.
func getConfig(x *exchange) error {
	for x.in.Child() {
		switch string(x.in.Name()) {
		case "protocolVersion":
			if _, err := ParseVersion(x.in.StringUpTo(x.limits.Text)); err != nil && x.in.Err() == nil {
				return invalid("protocolVersion")
			}
		case "clientConfiguration":
			if err := readClientConfiguration(x.in, x.limits); err != nil {
				return err
			}
		default:
			x.in.Skip()
		}
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	x.answer(func(w *soap.Writer) {
		writeConfig(w, x.operation.request.Name+"Result", ConfigResult{
			LastChange: x.config.LastChange, IsRegistrationRequired: true,
			PlugInID: plugInID, ServiceURL: simpleAuthRelativePath,
			Properties: []Property{
				{MaxExtendedUpdatesPerRequest, strconv.Itoa(x.config.maxExtendedUpdates())},
				{ProtocolVersion, serverProtocolVersion},
				{IsInventoryRequired, "0"},
				{ClientReportingLevel, "2"}, // all events
			},
		})
	})
	return nil
}

// GetConfig asks for the server's configuration, the first call of all (MS-WUSP §2.2.2.2.1). protocolVersion is the client's.
func (c *Client) GetConfig(ctx context.Context, protocolVersion string) (ConfigResult, error) {
	var config ConfigResult
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "GetConfig"},
		func(w *soap.Writer) { w.String("protocolVersion", protocolVersion) },
		func(s *soap.Scanner) {
			for s.Child() {
				config = readConfig(s)
			}
		})
	return config, err
}

// maxExtendedPerRequest is the limit that the configuration sets for GetExtendedUpdateInfo.
func (c ConfigResult) maxExtendedPerRequest() (int, error) {
	value, ok := c.Property(MaxExtendedUpdatesPerRequest)
	if !ok {
		return DefaultMaxExtendedUpdates, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("the server's %s %.20q is no positive number", MaxExtendedUpdatesPerRequest, value)
	}
	return n, nil
}
