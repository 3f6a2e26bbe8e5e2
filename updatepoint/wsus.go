package updatepoint

import (
	"context"
	"iter"
	"net/http"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// MinimumWSUSVersion is the oldest WSUS that can be a software update point.
const MinimumWSUSVersion = "3.0"

// WSUS is what a software update point asks of the WSUS server that it owns. Local makes one of a server in this program.
type WSUS interface {
	Detector
	// Configure applies the channel, as WSUS Configuration Manager does every hour and on every change. It is idempotent.
	Configure(ctx context.Context, c Configuration) error
	// Synchronize makes the server synchronize with its source and returns when that has ended.
	Synchronize(ctx context.Context) (Content, error)
	// Updates yields what can be deployed, each update once, in its newest revision. The sequence ends after an error.
	Updates(ctx context.Context) iter.Seq2[Update, error]
}

// Detector finds out whether WSUS is installed on a server.
type Detector interface {
	// Detect answers a Detection with Installed false when there is no WSUS; an error means that nobody could tell.
	Detect(ctx context.Context) (Detection, error)
}

// Host is a WSUS that runs in this program: Site.Run opens its listeners and serves it. A WSUS elsewhere has listeners already.
type Host interface {
	WSUS
	http.Handler
}

// Detection is what a detector found.
type Detection struct {
	Installed bool
	// Version has two to four numbers, such as 3.2.7600.226 or 10.0.17763.1.
	Version string
	// Replica says that the server is configured as a replica of an upstream server.
	Replica bool
	// Ports are those of the WSUS web site; zero when the detector cannot know them.
	Ports ports.Pair
	// Setup is what WSUSUtil configuressl last wrote; nil when the detector cannot know it. While it differs from the settings, the
	// software update point stays in the state WSUS_CONFIG_PENDING.
	Setup *wsus.Setup
}

// Configuration is what WSUS Configuration Manager applies to a WSUS server.
type Configuration struct {
	// Name is the one in the certificate and in the URLs that clients get.
	Name  string
	Ports ports.Pair
	SSL   ssl.Settings
}

// Content is the state of a WSUS catalogue.
type Content struct {
	// Version names the state of the server, and is another one whenever Updates would answer otherwise, also because it is another
	// server. It is compared for equality only.
	Version string
}

// Update is a software update as the site keeps it: what is shown, deployed and counted.
type Update struct {
	ID             uuid.UUID `json:"id"`
	Revision       int32     `json:"revision"`
	Title          string    `json:"title"`
	KB             string    `json:"kb,omitempty"`
	Severity       string    `json:"severity,omitempty"`
	Classification string    `json:"classification,omitempty"`
	// Expired updates cannot enter new deployments.
	Expired bool `json:"expired,omitempty"`
	// Superseded updates have a newer one; they can still be deployed.
	Superseded bool `json:"superseded,omitempty"`
	// Since is the content version of the site at which the update came in. A scan of an older version says nothing about it.
	// The site sets it; what a WSUS answers is not used.
	Since int64 `json:"since"`
}
