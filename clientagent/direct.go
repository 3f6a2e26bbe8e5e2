package clientagent

import (
	"context"
	"strings"

	"github.com/seed599db172/softwareupdates/compliance"
)

// DirectSite stands in for a site where there is none: its policy names one WSUS server and no deployments. State messages
// are taken over and dropped.
type DirectSite struct {
	serverURL string
}

// Direct lets an agent scan any WSUS server, such as https://wsus01.lab.example:8531, without a site.
func Direct(serverURL string) *DirectSite {
	return &DirectSite{serverURL: strings.TrimRight(serverURL, "/")}
}

// Register implements Site; every client is welcome.
func (d *DirectSite) Register(context.Context, Registration) (string, error) { return "direct", nil }

// Policy implements Site.
func (d *DirectSite) Policy(_ context.Context, _, etag string) (Policy, error) {
	if etag == d.serverURL {
		return Policy{}, ErrNotModified
	}
	return Policy{ETag: d.serverURL, Settings: DefaultSettings(), UpdateSource: d.serverURL,
		Locations: []Location{{WSUSURL: d.serverURL}}}, nil
}

// Report implements Site.
func (d *DirectSite) Report(_ context.Context, _ string, r compliance.Report) (compliance.Receipt, error) {
	if len(r.Messages) == 0 {
		return compliance.Receipt{}, nil
	}
	return compliance.Receipt{Serial: r.Messages[len(r.Messages)-1].Serial}, nil
}
