package clientagent

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Site is the agent's way to the site that it is assigned to: HTTP, or in process.
type Site interface {
	// Register makes the client known and returns the token that seals what it sends later. An id that is already known needs
	// its token or its secret, else ErrNotAuthorized.
	Register(ctx context.Context, r Registration) (token string, err error)
	// Policy returns ErrNotModified when the policy still has that ETag; an empty one always gets it.
	Policy(ctx context.Context, token, etag string) (Policy, error)
	// Report hands over state messages; Receipt.Resync asks for all current ones again.
	Report(ctx context.Context, token string, r compliance.Report) (compliance.Receipt, error)
}

// Registration is how a client introduces itself.
type Registration struct {
	ClientID string `json:"clientId"`
	Name     string `json:"name"`
	// Token from an earlier registration; empty the first time.
	Token string `json:"token,omitempty"`
	// Secret is drawn by the client together with its id and kept before it is sent. A client that never got the answer to its first
	// registration proves by it that the id is its own. From 32 to 128 characters, or empty.
	Secret string `json:"secret,omitempty"`
}

// Policy is all that the site tells a client.
type Policy struct {
	SiteCode string `json:"siteCode"`
	// ETag identifies the content, the version apart: the agent polls with it and gets ErrNotModified for the same. It is never empty.
	ETag string `json:"etag"`
	// Version counts the changes of the site's policy up to this one; 0 when the site does not count.
	Version int64 `json:"version,omitempty"`
	// Settings.Enabled false makes the components dormant.
	Settings Settings `json:"settings"`
	// Locations are the WSUS servers to scan (WSUSLocationReply). Empty: none holds the content version.
	Locations []Location `json:"locations"`
	// SwitchPoint changes when the client shall take the next software update point with its next scan cycle.
	SwitchPoint int64 `json:"switchPoint,omitempty"`
	// UpdateSource names what to scan (UpdateSource policy).
	UpdateSource string `json:"updateSource"`
	// ContentVersion of the catalogue; the state messages of a scan carry it.
	ContentVersion int64 `json:"contentVersion"`
	// Deployments that target this client. Empty while disabled.
	Deployments []Deployment `json:"deployments"`
	// MaxRunTimes are the maximum run times of deployed updates, where they are not DefaultMaxRunTime.
	MaxRunTimes map[uuid.UUID]time.Duration `json:"maxRunTimes,omitempty"`
	// ServiceWindows are the maintenance windows of all collections that the client is in.
	ServiceWindows ServiceWindows `json:"serviceWindows,omitempty"`
}

// Machine is what an agent runs on: its facts and what can change them.
type Machine interface {
	applicability.Facts
	Installer
	// Name is the DNS name.
	Name() string
}

// Installer changes the machine. The agent calls it one job at a time.
type Installer interface {
	// Install puts one update in place. The content is verified and open for reading. An error that is an *InstallError carries
	// the product's error code; the agent scans afterwards in any case and believes only the scan. ctx ends when the maximum run time of
	// the update is over: Install returns then, without killing what it has started.
	Install(ctx context.Context, job Job) (InstallResult, error)
}

// Job is one leaf update to install. Extended.Installer says how: by a command, an MSI or MSP package, a servicing package. Extended.Files
// are its payloads.
type Job struct {
	Core     *metadata.Core
	Extended *metadata.Extended
	Title    string
	// Open opens a payload by its file name. It can be read until Install returns.
	Open func(ctx context.Context, name string) (Payload, error)
}

// Payload is a verified file.
type Payload interface {
	Read(p []byte) (int, error)
	Close() error
	Size() int64
}

// InstallResult says what an installation asks for.
type InstallResult struct {
	// RestartRequired says that the update is in place only after a restart; until then its rules need not find it.
	RestartRequired bool
}
