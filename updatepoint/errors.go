package updatepoint

import (
	"errors"
	"fmt"
)

// Errors that callers branch on.
var (
	// ErrNotFound answers for a record that a Store does not hold, and for a deployment or collection that the site does not
	// have.
	ErrNotFound = errors.New("not found")
	// ErrNoSoftwareUpdatePoint answers deployments, compliance views, client policy and the console before a software update
	// point is installed and configured, and again after it has been removed.
	ErrNoSoftwareUpdatePoint = errors.New("site has no software update point: add the role to a site system with WSUS first")
	// ErrNotConnected answers what needs WSUS after a restart of the program, until AddSoftwareUpdatePoint has been called again
	// for the same server: a connection cannot be kept in a store.
	ErrNotConnected = errors.New("software update point has no connection to WSUS: add the role again for the same server")
	// ErrChannelNotReady is inside every *ChannelError.
	ErrChannelNotReady = errors.New("WSUS server not configured")
	// ErrSiteMismatch answers NewSite when the store belongs to a site with another code.
	ErrSiteMismatch = errors.New("store belongs to another site")
)

// Reasons why AddSoftwareUpdatePoint refuses the role. It returns all that apply at once, in a *multierror.Error.
var (
	// ErrNoWSUS is a server without WSUS.
	ErrNoWSUS = errors.New("no WSUS on the server")
	// ErrWSUSTooOld is a WSUS older than MinimumWSUSVersion; the text names the version found.
	ErrWSUSTooOld = errors.New("WSUS is too old")
	// ErrReplica is a WSUS server that is configured as a replica, while Settings.AllowReplica is false.
	ErrReplica = errors.New("WSUS server is a replica")
	// ErrPortsMissing is a Settings without ports: there is no default.
	ErrPortsMissing = errors.New("port settings are missing: give the HTTP and HTTPS port of the WSUS web site")
	// ErrPortsMismatch is ports that differ from those of the WSUS web site.
	ErrPortsMismatch = errors.New("port settings differ from the WSUS web site")
	// ErrSSLRequired is a site in native mode whose software update point has no SSL settings. SSL settings without certificate
	// source are ssl.ErrNoCertificate.
	ErrSSLRequired = errors.New("native mode needs SSL: give the software update point SSL settings with a certificate source")
	// ErrServerName is a server name that is not a host name.
	ErrServerName = errors.New("server is not a host name")
	// ErrSecondPoint is a second software update point. A site may have several in the product; here that is not built yet.
	ErrSecondPoint = errors.New("second software update point: more than one in a site is not built yet")
	// ErrConnectionType is a client connection type other than Intranet, which are not built yet.
	ErrConnectionType = errors.New("client connection type is not built yet")
)

// Reasons why Deploy, PutCollection and PutCustomSettings refuse.
var (
	// ErrTooManyDeployments is a deployment beyond MaxDeployments.
	ErrTooManyDeployments = fmt.Errorf("a site has at most %d deployments", MaxDeployments)
	// ErrTooManyUpdates is a deployment of more than MaxDeploymentUpdates updates.
	ErrTooManyUpdates = fmt.Errorf("a deployment holds at most %d updates", MaxDeploymentUpdates)
	// ErrUnknownUpdate is an update that the site has not synchronized.
	ErrUnknownUpdate = errors.New("unknown update")
	// ErrExpiredUpdate is an expired update: it cannot enter a new deployment.
	ErrExpiredUpdate = errors.New("expired update")
	// ErrTypeImmutable is a required deployment made optional or the other way round.
	ErrTypeImmutable = errors.New("the type of a deployment cannot be changed after creation")
	// ErrUnknownCollection is a collection that the site does not have.
	ErrUnknownCollection = errors.New("unknown collection")
	// ErrCollectionInUse is the removal of a collection that a deployment or custom client settings target.
	ErrCollectionInUse = errors.New("collection is the target of a deployment or of custom client settings")
)

// Errors of what a client sends, beside those of clientagent.
var (
	// ErrBadRequest is a request that is malformed or too large; nothing of it has been taken over.
	ErrBadRequest = errors.New("bad request")
	// ErrTooManyClients answers a registration when the site has Config.MaxClients clients.
	ErrTooManyClients = errors.New("site has reached its limit of clients")
)

// ChannelError says why a synchronization is refused: the software update point is not in the state WSUS_CONFIG_SUCCESS.
// It unwraps to ErrChannelNotReady.
type ChannelError struct {
	State  ConfigurationState
	Reason string
}

// Error is in the product's words: WSUS server not configured.
func (e *ChannelError) Error() string {
	text := fmt.Sprintf("%v: configuration state is %v", ErrChannelNotReady, e.State)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// Unwrap returns ErrChannelNotReady.
func (e *ChannelError) Unwrap() error { return ErrChannelNotReady }
