package wsus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/ssl"
)

// ErrNoClientCertificates answers ServeServers when the settings do not say whose certificates to ask for.
var ErrNoClientCertificates = errors.New("Settings.ClientCertificates and a certificate source are needed")

// ServeServers serves downstream servers and consoles on a listener of their own until ctx ends, as Serve does agents: every caller must
// show a certificate as Settings.ClientCertificates say, and only the three roots of [ssl.Root.Certified] are there. Downstream
// servers fetch files and send reports on the ports of agents. It owns the listener.
func ServeServers(ctx context.Context, handler http.Handler, l net.Listener, settings ssl.Settings, log *slog.Logger) error {
	config := settings.ServersTLSConfig()
	if err := errors.Join(settings.Validate(), missing(config)); err != nil {
		return errors.Join(fmt.Errorf("serve servers: %w", err), l.Close())
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	group, ctx := errgroup.WithContext(ctx)
	serveOn(ctx, group, certifiedOnly(handler), tls.NewListener(stallListener{l}, config), log.With("listener", "servers"))
	return group.Wait()
}

func missing(config *tls.Config) error {
	if config == nil {
		return ErrNoClientCertificates
	}
	return nil
}

// certifiedOnly hides all other roots. What cannot be a path of a root is left to the handler, which refuses it.
func certifiedOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if root, _, ok, err := ssl.FindRoot(r.URL); err == nil && !(ok && root.Certified()) {
			http.Error(w, "404 Not Found: this port is for downstream servers and consoles; agents use the ports of the web site",
				http.StatusNotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// withoutCertificate is what the ports of agents serve when client certificates are set: the three roots answer a look, by which
// health checks and audits see that they are there, and refuse every call.
func withoutCertificate(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		root, _, ok, err := ssl.FindRoot(r.URL)
		look := r.Method == http.MethodGet || r.Method == http.MethodHead
		if err != nil || !ok || !root.Certified() || look {
			next.ServeHTTP(w, r)
			return
		}
		log.LogAttrs(r.Context(), slog.LevelWarn, "call without client certificate refused", attrs(r, "403.7: "+root.Name)...)
		w.Header().Set("Connection", "close")
		http.Error(w, "403 Forbidden: calls to the virtual root "+root.Name+" need a client certificate; they are answered on the port for "+
			"downstream servers and consoles", http.StatusForbidden)
	})
}
