package updatepoint

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"github.com/seed599db172/softwareupdates/wsus"
)

// localVersion is the WSUS version that our server stands for. It counts as new enough, and is told nowhere else.
const localVersion = "10.0"

// LocalServer is a Host: our own WSUS server in this program.
type LocalServer struct{ server *wsus.Server }

// Local makes a WSUS of a server in this program. Its catalogue is filled by wsus.Server.Import: synchronizing has nothing to fetch
// from upstream, which is not built yet, and takes over what has been imported.
func Local(server *wsus.Server) *LocalServer { return &LocalServer{server} }

// Detect finds it installed, and not a replica. Its ports are those that Configure sets.
func (l *LocalServer) Detect(context.Context) (Detection, error) {
	setup := l.server.Setup()
	return Detection{Installed: true, Version: localVersion, Setup: &setup}, nil
}

// Configure informs the server's health monitoring component, as WSUSUtil configuressl does.
func (l *LocalServer) Configure(ctx context.Context, c Configuration) error {
	return l.server.SetChannel(ctx, wsus.Channel(c))
}

// Synchronize answers the state of the server: its identity, its catalogue and its approvals, since declining hides updates.
func (l *LocalServer) Synchronize(ctx context.Context) (Content, error) {
	return Content{Version: l.server.Version()}, ctx.Err()
}

// Updates yields what can be deployed, expired updates too. Declined updates are not there for the site.
func (l *LocalServer) Updates(ctx context.Context) iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		for u, err := range l.server.Updates(ctx, wsus.Query{IncludeExpired: true}) {
			if err != nil {
				yield(Update{}, fmt.Errorf("updates of the local server: %w", err))
				return
			}
			if !yield(siteUpdate(u), nil) {
				return
			}
		}
	}
}

// MonitorHealth runs the server's health monitoring component.
func (l *LocalServer) MonitorHealth(ctx context.Context, client *http.Client) {
	l.server.MonitorHealth(ctx, client)
}

// Health is what that found last.
func (l *LocalServer) Health() []wsus.HealthEvent { return l.server.Health() }

// ServeHTTP serves the nine virtual roots.
func (l *LocalServer) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.server.ServeHTTP(w, r) }

func siteUpdate(u wsus.Update) Update {
	return Update{
		ID: u.ID, Revision: u.Revision, Title: u.Title, KB: u.KBArticleID, Severity: u.MsrcSeverity,
		Classification: u.ClassificationTitle, Expired: u.Expired, Superseded: u.Superseded,
	}
}
